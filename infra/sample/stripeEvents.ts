// Which messages does the sample's billing system send? Snapshot events in the form of Stripe's webhooks.
import { uuidOf } from '../../events/identifiers.ts';
import type { Webhook } from './sampleMessage.ts';

const seconds = (instant: string): number => Math.floor(Date.parse(instant) / 1_000);
const idOf = (prefix: string, ...parts: readonly string[]): string =>
  `${prefix}_${uuidOf('stripe', prefix, ...parts)
    .replaceAll('-', '')
    .slice(0, 20)}`;

/** A subscription to one product, paid a year ahead. */
export interface Plan {
  readonly reference: string;
  readonly partner: string;
  readonly product: string;
  readonly quantity: number;
  readonly unitAmount: number;
  readonly currency: string;
  readonly termStart: string;
  readonly termEnd: string;
}

export const subscriptionIdOf = (reference: string): string => idOf('sub', reference);

const event = (type: string, at: string, data: { readonly object: { readonly id: string } }): Webhook => {
  const id = idOf('evt', type, data.object.id, at);
  const body = {
    id,
    object: 'event',
    api_version: '2026-10-28.endive',
    created: seconds(at),
    data,
    livemode: true,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
  };
  return { system: 'billing', id, at, body };
};

const metadataOf = ({ reference, partner }: Plan) => ({
  engagement_id: reference,
  partner_id: partner,
  route_to_market: 'direct',
  component_kind: 'base_licence',
});

const itemOf = (plan: Plan) => ({
  id: idOf('si', plan.reference),
  object: 'subscription_item',
  current_period_start: seconds(plan.termStart),
  current_period_end: seconds(plan.termEnd),
  price: {
    id: idOf('price', plan.product, plan.currency),
    object: 'price',
    currency: plan.currency.toLowerCase(),
    product: `prod_${plan.product}`,
    recurring: { interval: 'year', interval_count: 1 },
    type: 'recurring',
    unit_amount: plan.unitAmount,
  },
  quantity: plan.quantity,
  subscription: subscriptionIdOf(plan.reference),
});

const subscription = (plan: Plan, startedAt: string) => ({
  id: subscriptionIdOf(plan.reference),
  object: 'subscription',
  cancel_at: null,
  cancel_at_period_end: false,
  canceled_at: null,
  collection_method: 'send_invoice',
  created: seconds(startedAt),
  currency: plan.currency.toLowerCase(),
  customer: idOf('cus', plan.reference),
  ended_at: null,
  items: { object: 'list', data: [itemOf(plan)], has_more: false },
  metadata: metadataOf(plan),
  start_date: seconds(startedAt),
  status: 'active',
});

export const subscriptionCreated = (plan: Plan): Webhook =>
  event('customer.subscription.created', plan.termStart, { object: subscription(plan, plan.termStart) });

/** The plan as it is now, and the change of its one item. */
const updated = (plan: Plan, at: string, before: Readonly<Record<string, number>>): Webhook => {
  const object = subscription(plan, plan.termStart);
  const previous_attributes = { items: { data: [{ id: idOf('si', plan.reference), ...before }] } };
  return event('customer.subscription.updated', at, Object.assign({ object }, { previous_attributes }));
};

export const quantityChanged = (plan: Plan, at: string, before: number): Webhook =>
  updated(plan, at, { quantity: before });

/** The next term begins at the end of the term before it. */
export const subscriptionRenewed = (plan: Plan, before: Pick<Plan, 'termStart' | 'termEnd'>): Webhook =>
  updated(plan, plan.termStart, {
    current_period_start: seconds(before.termStart),
    current_period_end: seconds(before.termEnd),
  });

export const subscriptionDeleted = (plan: Plan, at: string, feedback: 'too_expensive' | 'unused'): Webhook =>
  event('customer.subscription.deleted', at, {
    object: Object.assign(subscription(plan, plan.termStart), {
      status: 'canceled',
      canceled_at: seconds(at),
      ended_at: seconds(at),
      cancellation_details: { comment: null, feedback, reason: 'cancellation_requested' },
    }),
  });

export interface Invoiced {
  readonly plan: Plan;
  readonly at: string;
  readonly outcome: 'paid' | 'payment_failed';
  /** Whether it names the engagement itself; if not, only its subscription leads to the engagement. */
  readonly named: boolean;
}

/** The invoice of a term, paid or not (yet). */
export const invoice = ({ plan, at, outcome, named }: Invoiced): Webhook => {
  const amount = plan.quantity * plan.unitAmount;
  const currency = plan.currency.toLowerCase();
  const id = idOf('in', plan.reference, plan.termStart);
  const period = { start: seconds(plan.termStart), end: seconds(plan.termEnd) };
  const details = { subscription: subscriptionIdOf(plan.reference), metadata: named ? metadataOf(plan) : {} };
  return event(`invoice.${outcome}`, at, {
    object: Object.assign(
      { id },
      {
        object: 'invoice',
        amount_due: amount,
        amount_paid: outcome === 'paid' ? amount : 0,
        attempt_count: 1,
        currency,
        customer: idOf('cus', plan.reference),
        lines: { object: 'list', data: [{ object: 'line_item', amount, currency, period, quantity: plan.quantity }] },
        metadata: {},
        parent: { quote_details: null, subscription_details: details, type: 'subscription_details' },
        status: outcome === 'paid' ? 'paid' : 'open',
      },
    ),
  });
};
