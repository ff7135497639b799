// Do pauses, cancellations, trials and moved terms of a Stripe subscription become the facts that they are?
import { describe, expect, it } from 'vitest';
import {
  created,
  eventOf,
  itemOf,
  monthOn,
  saidBy,
  start,
  subscriptionOf,
  toldBy,
  updated,
  yearOn,
} from './stripeShapes.ts';

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
    ['active', 'not_known_yet', []],
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

  it('is also told by events of its own', () => {
    const own = (type: string) => toldBy(eventOf(`customer.subscription.${type}`, subscriptionOf()));
    expect(own('paused')).toEqual([['SubscriptionSuspended', { subscriptionId: 'sub_1', reason: 'paused' }]]);
    expect(own('resumed')).toEqual([['SubscriptionReinstated', { subscriptionId: 'sub_1' }]]);
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

  it('tell why, and are announced again when their date moves', () => {
    const cancellation_details = { feedback: 'too_expensive', reason: 'cancellation_requested', comment: 'ask Kari' };
    const given = { cancel_at: yearOn, cancellation_details };
    expect(toldBy(updated(given, kept))[1]?.[1]).toEqual({ ...at('2027-02-01T00:00:00.000Z'), reason: 'price' });
    expect(typesOf(updated(given, { cancel_at: monthOn }))).toEqual(['CancellationAnnounced']);
  });
});

describe('trials', () => {
  const trial = { trial_start: start, trial_end: monthOn };
  const inTrial = itemOf({ current_period_end: monthOn });
  const paidFor = itemOf({ current_period_start: monthOn, current_period_end: monthOn + 31_536_000 });
  const before = { items: { data: [{ id: 'si_1', current_period_start: start, current_period_end: monthOn }] } };

  it('are told with their end; the price stays known', () => {
    expect(toldBy(created({ status: 'trialing', ...trial }, [inTrial]))).toMatchObject([
      ['SubscriptionStarted', { trialEnd: '2026-03-01T00:00:00.000Z', price: { amountMinor: 12_000 } }],
    ]);
  });

  it.each([
    ['with its status', { status: 'trialing', ...before }],
    ['after its status', before],
  ])('turn into a paid term without a renewal, told %s', (_, previous) => {
    expect(toldBy(updated({ status: 'active', ...trial }, previous, [paidFor]))).toEqual([
      [
        'SubscriptionChanged',
        { subscriptionId: 'sub_1', termStart: effectiveAt, termEnd: '2027-03-01T00:00:00.000Z', effectiveAt },
      ],
    ]);
  });

  it('may be extended or cut short', () => {
    const longer = updated({ status: 'trialing', trial_end: yearOn }, { trial_end: monthOn, ...before });
    expect(toldBy(longer)).toEqual([
      [
        'SubscriptionChanged',
        {
          subscriptionId: 'sub_1',
          trialEnd: '2027-02-01T00:00:00.000Z',
          termStart: '2026-02-01T00:00:00.000Z',
          termEnd: '2027-02-01T00:00:00.000Z',
          effectiveAt,
        },
      ],
    ]);
  });

  it('of one item leave no price', () => {
    expect(toldBy(created({}, [itemOf({ current_trial: { end_date: monthOn } })]))).toMatchObject([
      ['SubscriptionStarted', { priceReason: 'trial' }],
    ]);
  });
});

describe('terms', () => {
  it('that a change of interval moves are the new period, and no renewal', () => {
    const yearly = itemOf({
      quantity: 1,
      current_period_start: start + 1_000_000,
      current_period_end: yearOn + 1_000_000,
    });
    const previous = {
      billing_cycle_anchor: start,
      items: {
        data: [
          {
            id: 'si_1',
            current_period_start: start,
            current_period_end: monthOn,
            price: { recurring: { interval: 'month' }, unit_amount: 5000 },
          },
        ],
      },
    };
    expect(toldBy(updated({}, previous, [yearly]))).toEqual([
      [
        'SubscriptionChanged',
        {
          subscriptionId: 'sub_1',
          quantity: 1,
          price: { amountMinor: 1200, currency: 'USD' },
          billingPeriod: 'P1Y',
          termStart: '2026-02-12T13:46:40.000Z',
          termEnd: '2027-02-12T13:46:40.000Z',
          effectiveAt,
        },
      ],
    ]);
  });

  it('that begin where the last one ended are renewals, with what changed in them', () => {
    const next = itemOf(
      { quantity: 12, current_period_start: yearOn, current_period_end: yearOn + 31_536_000 },
      { product: 'prod_2' },
    );
    const previous = {
      items: {
        data: [
          {
            id: 'si_1',
            quantity: 10,
            current_period_start: start,
            current_period_end: yearOn,
            price: { product: 'prod_1' },
          },
        ],
      },
    };
    expect(
      toldBy(updated({ cancel_at_period_end: true }, { ...previous, cancel_at_period_end: false }, [next])),
    ).toMatchObject([
      ['SubscriptionRenewed', { quantity: 12, price: { amountMinor: 14_400 }, termStart: '2027-02-01T00:00:00.000Z' }],
      ['SubscriptionChanged', { sku: 'prod_2', autoRenew: false }],
      ['CancellationAnnounced', { effectiveAt: '2028-02-01T00:00:00.000Z' }],
    ]);
  });

  it('of mixed items renew with the longest', () => {
    const monthly = (given: Readonly<Record<string, unknown>>) =>
      itemOf({ id: 'si_2', ...given }, {}, { interval: 'month' });
    const nextMonth = monthly({ current_period_start: monthOn, current_period_end: monthOn + 2_678_400 });
    const previous = { items: { data: [itemOf(), monthly({ current_period_end: monthOn })] } };
    expect(saidBy(updated({}, previous, [itemOf(), nextMonth]))).toMatchObject({ outcome: 'ignored' });
  });
});

describe('items that are added or taken away', () => {
  it('change the price, whether the list before is whole or names only what changed', () => {
    const added = itemOf({ id: 'si_2', quantity: 1 });
    const was = { items: { data: [itemOf()] } };
    expect(toldBy(updated({}, was, [itemOf(), added]))).toMatchObject([
      ['SubscriptionChanged', { price: { amountMinor: 13_200 } }],
    ]);
    expect(toldBy(updated({}, { items: { data: [itemOf(), added] } }))).toMatchObject([
      ['SubscriptionChanged', { price: { amountMinor: 12_000 }, quantity: 10 }],
    ]);
    expect(toldBy(updated({}, { items: { data: [{ id: 'si_2', quantity: 5 }] } }, [itemOf(), added]))).toMatchObject([
      ['SubscriptionChanged', { price: { amountMinor: 13_200 } }],
    ]);
  });

  it('are nothing of ours if only other things changed', () => {
    for (const previous of [
      { latest_invoice: 'in_0' },
      { schedule: null },
      { default_payment_method: 'pm_0' },
      undefined,
    ])
      expect(saidBy(updated({}, previous))).toEqual({
        outcome: 'ignored',
        reason: 'nothingOfOursChanged: customer.subscription.updated',
      });
  });
});
