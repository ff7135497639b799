// What do Stripe's events look like? One builder for each object, in the newest API version.

import type { SourceFact, Translation } from '../../../events/sources/source.ts';
import { stripe } from '../../../events/sources/stripe.ts';
import { connectionTo, dataOf, factsIn, messageOf } from './reading.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** 2026-02-01, and a year later. */
export const start = 1_769_904_000;
export const yearOn = 1_801_440_000;
export const monthOn = 1_772_323_200;

export const priceOf = (given: Fields = {}, recurring: Fields = {}) => ({
  id: 'price_1',
  object: 'price',
  billing_scheme: 'per_unit',
  currency: 'usd',
  product: 'prod_1',
  recurring: { interval: 'year', interval_count: 1, usage_type: 'licensed', ...recurring },
  unit_amount: 1200,
  unit_amount_decimal: '1200',
  transform_quantity: null,
  type: 'recurring',
  ...given,
});

export const itemOf = (given: Fields = {}, price: Fields = {}, recurring: Fields = {}) => ({
  id: 'si_1',
  object: 'subscription_item',
  current_period_start: start,
  current_period_end: yearOn,
  quantity: 10,
  price: priceOf(price, recurring),
  ...given,
});

export const subscriptionOf = (given: Fields = {}, items: readonly unknown[] = [itemOf()], list: Fields = {}) => ({
  id: 'sub_1',
  object: 'subscription',
  cancel_at: null,
  cancel_at_period_end: false,
  canceled_at: null,
  currency: 'usd',
  customer: 'cus_1',
  ended_at: null,
  start_date: start,
  status: 'active',
  metadata: { engagement_id: 'ENG-1' },
  items: { object: 'list', has_more: false, data: items, ...list },
  ...given,
});

export interface EventGiven {
  readonly id?: string;
  readonly at?: number;
  readonly previous?: unknown;
}

export const eventOf = (type: string, object: unknown, { id = 'evt_1', at = start, previous }: EventGiven = {}) => ({
  id,
  object: 'event',
  api_version: '2026-10-28.endive',
  created: at,
  livemode: true,
  type,
  data: previous === undefined ? { object } : { object, previous_attributes: previous },
});

export const invoiceOf = (given: Fields = {}) => ({
  id: 'in_1',
  object: 'invoice',
  amount_due: 12000,
  amount_paid: 12000,
  amount_remaining: 0,
  currency: 'usd',
  status: 'paid',
  attempt_count: 1,
  metadata: {},
  parent: {
    type: 'subscription_details',
    subscription_details: { subscription: 'sub_1', metadata: { engagement_id: 'ENG-1' } },
  },
  lines: { object: 'list', has_more: false, data: [{ id: 'il_1', amount: 12000, period: { start, end: yearOn } }] },
  total: 12000,
  ...given,
});

export const creditNoteOf = (given: Fields = {}) => ({
  id: 'cn_1',
  object: 'credit_note',
  invoice: 'in_1',
  amount: 2400,
  total: 2400,
  total_excluding_tax: 2400,
  currency: 'usd',
  status: 'issued',
  type: 'post_payment',
  ...given,
});

export const saidBy = (body: unknown, mapping: Fields = {}): Translation =>
  stripe.translate(messageOf(body), connectionTo(stripe, mapping));

/** The facts that the sender says, without links. */
export const factsOf = (body: unknown): readonly SourceFact[] =>
  factsIn(saidBy(body)).filter(({ derived }) => derived !== true);

/** Type and data of each fact that the sender says, as the catalog parses it. */
export const toldBy = (body: unknown): readonly (readonly [string, unknown])[] =>
  factsOf(body).map((fact) => [fact.type, dataOf(fact)]);

export const created = (given: Fields = {}, items?: readonly unknown[], list?: Fields) =>
  eventOf('customer.subscription.created', subscriptionOf(given, items, list));

export const updated = (given: Fields, previous: unknown, items?: readonly unknown[]) =>
  eventOf('customer.subscription.updated', subscriptionOf(given, items), { at: monthOn, previous });

/** The data of the start that a created subscription gives. */
export const startOf = (given: Fields = {}, items?: readonly unknown[], list?: Fields) =>
  toldBy(created(given, items, list))[0]?.[1];
