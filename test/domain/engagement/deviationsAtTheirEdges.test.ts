// Where does a deviation begin: equal orders, credits and refunds, values that differ, and in which order are they told?
import { describe, expect, it } from 'vitest';
import { deviationsOf } from '../../../domain/engagement/deviations.ts';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { inFoldOrder } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { contextOf } from '../../support/contexts.ts';
import { recorded, type Said } from '../../support/histories/events.ts';

const kinds = (...events: readonly RecordedEvent[]) =>
  deviationsOf(foldEngagement([...events].sort(inFoldOrder)), contextOf()).map(({ kind, about }) => `${kind} ${about}`);
const org = (id: string) => ({ system: 'crm', kind: 'account', id });
const leg = (buyer: string, amountMinor: number, currency = 'USD', component = 'licence') => ({
  ...{ seq: 1, component, seller: org('V'), buyer: org(buyer) },
  amount: { amountMinor, currency },
});
const placed = (
  orderId: string,
  claimedBy: 'crm' | 'distributor',
  said: Partial<Said<'OrderPlaced'>>,
  currency?: string,
) =>
  recorded(
    'OrderPlaced',
    { claimedBy, orderId, ...said },
    { at: '2026-02-01', ...(currency !== undefined && { currency }) },
  );
const total = (amount: string, currency?: string) => ({
  total: { amount, ...(currency !== undefined && { currency }) },
});

describe('orders that might be one', () => {
  const alike = (one: RecordedEvent, other: RecordedEvent) =>
    kinds(one, other).filter((each) => /^possibly/.test(each));

  it('have equal amounts in one currency, which may be the connection’s', () => {
    const crm = placed('C', 'crm', total('100', 'USD'));
    expect(alike(crm, placed('D', 'distributor', total('100.00'), 'USD'))).toEqual(['possiblySameOrder C, D']);
    expect(alike(crm, placed('D', 'distributor', total('100', 'EUR')))).toEqual([]);
    expect(alike(crm, placed('D', 'distributor', total('100')))).toEqual([]);
    expect(alike(crm, placed('D', 'distributor', total('100.01', 'USD')))).toEqual([]);
  });

  it('are not told where nothing is known of an amount, or nothing is to be paid', () => {
    expect(alike(placed('C', 'crm', {}), placed('D', 'distributor', {}))).toEqual([]);
    expect(alike(placed('C', 'crm', total('0', 'USD')), placed('D', 'distributor', total('0', 'USD')))).toEqual([]);
    const cent = total('0.01', 'USD');
    expect(alike(placed('C', 'crm', cent), placed('D', 'distributor', cent))).toHaveLength(1);
    expect(alike(placed('C', 'crm', total('100')), placed('D', 'distributor', total('100')))).toEqual([]);
  });

  it('are summed over the legs to the customer, in one currency', () => {
    const crm = placed('C', 'crm', total('100', 'USD'));
    const legs = (second: string) => ({ legs: [leg('K', 6_000), leg('K', 4_000, second, 'support')] });
    expect(alike(crm, placed('D', 'distributor', legs('USD')))).toHaveLength(1);
    expect(alike(crm, placed('D', 'distributor', legs('EUR')))).toEqual([]);
  });

  it('are no more alike once one of them is cancelled', () => {
    const cancelled = recorded('OrderCancelled', { orderId: 'C', reason: 'code:no' }, { at: '2026-02-02' });
    const both = [placed('C', 'crm', total('100', 'USD')), placed('D', 'distributor', total('100', 'USD'))];
    expect(kinds(...both)).toEqual(['possiblySameOrder C, D']);
    expect(kinds(...both, cancelled)).toEqual([]);
  });
});

describe('credits', () => {
  const entry = (entryId: string, kind: Said<'LedgerEntryRecorded'>['kind'], amountMinor: number, corrects?: string) =>
    recorded(
      'LedgerEntryRecorded',
      {
        ...{ entryId, kind, direction: 'revenue', amount: { amountMinor, currency: 'USD' } },
        ...(corrects !== undefined && { correctsEntryId: corrects }),
      },
      { at: `2026-02-0${entryId}` },
    );

  it('and refunds together may take back a charge, and no cent more', () => {
    expect(kinds(entry('1', 'charge', 100), entry('2', 'credit', 60, '1'), entry('3', 'refund', 40, '1'))).toEqual([]);
    expect(kinds(entry('1', 'charge', 100), entry('2', 'credit', 60, '1'), entry('3', 'refund', 41, '1'))).toEqual([
      'creditAboveCharge 1',
    ]);
  });

  it('of another entry, or of none that is known, are no breach', () => {
    expect(kinds(entry('1', 'charge', 100), entry('2', 'credit', 900))).toEqual([]);
    expect(kinds(entry('1', 'charge', 100), entry('2', 'credit', 900, '9'))).toEqual([]);
    expect(kinds(entry('1', 'charge', 100), entry('2', 'charge', 900, '1'))).toEqual([]);
  });
});

it('an outcome that was agreed is measured without a breach, beside one that was not', () => {
  const agreed = recorded('OutcomeAgreed', { outcomeId: 'a' }, { at: '2026-01-01' });
  const measured = (outcomeId: string) => recorded('OutcomeMeasured', { outcomeId, value: 1 }, { at: '2026-02-01' });
  expect(kinds(agreed, measured('a'))).toEqual([]);
  expect(kinds(agreed, measured('a'), measured('b'))).toEqual(['outcomeMeasuredNotAgreed b']);
});

it('a deal that reopened is closed anew, and its first closing is no second one', () => {
  const value = { amount: '100', currency: 'EUR' };
  const won = (at: string) => recorded('DealClosed', { result: 'won', value }, { at });
  const reopened = recorded('DealReopened', {}, { at: '2026-02-10' });
  expect(kinds(won('2026-02-01'), reopened, won('2026-03-01'))).toEqual([]);
  expect(kinds(won('2026-02-01'), won('2026-03-01'))).toEqual(['dealClosedTwice cycle 1']);
});

it('a partner names another value than the one that counts', () => {
  const opened = recorded(
    'EngagementOpened',
    { expectedValue: { amount: '100', currency: 'EUR' } },
    { at: '2026-01-01' },
  );
  const claimed = (amount: string | null) =>
    recorded(
      'DealRevised',
      { value: amount === null ? null : { amount, currency: 'EUR' } },
      { at: '2026-02-01', saidBy: { role: 'partner', partyId: 'p' } },
    );
  const differing = (event: RecordedEvent) => kinds(opened, event).filter((each) => /^valueClaims/.test(each));
  expect(differing(claimed('100'))).toEqual([]);
  expect(differing(claimed('90'))).toEqual(['valueClaimsDiffer 90']);
  expect(differing(claimed(null))).toEqual(['valueClaimsDiffer cleared']);
});

it('deviations are told by kind, and of one kind by what they are about', () => {
  const fulfilled = (orderId: string) => recorded('OrderFulfilled', { orderId }, { at: '2026-02-01' });
  const measured = recorded('OutcomeMeasured', { outcomeId: 'a', value: 1 }, { at: '2026-01-01' });
  expect(kinds(measured, ...['c', 'a', 'b'].map(fulfilled))).toEqual([
    ...['orderFulfilledUnknown a', 'orderFulfilledUnknown b', 'orderFulfilledUnknown c'],
    'outcomeMeasuredNotAgreed a',
  ]);
});

it('an order that is placed anew in the place of another names both', () => {
  const first = placed('C', 'crm', total('100', 'USD'));
  const anew = recorded(
    'OrderPlaced',
    { claimedBy: 'crm', orderId: 'C', ...total('90', 'USD') },
    { at: '2026-02-02', supersedes: first.eventId },
  );
  expect(kinds(anew)).toContain('orderSuperseded C');
});
