// Which facts does a changed Stripe subscription mean?
import { ComponentKind } from '../../fields.ts';
import { partnerReference } from '../externalIds.ts';
import { routeOf } from '../routeWords.ts';
import { factsOr, refused, type SourceFact, type Translation } from '../source.ts';
import { at, flagAt, type Json, secondsAt, textAt } from '../sourceJson.ts';
import { idAt, namedEngagement, type StripeEvent, sayAbout, stripeId, subscriptionLink } from './event.ts';
import { type Plan, planOf, previousTermOf } from './plan.ts';

type Said = Pick<SourceFact, 'type'> & { readonly data: Readonly<Record<string, unknown>> };

/** Whether it is not paid for yet: it starts when it becomes active. */
const isIncomplete = (status: string | undefined): boolean =>
  status === 'incomplete' || status === 'incomplete_expired';

const started = (event: StripeEvent, subscriptionId: string, plan: Plan): Said => {
  const { object, mapping } = event;
  const metadata = at(object, 'metadata');
  const { metadata: keys, kinds } = mapping;
  const customer = idAt(object, 'customer');
  const partner = textAt(metadata, keys.partner);
  const ends = flagAt(object, 'cancel_at_period_end');
  const said = ComponentKind.safeParse(textAt(metadata, keys.kind));
  const known = plan.product !== undefined && Object.hasOwn(kinds, plan.product) ? kinds[plan.product] : undefined;
  const data = {
    subscriptionId,
    orderId: textAt(metadata, keys.order),
    customer: customer === undefined ? undefined : stripeId('customer', customer),
    partner: partner === undefined ? undefined : partnerReference(partner),
    kind: said.success ? said.data : known,
    baseSubscriptionId: textAt(metadata, keys.base),
    sku: plan.product,
    quantity: plan.quantity,
    price: plan.price,
    billingPeriod: plan.billingPeriod,
    termStart: plan.termStart ?? secondsAt(object, 'start_date') ?? event.createdAt,
    termEnd: plan.termEnd,
    autoRenew: ends === undefined ? undefined : !ends && secondsAt(object, 'cancel_at') === undefined,
    route: routeOf(textAt(metadata, keys.route) ?? '', mapping.routes)?.route,
  };
  return { type: 'SubscriptionStarted', data };
};

/**
 * Whether the term moved forward: the new term begins when the previous one ended, or later. A term that only becomes
 * shorter or longer, as by a change of plan, is no renewal.
 */
const isRenewal = (plan: Plan, previous: Json | undefined): boolean => {
  const before = previousTermOf(previous);
  if (plan.termStart === undefined) return false;
  if (before.end !== undefined) return plan.termStart >= before.end;
  return before.start !== undefined && plan.termStart > before.start && at(previous, 'items') === undefined;
};

/**
 * Whether an update changed something that we follow. Other changes (a default card, a latest invoice) give no fact.
 */
const changesPlan = (previous: Json | undefined): boolean =>
  ['items', 'plan', 'quantity'].some((field) => at(previous, field) !== undefined);

const updated = (event: StripeEvent, subscriptionId: string, plan: Plan): Said | undefined => {
  const { object, previous } = event;
  const status = textAt(object, 'status');
  if (isIncomplete(status)) return undefined;
  if (isIncomplete(textAt(previous, 'status'))) return started(event, subscriptionId, plan);
  const { quantity, price, billingPeriod } = plan;
  const terms = { subscriptionId, quantity, price, billingPeriod };
  if (isRenewal(plan, previous)) {
    const { termStart, termEnd } = plan;
    return { type: 'SubscriptionRenewed', data: { ...terms, termStart, termEnd, auto: true } };
  }
  if (!changesPlan(previous)) return undefined;
  return { type: 'SubscriptionChanged', data: { ...terms, sku: plan.product, effectiveAt: event.createdAt } };
};

const feedback: ReadonlyMap<string, string> = new Map([
  ['too_expensive', 'price'],
  ['switched_service', 'competitor'],
  ['unused', 'unused'],
  ['missing_features', 'no_value'],
  ['low_quality', 'no_value'],
  ['too_complex', 'no_value'],
  ['customer_service', 'no_value'],
  ['other', 'other'],
]);

const ended = (event: StripeEvent, subscriptionId: string): Said => {
  const details = at(event.object, 'cancellation_details');
  const unpaid = textAt(details, 'reason') === 'payment_failed';
  const data = {
    subscriptionId,
    effectiveAt: secondsAt(event.object, 'ended_at') ?? secondsAt(event.object, 'canceled_at'),
    // The comment beside the reason is the customer's own text: it stays with Stripe.
    reason: unpaid ? 'non_payment' : feedback.get(textAt(details, 'feedback') ?? ''),
  };
  return { type: 'SubscriptionEnded', data };
};

const saidOf = (event: StripeEvent, subscriptionId: string): Said | undefined => {
  const plan = planOf(event.object);
  switch (event.type) {
    case 'customer.subscription.created':
      return isIncomplete(textAt(event.object, 'status')) ? undefined : started(event, subscriptionId, plan);
    case 'customer.subscription.updated':
      return updated(event, subscriptionId, plan);
    default:
      return ended(event, subscriptionId);
  }
};

/** The facts of `customer.subscription.created`, `.updated` and `.deleted`. */
export const subscriptionFacts = (event: StripeEvent): Translation => {
  const subscriptionId = textAt(event.object, 'id');
  if (subscriptionId === undefined) return refused('objectWithoutId', 'data.object.id', 'the subscription has no id');
  const named = namedEngagement(event, at(event.object, 'metadata'));
  const said = saidOf(event, subscriptionId);
  const links = named === undefined ? [] : [subscriptionLink(event, subscriptionId, named)];
  const facts = said === undefined ? [] : [sayAbout(event, named ?? stripeId('subscription', subscriptionId), said)];
  return said === undefined && at(event.previous, 'metadata') === undefined
    ? { outcome: 'ignored', reason: `nothingOfOursChanged: ${event.type}` }
    : factsOr(`nothingOfOursChanged: ${event.type}`, [...facts, ...links]);
};
