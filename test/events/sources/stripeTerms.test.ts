// Do trials, moved terms and changed items of a Stripe subscription become the facts that they are?
import { describe, expect, it } from 'vitest';
import { created, itemOf, monthOn, saidBy, start, toldBy, updated, yearOn } from './stripeShapes.ts';

/** When each update comes, and from when it holds. */
const effectiveAt = '2026-03-01T00:00:00.000Z';

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
    ['with its status', { status: 'trialing', ...before }, trial],
    ['after its status', before, trial],
    ['without its end', { status: 'trialing', ...before }, {}],
  ])('turn into a paid term without a renewal, told %s', (_, previous, told) => {
    expect(toldBy(updated({ status: 'active', ...told }, previous, [paidFor]))).toEqual([
      [
        'SubscriptionChanged',
        { subscriptionId: 'sub_1', termStart: effectiveAt, termEnd: '2027-03-01T00:00:00.000Z', effectiveAt },
      ],
    ]);
  });

  it('that are taken away end with the update', () => {
    expect(toldBy(updated({ status: 'active', trial_end: null }, { status: 'trialing', trial_end: yearOn }))).toEqual([
      ['SubscriptionChanged', { subscriptionId: 'sub_1', trialEnd: effectiveAt, effectiveAt }],
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

  it('that are renewed with an end in sight announce it again', () => {
    const cancel_at = yearOn + 63_072_000;
    const next = itemOf({ current_period_start: yearOn, current_period_end: yearOn + 31_536_000 });
    const previous = { items: { data: [{ id: 'si_1', current_period_start: start, current_period_end: yearOn }] } };
    expect(toldBy(updated({ cancel_at }, previous, [next])).map(([type]) => type)).toEqual([
      'SubscriptionRenewed',
      'CancellationAnnounced',
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

  it('leave no common quantity: the one from before does not stay', () => {
    const added = itemOf({ id: 'si_2', quantity: 1 });
    const was = { items: { data: [itemOf()] } };
    expect(toldBy(updated({}, was, [itemOf(), added]))).toMatchObject([['SubscriptionChanged', { quantity: null }]]);
    const metered = itemOf({ quantity: undefined }, {}, { usage_type: 'metered' });
    expect(toldBy(updated({}, was, [metered]))).toMatchObject([
      ['SubscriptionChanged', { quantity: null, priceReason: 'metered' }],
    ]);
    const next = [itemOf(), added].map((item) => ({
      ...item,
      current_period_start: yearOn,
      current_period_end: yearOn + 1,
    }));
    expect(toldBy(updated({}, was, next))).toMatchObject([['SubscriptionRenewed', { quantity: null }]]);
    expect(toldBy(created({}, [itemOf(), added]))[0]?.[1]).not.toHaveProperty('quantity');
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
