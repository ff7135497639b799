// Does each breach of the lifecycle show as a deviation, and a conforming engagement show none?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DeviationKind, deviationsOf } from '../../../domain/engagement/deviations.ts';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { historyOf, inFoldOrder, standing } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { contextOf } from '../../support/contexts.ts';
import { instant, recorded } from '../../support/histories/events.ts';
import { deliver, deliveriesOf, someFacts } from '../../support/histories/histories.ts';

const deviations = (...events: readonly RecordedEvent[]) =>
  deviationsOf(foldEngagement([...events].sort(inFoldOrder)), contextOf());
const shows = (kind: DeviationKind, about: string, ...events: readonly RecordedEvent[]) => ({
  kind,
  about,
  eventIds: events.map(({ eventId }) => eventId),
});
const org = (id: string) => ({ system: 'crm', kind: 'account', id });
const leg = (seq: number, seller: string, buyer: string, amountMinor: number) => ({
  seq,
  component: 'licence',
  seller: org(seller),
  buyer: org(buyer),
  amount: { amountMinor, currency: 'USD' },
});
const opened = recorded('EngagementOpened', {}, { at: '2026-01-01' });
const value = { amount: '100', currency: 'EUR' };
const won = recorded('DealClosed', { result: 'won', value }, { at: '2026-02-01' });

describe('a conforming engagement', () => {
  it('has no deviations', () => {
    const pair = { handoffId: 'h', fromStage: 'sell' as const, toStage: 'deliver' as const };
    expect(
      deviations(
        opened,
        won,
        recorded('OutcomeAgreed', { outcomeId: 'o' }, { at: '2026-01-02' }),
        recorded('OrderPlaced', { claimedBy: 'crm', orderId: 'O', legs: [leg(1, 'V', 'C', 5)] }, { at: '2026-02-01' }),
        recorded('OrderFulfilled', { orderId: 'O' }, { at: '2026-02-02' }),
        recorded('HandoffOffered', pair, { at: '2026-02-03' }),
        recorded('HandoffAccepted', pair, { at: '2026-02-04' }),
        recorded('OutcomeMeasured', { outcomeId: 'o', value: 1 }, { at: '2026-03-01' }),
      ),
    ).toEqual([]);
  });
});

describe('a deviation shows that', () => {
  it('a claimed time was not believable', () => {
    const event = { ...opened, claimedAt: '1970-01-01T00:00:00Z' };
    expect(deviations(event)).toEqual([shows('claimedTimeNotBelievable', '1970-01-01T00:00:00Z', event)]);
  });

  it('an engagement was opened twice', () => {
    const again = recorded('EngagementOpened', { segment: 'smb' }, { at: '2026-01-05' });
    expect(deviations(again, opened)).toEqual([shows('twoOpenings', 'e1', opened, again)]);
  });

  it('a deal was closed twice in a cycle', () => {
    const again = recorded('DealClosed', { result: 'lost' }, { at: '2026-02-03' });
    expect(deviations(opened, won, again)).toEqual([shows('dealClosedTwice', 'cycle 1', won, again)]);
  });

  it('a deal was won without any value', () => {
    const worthless = recorded('DealClosed', { result: 'won' }, { at: '2026-02-01' });
    expect(deviations(opened, worthless)).toEqual([shows('wonWithoutValue', 'value', worthless)]);
  });

  it("a value's currency is unknown", () => {
    const unknown = recorded('DealRevised', { value: { amount: '7' } }, { at: '2026-02-01' });
    expect(deviations(opened, unknown)).toEqual([shows('valueCurrencyUnknown', '7', unknown)]);
  });

  it('claims of one order differ', () => {
    const crm = recorded('OrderPlaced', { claimedBy: 'crm', orderId: 'O', route: 'direct' }, { at: '2026-02-01' });
    const seller = recorded(
      'OrderPlaced',
      { claimedBy: 'seller_of_record', orderId: 'O', route: 'co_sell' },
      { at: '2026-02-02' },
    );
    expect(deviations(crm, seller)).toEqual([shows('orderClaimsDiffer', 'O: route', crm, seller)]);
  });

  it('claims of two claimants might be one order: equal amounts, named or summed over legs', () => {
    const crm = recorded(
      'OrderPlaced',
      { claimedBy: 'crm', orderId: 'C', total: { amount: '100' } },
      { at: '2026-02-01', currency: 'USD' },
    );
    const legs = [leg(1, 'V', 'P', 8_000), leg(2, 'P', 'C', 10_000)];
    const seller = recorded('OrderPlaced', { claimedBy: 'seller_of_record', orderId: 'S', legs }, { at: '2026-02-02' });
    expect(deviations(crm, seller)).toEqual([shows('possiblySameOrder', 'C, S', crm, seller)]);
    const other = recorded(
      'OrderPlaced',
      { claimedBy: 'crm', orderId: 'D', total: { amount: '100' } },
      { at: '2027-02-01', currency: 'USD' },
    );
    expect(deviations(crm, other)).toEqual([]);
  });

  it('many claims of equal amounts might be one order, once for all of them', () => {
    const place = (claimedBy: 'crm' | 'distributor', orderId: string, amount: string) =>
      recorded(
        'OrderPlaced',
        { claimedBy, orderId, total: { amount, currency: 'USD' } },
        { at: `2026-02-01T10:${orderId.slice(1).padStart(2, '0')}` },
      );
    const [first, ...more] = Array.from({ length: 6 }, (_, index) => place('crm', `C${index}`, '100'));
    const seen = [place('distributor', 'D6', '100'), place('distributor', 'D7', '100')];
    const others = [place('crm', 'E8', '50'), place('crm', 'E9', '50'), place('distributor', 'F10', '70')];
    if (first === undefined) throw new Error('six orders were placed');
    expect(deviations(first, ...more, ...seen, ...others)).toEqual([
      shows('possiblySameOrder', 'C0, C1, C2, C3, C4 and 3 more', first, ...more, ...seen),
    ]);
  });

  it('legs do not conserve value', () => {
    const legs = [leg(1, 'V', 'D', 5), leg(2, 'P', 'C', 9)];
    const placed = recorded('OrderPlaced', { claimedBy: 'crm', orderId: 'O', legs }, { at: '2026-02-01' });
    expect(deviations(placed)).toEqual([shows('legsDoNotConserve', 'O', placed)]);
  });

  it('legs do not conserve value, but not if linked references show that they do', () => {
    const legs = [leg(1, 'V', 'D', 5), { ...leg(2, 'D', 'C', 9), seller: { system: 'erp', kind: 'vendor', id: '7' } }];
    const placed = recorded('OrderPlaced', { claimedBy: 'crm', orderId: 'O', legs }, { at: '2026-02-01' });
    const links = new Map([
      ['erp|vendor|7', 'distributor'],
      ['crm|account|D', 'distributor'],
    ]);
    expect(deviationsOf(foldEngagement([placed]), contextOf({ links }))).toEqual([]);
  });

  it('an unknown order was fulfilled', () => {
    const fulfilled = recorded('OrderFulfilled', { orderId: 'X' }, { at: '2026-02-01' });
    expect(deviations(fulfilled)).toEqual([shows('orderFulfilledUnknown', 'X', fulfilled)]);
  });

  it('credits exceed their charge', () => {
    const entry = (entryId: string, kind: 'charge' | 'credit', amountMinor: number, correctsEntryId?: string) =>
      recorded(
        'LedgerEntryRecorded',
        {
          entryId,
          kind,
          direction: 'revenue',
          amount: { amountMinor, currency: 'USD' },
          ...(correctsEntryId === undefined ? {} : { correctsEntryId }),
        },
        { at: `2026-02-0${entryId}` },
      );
    const [charge, half, rest] = [
      entry('1', 'charge', 100),
      entry('2', 'credit', 60, '1'),
      entry('3', 'credit', 41, '1'),
    ];
    expect(deviations(charge, half, rest)).toEqual([shows('creditAboveCharge', '1', charge, half, rest)]);
    expect(deviations(charge, half)).toEqual([]);
  });

  it('a handoff was answered without an offer, or twice', () => {
    const pair = { handoffId: 'h', fromStage: 'sell' as const, toStage: 'deliver' as const };
    const accepted = recorded('HandoffAccepted', pair, { at: '2026-02-04' });
    const rejected = recorded('HandoffRejected', pair, { at: '2026-02-05' });
    expect(deviations(accepted, rejected)).toEqual([
      shows('handoffAnswerWithoutOffer', 'h', accepted, rejected),
      shows('handoffAnsweredTwice', 'h', accepted, rejected),
    ]);
  });

  it('an outcome was measured that was not agreed', () => {
    const measured = recorded('OutcomeMeasured', { outcomeId: 'o', value: 1 }, { at: '2026-03-01' });
    expect(deviations(measured)).toEqual([shows('outcomeMeasuredNotAgreed', 'o', measured)]);
  });

  it('a renewal names an unknown subscription', () => {
    const proposed = recorded('RenewalProposed', { subscriptionIds: ['s'] }, { at: '2026-03-01' });
    expect(deviations(proposed)).toEqual([shows('renewalOfUnknownSubscription', 's', proposed)]);
  });

  it('a subscription changed more than 5 minutes after its end', () => {
    const started = recorded(
      'SubscriptionStarted',
      { subscriptionId: 's', termStart: instant('2026-01-01') },
      { at: '2026-01-01' },
    );
    const ended = recorded('SubscriptionEnded', { subscriptionId: 's' }, { at: '2026-06-01' });
    const change = (at: string, effectiveAt?: string) =>
      recorded(
        'SubscriptionChanged',
        {
          subscriptionId: 's',
          quantity: 1,
          ...(effectiveAt === undefined ? {} : { effectiveAt: instant(effectiveAt) }),
        },
        { at },
      );
    expect(deviations(won, started, ended, change('2026-06-01T00:05'), change('2026-07-01', '2026-05-31'))).toEqual([]);
    const late = change('2026-06-01T00:05:00.001Z');
    expect(deviations(won, started, ended, late)).toEqual([shows('subscriptionChangedAfterEnd', 's', ended, late)]);
  });
});

describe('the deviations of any history', () => {
  it('are the same in any order of arrival', () => {
    const arrivals = someFacts.chain((facts) => fc.tuple(deliveriesOf(facts), deliveriesOf(facts)));
    const of = (facts: Parameters<typeof deliver>[0]) =>
      deviationsOf(foldEngagement(standing(historyOf(deliver(facts)))), contextOf());
    fc.assert(
      fc.property(arrivals, ([one, other]) => {
        expect(of(one)).toEqual(of(other));
      }),
    );
  });
});
