// Do Stripe's events become the same facts in old and new API versions, and no facts if they concern nothing of ours?
import { describe, expect, it } from 'vitest';
import { stripe } from '../../../events/sources/stripe.ts';
import { connectionTo, dataOf, factsIn, messageOf } from './reading.ts';

const start = 1781254800;
const year = 31_536_000;
const term = { current_period_start: start, current_period_end: start + year };
const item = {
  price: { product: 'prod_1', currency: 'eur', unit_amount: 48000, recurring: { interval: 'year', interval_count: 1 } },
  quantity: 20,
  ...term,
};
const subscription = {
  id: 'sub_1',
  status: 'active',
  customer: 'cus_1',
  cancel_at_period_end: false,
  metadata: { engagement_id: 'ENG-1', route_to_market: 'direct' },
  items: { data: [item] },
};

const event = (type: string, object: unknown, previous?: unknown) => ({
  id: 'evt_1',
  type,
  created: start + 1,
  livemode: true,
  data: previous === undefined ? { object } : { object, previous_attributes: previous },
});
const said = (body: unknown, mapping: { readonly [key: string]: unknown } = {}) =>
  stripe.translate(messageOf(body), connectionTo(stripe, mapping));
const first = (body: unknown, mapping: { readonly [key: string]: unknown } = {}) => factsIn(said(body, mapping))[0];
const updated = (object: unknown, previous: unknown) => event('customer.subscription.updated', object, previous);

describe('one happening that Stripe tells in two events', () => {
  const invoice = {
    id: 'in_1',
    amount_paid: 500,
    amount_due: 500,
    currency: 'eur',
    attempt_count: 2,
    subscription: 'sub_1',
  };
  it.each([
    ['invoice.paid', invoice],
    ['invoice.payment_failed', invoice],
    ['customer.subscription.created', subscription],
    ['customer.subscription.deleted', { ...subscription, status: 'canceled', ended_at: start + 5 }],
  ])('is one fact: %s', (type, object) => {
    const keyOf = (id: string) => {
      const fact = first({ ...event(type, object), id });
      return [fact?.type, fact?.sourceId, fact?.sourceSeq];
    };
    expect(keyOf('evt_b')).toEqual(keyOf('evt_a'));
  });

  it('but each attempt of a payment is a fact of its own', () => {
    const attempt = (count: number) => first(event('invoice.payment_failed', { ...invoice, attempt_count: count }));
    expect(attempt(3)?.sourceId).not.toBe(attempt(2)?.sourceId);
  });
});

describe('subscriptions', () => {
  it('start, and get a link to the engagement that their metadata names', () => {
    const all = factsIn(
      said(event('customer.subscription.created', subscription), { kinds: { prod_1: 'base_licence' } }),
    );
    expect(all.map(({ type, sourceId }) => [type, sourceId])).toEqual([
      ['SubscriptionStarted', 'sub_1'],
      ['IdentityLinked', 'sub_1'],
    ]);
    expect(all[0]?.subject).toEqual({ secondary: { system: 'reference', kind: 'engagement', id: 'ENG-1' } });
    expect(dataOf(all[0])).toEqual({
      subscriptionId: 'sub_1',
      customer: { system: 'stripe', kind: 'customer', id: 'cus_1' },
      kind: 'base_licence',
      sku: 'prod_1',
      quantity: 20,
      price: { amountMinor: 960000, currency: 'EUR' },
      billingPeriod: 'P1Y',
      termStart: '2026-06-12T09:00:00.000Z',
      termEnd: '2027-06-12T09:00:00.000Z',
      autoRenew: true,
      route: 'direct',
    });
  });

  it('become the same facts in API versions that keep terms and plan in the subscription', () => {
    const plan = { product: 'prod_1', currency: 'eur', amount: 48000, interval: 'year', interval_count: 1 };
    const old = { ...subscription, items: undefined, plan, quantity: 20, ...term };
    const now = dataOf(first(event('customer.subscription.created', subscription)));
    expect(dataOf(first(event('customer.subscription.created', old)))).toEqual(now);
  });

  it('have no price if their items have no common sum, or if the sum is no whole number', () => {
    const priced = (...items: readonly unknown[]) =>
      dataOf(first(event('customer.subscription.created', { ...subscription, items: { data: items } })));
    const yen = { ...item, price: { ...item.price, currency: 'jpy' } };
    const weekly = { ...item, price: { ...item.price, recurring: { interval: 'week' } } };
    const tiered = { ...item, price: { ...item.price, unit_amount: null } };
    for (const mixed of [
      [item, yen],
      [item, weekly],
      [item, tiered],
    ])
      expect(priced(...mixed)).not.toHaveProperty('price');
    expect(priced(item, item)).toMatchObject({ price: { amountMinor: 1920000, currency: 'EUR' } });
    const fraction = (text: string) => priced({ ...tiered, price: { ...tiered.price, unit_amount_decimal: text } });
    expect(fraction('0.05')).toMatchObject({ price: { amountMinor: 1, currency: 'EUR' } });
    expect(fraction('0.06')).not.toHaveProperty('price');
  });

  it('start when they become active, not while their first payment is due', () => {
    const created = event('customer.subscription.created', { ...subscription, status: 'incomplete' });
    expect(said(created)).toMatchObject({ outcome: 'ignored' });
    expect(first(updated(subscription, { status: 'incomplete' }))?.type).toBe('SubscriptionStarted');
  });

  it('are renewed when their term moves forward, wherever the API keeps the term', () => {
    const before = { current_period_start: start - year, current_period_end: start };
    const renewed = first(updated(subscription, { items: { data: [before] } }));
    expect(renewed?.type).toBe('SubscriptionRenewed');
    expect(dataOf(renewed)).toMatchObject({ termStart: '2026-06-12T09:00:00.000Z', auto: true, quantity: 20 });
    expect(first(updated({ ...subscription, ...term }, before))?.type).toBe('SubscriptionRenewed');
  });

  it('change when their items do, even if their term becomes shorter', () => {
    expect(first(updated(subscription, { items: { data: [{ quantity: 10 }] } }))?.type).toBe('SubscriptionChanged');
    const cut = { current_period_start: start - 1000, current_period_end: start + 1000 };
    expect(first(updated(subscription, { items: { data: [cut] } }))?.type).toBe('SubscriptionChanged');
    expect(said(updated(subscription, { latest_invoice: 'in_0' }))).toEqual({
      outcome: 'ignored',
      reason: 'nothingOfOursChanged: customer.subscription.updated',
    });
  });

  it('are linked if their metadata names an engagement later', () => {
    expect(factsIn(said(updated(subscription, { metadata: {} }))).map(({ type }) => type)).toEqual(['IdentityLinked']);
  });

  it('end with the chosen reason; the comment stays with Stripe', () => {
    const end = (details: unknown) =>
      first(
        event('customer.subscription.deleted', {
          ...subscription,
          metadata: {},
          ended_at: start,
          cancellation_details: details,
        }),
      );
    const ended = end({ comment: 'call Kari', feedback: 'switched_service', reason: 'cancellation_requested' });
    expect(ended?.subject).toEqual({ secondary: { system: 'stripe', kind: 'subscription', id: 'sub_1' } });
    expect(dataOf(ended)).toEqual({
      subscriptionId: 'sub_1',
      effectiveAt: '2026-06-12T09:00:00.000Z',
      reason: 'competitor',
    });
    expect(dataOf(end({ reason: 'payment_failed' }))).toMatchObject({ reason: 'non_payment' });
    expect(dataOf(end(null))).not.toHaveProperty('reason');
  });
});

describe('invoices', () => {
  const details = { subscription: 'sub_1', metadata: { engagement_id: 'ENG-1' } };
  const invoice = { id: 'in_1', amount_paid: 5000, amount_due: 7000, currency: 'jpy', attempt_count: 2 };
  const current = { ...invoice, parent: { subscription_details: details } };
  const older = { ...invoice, subscription: { id: 'sub_1' }, subscription_details: { metadata: details.metadata } };

  it('record what was paid, in minor units, wherever the API keeps the subscription', () => {
    const paid = factsIn(said(event('invoice.paid', current)));
    expect(dataOf(paid[0])).toEqual({
      entryId: 'in_1',
      direction: 'revenue',
      amount: { amountMinor: 5000, currency: 'JPY' },
      subscriptionId: 'sub_1',
      kind: 'charge',
    });
    expect(factsIn(said(event('invoice.paid', older)))).toEqual(paid);
  });

  it('of 0 are ignored', () => {
    expect(said(event('invoice.paid', { ...current, amount_paid: 0 }))).toMatchObject({
      outcome: 'ignored',
      reason: expect.stringContaining('nothingPaid'),
    });
  });

  it('record a failed payment with the amount that was due', () => {
    expect(dataOf(first(event('invoice.payment_failed', current)))).toEqual({
      invoiceId: 'in_1',
      subscriptionId: 'sub_1',
      amount: { amountMinor: 7000, currency: 'JPY' },
      attempt: 2,
    });
  });

  it('are about their subscription, or else about themselves, if they name no engagement', () => {
    const alone = { ...invoice, subscription: 'sub_1' };
    expect(first(event('invoice.paid', alone))?.subject).toMatchObject({
      secondary: { kind: 'subscription', id: 'sub_1' },
    });
    expect(first(event('invoice.paid', invoice))?.subject).toMatchObject({
      secondary: { kind: 'invoice', id: 'in_1' },
    });
  });

  it('are refused without a currency, never guessed', () => {
    expect(said(event('invoice.paid', { ...current, currency: null }))).toMatchObject({
      outcome: 'refused',
      reason: 'amountMissing',
      issues: [{ path: 'data.object.amount_paid' }],
    });
  });
});

describe('what is ignored or refused', () => {
  it('names the type, or says that it was a test, which counts only where the connection says so', () => {
    expect(said(event('charge.succeeded', {}))).toEqual({
      outcome: 'ignored',
      reason: 'typeNotFollowed: charge.succeeded',
    });
    const test = { ...event('customer.subscription.created', subscription), livemode: false };
    for (const mapping of [{}, { liveOnly: true }, { liveOnly: false }])
      expect(said(test, mapping)).toMatchObject({ outcome: 'ignored', reason: expect.stringContaining('testMode') });
    const takesTests = { ...connectionTo(stripe), testData: true as const };
    expect(stripe.translate(messageOf(test), takesTests).outcome).toBe('facts');
  });

  it('names the path of the error', () => {
    const whole = event('invoice.paid', {});
    expect(said({ ...whole, id: undefined })).toMatchObject({ reason: 'notAnEvent', issues: [{ path: 'id' }] });
    expect(said({ ...whole, created: 'now' })).toMatchObject({ reason: 'notAnEvent', issues: [{ path: 'created' }] });
    expect(said({ ...whole, data: 1 })).toMatchObject({ reason: 'notAnEvent', issues: [{ path: 'data.object' }] });
  });
});
