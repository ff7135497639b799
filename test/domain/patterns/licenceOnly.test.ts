// Is P1.4 (licence only) raised and cleared, at its limit and after it?
import { describe, expect, test } from 'vitest';
import {
  lost,
  offerId,
  offerPublished,
  outcomeAgreed,
  policyPublished,
  renewed,
  subscribed,
  won,
  worked,
} from '../../support/histories/engagementFacts.ts';
import { recorded, type Said } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const win = won('2026-01-01T12:00');
const licence = subscribed('2025-12-20');
const bare = given(win, licence);
/** 90 days after the win. */
const due = '2026-04-01T12:00:00.000Z';

const started = (at: string, kind?: Said<'SubscriptionStarted'>['kind']) =>
  recorded(
    'SubscriptionStarted',
    { subscriptionId: 'sub_2', termStart: '2026-01-05T00:00:00.000Z', ...(kind === undefined ? {} : { kind }) },
    { at },
  );

const ordered = (at: string, component: string) =>
  recorded(
    'OrderPlaced',
    {
      orderId: 'order-1',
      claimedBy: 'crm',
      legs: [
        {
          seq: 1,
          component,
          seller: { system: 'erp', kind: 'org', id: 'seller' },
          buyer: { system: 'erp', kind: 'org', id: 'buyer' },
          amount: { amountMinor: 1_000, currency: 'USD' },
        },
      ],
    },
    { at },
  );

const booked = (at: string, category: Said<'LedgerEntryRecorded'>['category'], direction: 'revenue' | 'cost') =>
  recorded(
    'LedgerEntryRecorded',
    { entryId: `entry-${at}`, direction, category, amount: { amountMinor: 5_000, currency: 'USD' }, kind: 'charge' },
    { at },
  );

describe('P1.4 licence only', () => {
  test('is armed by the win for 90 days, and raised once the tolerance is over', () => {
    expect(bare.verdictsAt('2026-04-01T12:04:59.999Z', 'P1.4')).toEqual([
      expect.objectContaining({ state: 'armed', dueAt: due, subject: 'cycle:1' }),
    ]);
    const flag = bare.flagAt('2026-04-01T12:05', 'P1.4');
    expect(flag).toMatchObject({
      ...{ dueAt: due, raisedAt: '2026-04-01T12:05:00.000Z', severity: 'low' },
      ...{ pattern: 'toolsInsteadOfOutcomes', cleared: undefined },
    });
    expect(flag.openedBy.eventId).toBe(win.eventId);
    expect(flag.evidence).toContainEqual(expect.objectContaining({ kind: 'event', eventId: licence.eventId }));
  });

  test.each([
    ['an add-on', started('2026-03-31T12:00', 'add_on_service')],
    ['a managed service, as it falls due', started('2026-04-01T12:00', 'managed_service')],
    ['an implementation, at the end of the tolerance', started('2026-04-01T12:05', 'implementation')],
    ['a subscription of unknown kind', started('2026-03-01')],
    ['an outcome agreed before the win', outcomeAgreed('2025-11-01')],
    ['an outcome agreed after the win', outcomeAgreed('2026-02-01')],
    ['implementation work', worked('2026-02-01', 60)],
    ['managed work', worked('2026-02-01', 60, 'managed')],
    ['an order of a service by its kind', ordered('2026-01-02', 'managed_service')],
    ['revenue of a service', booked('2026-02-01', 'value_added', 'revenue')],
  ])('%s keeps it quiet', (_, event) => {
    expect(bare.and(event).verdictsAt('2026-06-01', 'P1.4')).toEqual([]);
  });

  test.each([
    ['another licence', subscribed('2026-02-01', { subscription: 'sub_2' })],
    ['support', worked('2026-02-01', 60, 'support')],
    ['an order of a licence', ordered('2026-01-02', 'base_licence')],
    ['an order of who knows what', ordered('2026-01-02', 'backup')],
    ['revenue of a licence', booked('2026-02-01', 'licence_resale', 'revenue')],
    ['the cost of an implementation', booked('2026-02-01', 'implementation', 'cost')],
  ])('%s does not keep it quiet', (_, event) => {
    expect(bare.and(event).flagAt('2026-06-01', 'P1.4').cleared).toBeUndefined();
  });

  test('a component is known by the offer that was published by the order', () => {
    const components = [{ componentId: 'backup', kind: 'add_on_service' as const }];
    const published = (at: string) => offerPublished(at, { offerId, components });
    const sale = bare.and(
      recorded('EngagementOpened', { offerId }, { at: '2025-12-01' }),
      ordered('2026-01-02', 'backup'),
    );
    expect(sale.and(published('2025-11-01')).flagsAt('2026-06-01', 'P1.4')).toEqual([]);
    expect(sale.and(published('2026-02-01')).flagsAt('2026-06-01', 'P1.4')).toHaveLength(1);
  });

  test('what is added after the tolerance clears it; what was added in time, but recorded late, withdraws it', () => {
    const late = started('2026-04-01T12:05:00.001Z', 'add_on_service');
    expect(bare.and(late).flagAt('2026-06-01', 'P1.4').cleared).toEqual({
      ...{ at: late.occurredAt, eventId: late.eventId, reason: 'valueAdded' },
    });
    expect(bare.and(late, outcomeAgreed('2026-03-31')).flagsAt('2026-06-01', 'P1.4')).toEqual([]);
  });

  test('the days of a licence that starts after the win count from its start', () => {
    const later = given(win, subscribed('2026-01-11T12:00'));
    expect(later.verdictsAt('2026-04-11T12:04', 'P1.4')).toMatchObject([{ state: 'armed' }]);
    expect(later.flagAt('2026-04-11T12:05', 'P1.4').dueAt).toBe('2026-04-11T12:00:00.000Z');
  });

  test('without a win, or without a licence, nobody waits', () => {
    expect(given(licence).verdictsAt('2026-06-01', 'P1.4')).toEqual([]);
    expect(given(win).verdictsAt('2026-06-01', 'P1.4')).toEqual([]);
    expect(given(licence, lost('2026-01-01')).verdictsAt('2026-06-01', 'P1.4')).toEqual([]);
  });

  test('each cycle with a win is judged, and what an earlier one added counts', () => {
    const again = given(
      subscribed('2025-01-01', { to: '2026-01-01' }),
      won('2025-01-01'),
      renewed('2026-01-01', { to: '2027-01-01' }),
      won('2026-01-10'),
    );
    expect(again.flagsAt('2026-12-01', 'P1.4').map(({ subject }) => subject)).toEqual(['cycle:1', 'cycle:2']);
    expect(again.and(worked('2025-02-01', 60)).flagsAt('2026-12-01', 'P1.4')).toEqual([]);
  });

  test('a policy gives it another limit', () => {
    const patient = bare.and(policyPublished({ thresholds: { 'P1.4': { days: 120 } } }));
    expect(patient.flagsAt('2026-04-30', 'P1.4')).toEqual([]);
    expect(patient.flagsAt('2026-05-02', 'P1.4')).toHaveLength(1);
  });
});
