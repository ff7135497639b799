// What do values, closings, leads and revenue become once a source takes something back?
import { describe, expect, it } from 'vitest';
import { winsOf } from '../../../domain/engagement/closings.ts';
import { dealValues, moneyOfDeal } from '../../../domain/engagement/dealValues.ts';
import { deviationsOf } from '../../../domain/engagement/deviations.ts';
import { foldEngagement, leadAt } from '../../../domain/engagement/engagement.ts';
import { recurringOf } from '../../../domain/engagement/recurringRevenue.ts';
import { inFoldOrder } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { contextOf } from '../../support/contexts.ts';
import { instant, recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const fold = (...events: readonly RecordedEvent[]) => foldEngagement([...events].sort(inFoldOrder));
const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });
const opened = recorded(
  'EngagementOpened',
  { expectedValue: { amount: '1000', currency: 'USD' } },
  { at: '2026-01-05' },
);
const revise = (said: Parameters<typeof recorded<'DealRevised'>>[1], at: string) =>
  recorded('DealRevised', said, { at });

const worthOf = (...events: readonly RecordedEvent[]) => {
  const last = dealValues(fold(...events)).at(-1);
  return last === undefined ? undefined : moneyOfDeal(last);
};

describe('the value of a deal', () => {
  it('is gone once it is cleared, and back once it is said again', () => {
    const cleared = revise({ value: null }, '2026-01-06');
    expect(worthOf(opened, cleared)).toBeUndefined();
    expect(worthOf(opened, cleared, revise({ value: { amount: '5' } }, '2026-01-07'))).toEqual(usd(500));
  });

  it('keeps its number if the currency alone changes, and later amounts are in that currency', () => {
    const euro = revise({ currency: 'EUR' }, '2026-01-06');
    expect(worthOf(opened, euro)).toEqual({ amountMinor: 100_000, currency: 'EUR' });
    expect(worthOf(opened, euro, revise({ value: { amount: '2000' } }, '2026-01-07'))).toEqual({
      amountMinor: 200_000,
      currency: 'EUR',
    });
  });

  it('has no amount if a currency comes before any amount', () => {
    expect(dealValues(fold(revise({ currency: 'EUR' }, '2026-01-06')))).toEqual([]);
  });
});

describe('an engagement whose record is deleted', () => {
  const withdrawn = recorded('EngagementWithdrawn', {}, { at: '2026-03-01' });
  const lives = recorded(
    'SubscriptionStarted',
    { subscriptionId: 's', termStart: instant('2026-01-01'), termEnd: instant('2027-01-01') },
    { at: '2026-01-06' },
  );
  const kinds = (...events: readonly RecordedEvent[]) =>
    deviationsOf(fold(...events), contextOf()).map(({ kind }) => kind);

  it('deviates while a subscription goes on, until it is reinstated', () => {
    const back = recorded('EngagementReinstated', {}, { at: '2026-03-02' });
    expect(kinds(opened, lives, withdrawn)).toContain('withdrawnWhileSubscribed');
    expect(kinds(opened, withdrawn)).not.toContain('withdrawnWhileSubscribed');
    expect(kinds(opened, lives, withdrawn, back)).not.toContain('withdrawnWhileSubscribed');
  });
});

describe('the lead partner', () => {
  it('is nobody once the assignment is taken away', () => {
    const partner = { system: 'reference', kind: 'partner', id: 'NORTH' };
    const assigned = recorded('PartnerAssigned', { partner, by: 'identity' }, { at: '2026-01-06' });
    const gone = recorded('PartnerAssigned', { partner: null, by: 'identity' }, { at: '2026-01-08' });
    const engagement = fold(opened, assigned, gone);
    expect(leadAt(engagement, instant('2026-01-07'))).toEqual(partner);
    expect(leadAt(engagement, instant('2026-01-09'))).toBeUndefined();
  });
});

describe('a win that is undone', () => {
  const won = recorded('DealClosed', { result: 'won' }, { at: '2026-02-01' });
  const reopened = recorded('DealReopened', {}, { at: '2026-02-10' });
  const wonAgain = recorded('DealClosed', { result: 'won' }, { at: '2026-03-01' });

  it('is listed beside the win that counts, each with its cycle', () => {
    expect(winsOf(fold(opened, won, reopened, wonAgain))).toEqual([
      { cycle: 1, event: won, undoneBy: reopened },
      { cycle: 1, event: wonAgain, undoneBy: undefined },
    ]);
  });

  it('no longer counts as the result, and its flag clears as the deal opens again', () => {
    const history = given(opened, won, reopened);
    const [flag] = history.verdictsAt(instant('2026-02-20')).filter(({ rule }) => rule === 'P1.1');
    expect(flag).toMatchObject({ state: 'raised', cleared: { eventId: reopened.eventId, reason: 'dealReopened' } });
    const [before] = history.verdictsAt(instant('2026-02-09')).filter(({ rule }) => rule === 'P1.1');
    expect(before).toMatchObject({ state: 'raised', cleared: undefined });
  });

  it('arms nothing that falls due after the reopening', () => {
    const rules = given(opened, won, { ...reopened, occurredAt: instant('2026-02-02') })
      .verdictsAt(instant('2026-06-01'))
      .filter(({ openedBy }) => openedBy.eventId === won.eventId && openedBy.occurredAt === won.occurredAt);
    expect(rules.filter(({ state }) => state !== 'raised')).toEqual([]);
    expect(rules.map(({ rule }) => rule)).toEqual(['P1.1']);
  });

  it('is judged anew at the next win', () => {
    const flags = given(opened, won, reopened, wonAgain)
      .verdictsAt(instant('2026-03-02'))
      .filter(({ rule, state }) => rule === 'P1.1' && state === 'raised');
    expect(flags.map(({ openedBy }) => openedBy.eventId)).toEqual([won.eventId, wonAgain.eventId]);
  });
});

describe('recurring revenue', () => {
  const start = (subscriptionId: string, said: object = {}) =>
    recorded(
      'SubscriptionStarted',
      {
        subscriptionId,
        price: usd(12_000),
        billingPeriod: 'P1Y',
        termStart: instant('2026-01-01'),
        termEnd: instant('2027-01-01'),
        ...said,
      },
      { at: '2026-01-01' },
    );
  const arrAt = (at: string, ...events: readonly RecordedEvent[]) => {
    const engagement = fold(...events);
    return recurringOf(engagement, engagement.subscriptions)(instant(at));
  };

  it('pauses while the only subscription is suspended', () => {
    const paused = recorded('SubscriptionSuspended', { subscriptionId: 's' }, { at: '2026-03-01' });
    const on = recorded('SubscriptionReinstated', { subscriptionId: 's' }, { at: '2026-05-01' });
    expect(arrAt('2026-04-01', start('s'), paused, on)).toEqual({ reason: 'suspended' });
    expect(arrAt('2026-06-01', start('s'), paused, on)).toEqual({ money: usd(12_000) });
    expect(arrAt('2026-04-01', start('s'), start('t'), paused)).toEqual({ money: usd(12_000) });
  });

  it('begins when the trial ends, also when the trial was made longer', () => {
    const trial = start('s', { trialEnd: instant('2026-02-01') });
    const longer = recorded(
      'SubscriptionChanged',
      { subscriptionId: 's', trialEnd: instant('2026-03-01') },
      { at: '2026-01-20' },
    );
    expect(arrAt('2026-01-15', trial)).toEqual({ reason: 'trial' });
    expect(arrAt('2026-02-02', trial)).toEqual({ money: usd(12_000) });
    expect(arrAt('2026-02-02', trial, longer)).toEqual({ reason: 'trial' });
    expect(arrAt('2026-03-01', trial, longer)).toEqual({ money: usd(12_000) });
  });

  it('is unknown if one price is unknown, with the reason of the adapter', () => {
    const metered = start('m', { price: undefined, priceReason: 'metered' });
    expect(arrAt('2026-04-01', start('s'), metered)).toEqual({ reason: 'metered' });
    expect(arrAt('2026-04-01', start('m', { price: undefined }))).toEqual({ reason: 'priceUnknown' });
  });

  it('is 0 in its currency where everything is free', () => {
    expect(arrAt('2026-04-01', start('s', { price: usd(0) }))).toEqual({ money: usd(0) });
  });

  it.each([
    ['P4W', 156_000],
    ['P2M', 72_000],
    ['P10D', 438_000],
    ['P5Y', 2_400],
    ['P18M', 8_000],
  ])('of 12,000 for %s is %i a year', (billingPeriod, amount) => {
    expect(arrAt('2026-04-01', start('s', { billingPeriod }))).toEqual({ money: usd(amount) });
  });
});

describe('a subscription', () => {
  const start = recorded(
    'SubscriptionStarted',
    { subscriptionId: 's', autoRenew: true, termStart: instant('2026-01-01'), termEnd: instant('2026-02-01') },
    { at: '2026-01-01' },
  );
  const announced = recorded('CancellationAnnounced', { subscriptionId: 's' }, { at: '2026-01-10' });
  const only = (...events: readonly RecordedEvent[]) => fold(...events).subscriptions[0];

  it('has the term that a change gave it', () => {
    const moved = recorded(
      'SubscriptionChanged',
      { subscriptionId: 's', termStart: instant('2026-01-15'), termEnd: instant('2027-01-15') },
      { at: '2026-01-15' },
    );
    expect(only(start, moved)?.terms).toMatchObject([
      { start: instant('2026-01-15'), end: instant('2027-01-15'), begunBy: start },
    ]);
  });

  it('does not renew once a cancellation is announced, and does again if that is withdrawn', () => {
    const withdrawn = recorded('SubscriptionChanged', { subscriptionId: 's', autoRenew: true }, { at: '2026-01-12' });
    expect(only(start)).toMatchObject({ autoRenew: true, cancellation: undefined });
    expect(only(start, announced)).toMatchObject({ autoRenew: false, cancellation: announced });
    expect(only(start, announced, withdrawn)).toMatchObject({ autoRenew: true, cancellation: undefined });
  });

  it('takes part in a cancellation of its order, or of the whole engagement', () => {
    const ordered = { ...start, data: { ...start.data, orderId: 'O1' } };
    const ofOrder = recorded('CancellationAnnounced', { orderId: 'O1' }, { at: '2026-01-10' });
    const ofAll = recorded('CancellationAnnounced', {}, { at: '2026-01-10' });
    expect(only(ordered, ofOrder)).toMatchObject({ autoRenew: false });
    expect(only(start, ofOrder)).toMatchObject({ autoRenew: true });
    expect(only(start, ofAll)).toMatchObject({ autoRenew: false });
    const fulfilled = recorded('OrderFulfilled', { orderId: 'O1', subscriptionIds: ['s'] }, { at: '2026-01-02' });
    expect(only(start, fulfilled, ofOrder)).toMatchObject({ autoRenew: false });
    const before = { ...ofAll, occurredAt: instant('2025-12-31') };
    expect(only(start, before)).toMatchObject({ autoRenew: true });
  });
});
