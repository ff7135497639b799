// Does one subscription, and one invoice, become the same facts in every shape that Stripe's API ever gave them?
import { describe, expect, it } from 'vitest';
import { dataOf, factsIn } from './reading.ts';
import { eventOf, type Fields, monthOn, saidBy, start } from './stripeShapes.ts';

const term = { current_period_start: start, current_period_end: monthOn };
const own = {
  id: 'sub_1',
  object: 'subscription',
  status: 'active',
  customer: 'cus_1',
  metadata: { engagement_id: 'ENG-1' },
  cancel_at_period_end: false,
};
const oldPlan = { id: 'gold', object: 'plan', amount: 2500, currency: 'usd', interval: 'month', interval_count: 1 };
const plan = { ...oldPlan, product: 'prod_1', usage_type: 'licensed', billing_scheme: 'per_unit', tiers_mode: null };
const decimalPlan = { ...plan, amount_decimal: '2500', transform_usage: null };
const price = {
  id: 'price_1',
  object: 'price',
  currency: 'usd',
  product: 'prod_1',
  billing_scheme: 'per_unit',
  recurring: { interval: 'month', interval_count: 1, usage_type: 'licensed' },
  unit_amount: 2500,
  unit_amount_decimal: '2500',
};
const list = (item: Fields) => ({
  object: 'list',
  has_more: false,
  data: [{ id: 'si_1', object: 'subscription_item', ...item }],
});
const off = { duration: 'forever', percent_off: 50, amount_off: null };

/** Each shape as the changelog tells it, with a discount of half of the price. */
const subscriptions: readonly (readonly [string, Fields])[] = [
  [
    '2014-01-31: plan and quantity',
    { start, quantity: 3, plan: oldPlan, ...term, discount: { object: 'discount', coupon: off } },
  ],
  [
    '2016-07-06: items of plans',
    {
      start,
      quantity: 3,
      plan: oldPlan,
      items: list({ plan: oldPlan, quantity: 3 }),
      ...term,
      discount: { coupon: off },
    },
  ],
  [
    '2018-02-05: plans of products',
    { start, quantity: 3, plan, items: list({ plan, quantity: 3 }), ...term, discount: { id: 'di_1', coupon: off } },
  ],
  [
    '2019-12-03: decimals of plans',
    {
      start_date: start,
      plan: decimalPlan,
      quantity: 3,
      items: list({ plan: decimalPlan, quantity: 3 }),
      ...term,
      discount: { id: 'di_1', coupon: off },
    },
  ],
  [
    '2020-08-27: prices',
    {
      start_date: start,
      items: list({ price, plan: decimalPlan, quantity: 3 }),
      ...term,
      currency: 'usd',
      discount: { id: 'di_1', coupon: off },
    },
  ],
  [
    '2024-04-10: lists of discounts',
    {
      start_date: start,
      items: list({ price, plan, quantity: 3, discounts: [] }),
      ...term,
      currency: 'usd',
      discount: { id: 'di_1', coupon: off },
      discounts: ['di_1'],
    },
  ],
  [
    '2025-03-31: terms of items',
    {
      start_date: start,
      items: list({ price, quantity: 3, ...term, discounts: [] }),
      currency: 'usd',
      billing_mode: { type: 'classic' },
      discounts: [{ id: 'di_1', coupon: off }],
    },
  ],
  [
    '2026-10-28: sources of discounts',
    {
      start_date: start,
      items: list({ price, quantity: 3, ...term, discounts: [] }),
      currency: 'usd',
      billing_mode: { type: 'flexible' },
      discounts: [{ id: 'di_1', source: { type: 'coupon', coupon: off } }],
    },
  ],
];

const started = (fields: Fields): unknown =>
  dataOf(factsIn(saidBy(eventOf('customer.subscription.created', { ...own, ...fields })))[0]);

describe('a subscription', () => {
  it.each(subscriptions)('of %s', (version, fields) => {
    const named = !/^201[46]/.test(version);
    expect(started(fields)).toEqual({
      subscriptionId: 'sub_1',
      customer: { system: 'stripe', kind: 'customer', id: 'cus_1' },
      ...(named && { sku: 'prod_1' }),
      quantity: 3,
      price: { amountMinor: 3750, currency: 'USD' },
      billingPeriod: 'P1M',
      termStart: '2026-02-01T00:00:00.000Z',
      termEnd: '2026-03-01T00:00:00.000Z',
      autoRenew: true,
    });
  });

  it.each(subscriptions.slice(0, 3))('that changes its quantity alone, of %s', (_, fields) => {
    const body = eventOf('customer.subscription.updated', { ...own, ...fields }, { previous: { quantity: 2 } });
    expect(factsIn(saidBy(body))[0]).toMatchObject({ type: 'SubscriptionChanged', data: { quantity: 3 } });
  });

  it.each(subscriptions.slice(0, 3))('that changes its plan alone, of %s', (_, fields) => {
    const previous = { plan: { ...oldPlan, amount: 500 } };
    const body = eventOf('customer.subscription.updated', { ...own, ...fields }, { previous });
    expect(factsIn(saidBy(body))[0]).toMatchObject({
      type: 'SubscriptionChanged',
      data: { price: { amountMinor: 3750 } },
    });
  });

  it.each(subscriptions)('that is renewed, of %s', (_, fields) => {
    const month = { current_period_start: start - 2_678_400, current_period_end: start };
    const inItems = fields.current_period_start === undefined;
    const previous = inItems ? { items: { data: [{ id: 'si_1', ...month }] } } : month;
    const body = eventOf('customer.subscription.updated', { ...own, ...fields }, { previous });
    expect(factsIn(saidBy(body)).map(({ type }) => type)).toEqual(['SubscriptionRenewed', 'IdentityLinked']);
  });
});

const line = { id: 'il_1', amount: 7500, period: { start, end: monthOn } };
const bill = { id: 'in_1', object: 'invoice', currency: 'usd', amount_due: 9000, attempt_count: 1 };
const metadata = { engagement_id: 'ENG-1' };

const invoices: readonly (readonly [string, Fields])[] = [
  [
    '2014-01-31',
    {
      paid: true,
      subscription: 'sub_1',
      total: 9000,
      tax: 1500,
      lines: { data: [{ ...line, id: 'sub_1', type: 'subscription' }] },
      metadata,
    },
  ],
  [
    '2017, of lines',
    { paid: true, total: 9000, tax: 1500, lines: { data: [{ ...line, subscription: 'sub_1' }] }, metadata },
  ],
  [
    '2018',
    {
      paid: true,
      amount_paid: 9000,
      amount_remaining: 0,
      subscription: 'sub_1',
      total: 9000,
      tax: 1500,
      lines: { data: [line] },
      metadata,
    },
  ],
  [
    '2020-08-27',
    {
      paid: true,
      status: 'paid',
      amount_paid: 9000,
      subscription: { id: 'sub_1' },
      total: 9000,
      tax: 1500,
      total_tax_amounts: [{ amount: 1500, inclusive: false }],
      lines: { data: [line] },
      metadata,
    },
  ],
  [
    '2023',
    {
      status: 'paid',
      amount_paid: 9000,
      subscription: 'sub_1',
      subscription_details: { metadata },
      total: 9000,
      total_excluding_tax: 7500,
      lines: { data: [line] },
    },
  ],
  [
    '2025-03-31',
    {
      status: 'paid',
      amount_paid: 9000,
      parent: { type: 'subscription_details', subscription_details: { subscription: 'sub_1', metadata } },
      total: 9000,
      total_excluding_tax: 7500,
      total_taxes: [{ amount: 1500 }],
      lines: { data: [line] },
    },
  ],
  [
    '2025, of lines',
    {
      status: 'paid',
      amount_paid: 9000,
      total: 9000,
      total_excluding_tax: 7500,
      metadata,
      lines: { data: [{ ...line, parent: { subscription_item_details: { subscription: 'sub_1' } } }] },
    },
  ],
];

describe('an invoice', () => {
  it.each(invoices)('of %s', (_, fields) => {
    const facts = factsIn(saidBy(eventOf('invoice.paid', { ...bill, ...fields })));
    expect(dataOf(facts[0])).toEqual({
      entryId: 'in_1',
      direction: 'revenue',
      amount: { amountMinor: 7500, currency: 'USD' },
      periodStart: '2026-02-01T00:00:00.000Z',
      periodEnd: '2026-03-01T00:00:00.000Z',
      subscriptionId: 'sub_1',
      kind: 'charge',
    });
    expect(facts[0]?.subject).toEqual({ secondary: { system: 'reference', kind: 'engagement', id: 'ENG-1' } });
  });
});
