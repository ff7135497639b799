// Do pauses, cancellations and ends of a Stripe subscription become the facts that they are?
import { describe, expect, it } from 'vitest';
import { created, eventOf, itemOf, monthOn, saidBy, subscriptionOf, toldBy, updated, yearOn } from './stripeShapes.ts';

const typesOf = (body: unknown) => toldBy(body).map(([type]) => type);
const effectiveAt = '2026-03-01T00:00:00.000Z';

describe('status', () => {
  it.each([
    ['active', 'past_due', []],
    ['past_due', 'active', []],
    ['active', 'unpaid', ['SubscriptionSuspended']],
    ['unpaid', 'active', ['SubscriptionReinstated']],
    ['past_due', 'unpaid', ['SubscriptionSuspended']],
    ['unpaid', 'past_due', ['SubscriptionReinstated']],
    ['trialing', 'paused', ['SubscriptionSuspended']],
    ['paused', 'active', ['SubscriptionReinstated']],
    ['paused', 'unpaid', ['SubscriptionSuspended']],
    ['active', 'canceled', ['SubscriptionEnded']],
    ['unpaid', 'canceled', ['SubscriptionEnded']],
    ['incomplete', 'active', ['SubscriptionStarted']],
    ['incomplete', 'trialing', ['SubscriptionStarted']],
    ['incomplete', 'incomplete_expired', []],
    ['incomplete', 'canceled', []],
    ['active', 'not_known_yet', ['SubscriptionChanged']],
    ['not_known_yet', 'active', ['SubscriptionChanged']],
  ])('from %s to %s', (was, is, types) => {
    const body = updated({ status: is }, { status: was });
    if (types.length === 0) expect(saidBy(body)).toMatchObject({ outcome: 'ignored' });
    else expect(typesOf(body)).toEqual(types);
  });

  it('of a new subscription may hold it back or suspend it', () => {
    for (const status of ['incomplete', 'incomplete_expired', 'canceled'])
      expect(saidBy(created({ status }))).toMatchObject({ outcome: 'ignored' });
    for (const status of ['active', 'past_due', 'trialing'])
      expect(typesOf(created({ status }))).toEqual(['SubscriptionStarted']);
    expect(toldBy(created({ status: 'unpaid' }))[1]).toEqual([
      'SubscriptionSuspended',
      { subscriptionId: 'sub_1', reason: 'unpaid' },
    ]);
  });

  it('that nobody knows yet, or a trial whose end can not be read, leaves no price', () => {
    expect(toldBy(created({ status: 'not_known_yet' }))[0]?.[1]).toMatchObject({ priceReason: 'statusUnknown' });
    for (const trial_end of [null, 'soon'])
      expect(toldBy(created({ status: 'trialing', trial_end }))[0]?.[1]).toMatchObject({ priceReason: 'trial' });
    expect(toldBy(created({ status: null }))[0]?.[1]).toMatchObject({ price: { amountMinor: 12_000 } });
  });

  it('of a subscription that never started ends nothing when it is deleted', () => {
    for (const status of ['incomplete', 'incomplete_expired'])
      expect(saidBy(eventOf('customer.subscription.deleted', subscriptionOf({ status })))).toEqual({
        outcome: 'ignored',
        reason: 'nothingOfOursChanged: customer.subscription.deleted',
      });
    expect(typesOf(eventOf('customer.subscription.deleted', subscriptionOf({ status: 'canceled' })))).toEqual([
      'SubscriptionEnded',
    ]);
  });

  it('is also told by events of its own', () => {
    const own = (type: string) => toldBy(eventOf(`customer.subscription.${type}`, subscriptionOf()));
    expect(own('paused')).toEqual([['SubscriptionSuspended', { subscriptionId: 'sub_1', reason: 'paused' }]]);
    expect(own('resumed')).toEqual([['SubscriptionReinstated', { subscriptionId: 'sub_1' }]]);
    const stillPaused = subscriptionOf({ pause_collection: { behavior: 'void', resumes_at: null } });
    expect(saidBy(eventOf('customer.subscription.resumed', stillPaused))).toMatchObject({ outcome: 'ignored' });
  });
});

it.each(['keep_as_draft', 'mark_uncollectible', 'void'])(
  'collection paused as %s suspends, until it goes on',
  (behavior) => {
    const pause_collection = { behavior, resumes_at: yearOn };
    const pausing = updated({ pause_collection }, { pause_collection: null });
    expect(toldBy(pausing)).toEqual([
      ['SubscriptionSuspended', { subscriptionId: 'sub_1', reason: 'collectionPaused' }],
    ]);
    expect(typesOf(updated({ pause_collection: null }, { pause_collection }))).toEqual(['SubscriptionReinstated']);
    expect(typesOf(created({ pause_collection }))).toEqual(['SubscriptionStarted', 'SubscriptionSuspended']);
    expect(
      saidBy(updated({ pause_collection }, { pause_collection: { ...pause_collection, resumes_at: 1 } })),
    ).toMatchObject({
      outcome: 'ignored',
    });
  },
);

describe('cancellations', () => {
  const kept = { cancel_at_period_end: false, cancel_at: null, canceled_at: null };
  const at = (effective: string | undefined) =>
    effective === undefined ? { subscriptionId: 'sub_1' } : { subscriptionId: 'sub_1', effectiveAt: effective };
  const late = itemOf({ id: 'si_2', current_period_end: yearOn + 86_400 });

  it.each([
    ['at the end of the period', { cancel_at_period_end: true }, [itemOf()], '2027-02-01T00:00:00.000Z'],
    [
      'with the date beside it',
      { cancel_at_period_end: true, cancel_at: yearOn },
      [itemOf()],
      '2027-02-01T00:00:00.000Z',
    ],
    ['at a date', { cancel_at: monthOn }, [itemOf()], '2026-03-01T00:00:00.000Z'],
    ['of mixed periods: the earliest', { cancel_at_period_end: true }, [late, itemOf()], '2027-02-01T00:00:00.000Z'],
    ['by word: the earliest', { cancel_at: 'min_period_end' }, [late, itemOf()], '2027-02-01T00:00:00.000Z'],
    ['by word: the latest', { cancel_at: 'max_period_end' }, [itemOf(), late], '2027-02-02T00:00:00.000Z'],
    ['in a form that is not known', { cancel_at: { type: 'soon' } }, [itemOf()], undefined],
  ])('are announced %s, and withdrawn', (_, cancel, items, effective) => {
    const announcing = updated(cancel, kept, items);
    expect(toldBy(announcing)).toEqual([
      ['SubscriptionChanged', { subscriptionId: 'sub_1', autoRenew: false, effectiveAt }],
      ['CancellationAnnounced', at(effective)],
    ]);
    expect(toldBy(updated(kept, { cancel_at: null, cancel_at_period_end: false, ...cancel }, items))).toEqual([
      ['SubscriptionChanged', { subscriptionId: 'sub_1', autoRenew: true, effectiveAt }],
    ]);
    expect(toldBy(created(cancel, items))[1]).toEqual(['CancellationAnnounced', at(effective)]);
  });

  it('at the end of a period have no date where items are cut off that may end earlier', () => {
    const told = (given: Readonly<Record<string, unknown>>) =>
      toldBy(created({ cancel_at_period_end: true, ...given }, [itemOf()], { has_more: true }))[1]?.[1];
    expect(told({ billing_mode: { type: 'flexible' } })).toEqual(at(undefined));
    expect(told({ billing_mode: { type: 'flexible' }, cancel_at: yearOn })).toEqual(at('2027-02-01T00:00:00.000Z'));
    expect(told({})).toEqual(at('2027-02-01T00:00:00.000Z'));
  });

  it('are withdrawn where only the date is told', () => {
    const only = { cancel_at_period_end: undefined };
    expect(toldBy(updated({ ...only, cancel_at: null }, { cancel_at: monthOn }))).toEqual([
      ['SubscriptionChanged', { subscriptionId: 'sub_1', autoRenew: true, effectiveAt }],
    ]);
  });

  it('tell why, and are announced again when their date moves', () => {
    const cancellation_details = { feedback: 'too_expensive', reason: 'cancellation_requested', comment: 'ask Kari' };
    const given = { cancel_at: yearOn, cancellation_details };
    expect(toldBy(updated(given, kept))[1]?.[1]).toEqual({ ...at('2027-02-01T00:00:00.000Z'), reason: 'price' });
    expect(typesOf(updated(given, { cancel_at: monthOn }))).toEqual(['CancellationAnnounced']);
  });
});
