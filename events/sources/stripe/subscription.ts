// Which facts does an event of a Stripe subscription mean?
import { factsOr, refused, type SourceFact, type Translation } from '../source.ts';
import { at, secondsAt, textAt } from '../sourceJson.ts';
import { subscriptionBefore } from './before.ts';
import { changesBetween, type EndReason, type Said } from './changes.ts';
import { namedEngagement, type StripeEvent, sayAbout, stripeId, subscriptionLink } from './event.ts';
import { started } from './started.ts';
import { digestOf, digestOfState, type State, stateOf } from './state.ts';

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

/** The comment beside the reason is the customer's own text: it stays with Stripe. */
const endReasonOf = (event: StripeEvent): EndReason => {
  const details = at(event.object, 'cancellation_details');
  const unpaid = textAt(details, 'reason') === 'payment_failed';
  return unpaid ? 'non_payment' : feedback.get(textAt(details, 'feedback') ?? '');
};

const ended = (event: StripeEvent, subscriptionId: string): Said => ({
  type: 'SubscriptionEnded',
  data: {
    subscriptionId,
    effectiveAt: secondsAt(event.object, 'ended_at') ?? secondsAt(event.object, 'canceled_at'),
    reason: endReasonOf(event),
  },
});

/** What an update says: the difference between the state before it and the state after it. */
const updated = (event: StripeEvent, subscriptionId: string, [was, is]: readonly [State, State]): readonly Said[] => {
  const reason = endReasonOf(event);
  switch (is.is) {
    case 'notStarted':
      return [];
    case 'ended':
      return was.is === 'live' ? [ended(event, subscriptionId)] : [];
    case 'live':
      return was.is === 'live'
        ? changesBetween({ subscriptionId, was, is, at: event.createdAt, reason })
        : started({ event, subscriptionId, is, reason });
    default:
      return is satisfies never;
  }
};

const created = (event: StripeEvent, subscriptionId: string, is: State): readonly Said[] =>
  is.is === 'live' ? started({ event, subscriptionId, is, reason: endReasonOf(event) }) : [];

/**
 * The states between which each fact of an event lies. Several facts of one event are steps of one way from the state
 * before to the state after, so that each step has states of its own.
 */
const stepsOf = (event: StripeEvent, count: number, [was, is]: readonly [string | undefined, string]) => {
  const between = (step: number): string | undefined => {
    if (step === 0) return was;
    return step === count ? is : digestOf([event.id, step]);
  };
  return Array.from({ length: count }, (_, step) => ({ was: between(step), is: between(step + 1) ?? is }));
};

interface Stepped {
  readonly said: readonly Said[];
  /** The digests before and after; absent if the event does not tell the state before, as a deletion doesn't. */
  readonly states?: readonly [string | undefined, string];
}

const saidOf = (event: StripeEvent, subscriptionId: string): Stepped => {
  const is = stateOf(event.object, event.second);
  switch (event.type) {
    case 'customer.subscription.created':
      return { said: created(event, subscriptionId, is), states: [undefined, digestOfState(is)] };
    case 'customer.subscription.updated': {
      const was = stateOf(subscriptionBefore(event.object, event.previous), event.second);
      const states = [digestOfState(was), digestOfState(is)] as const;
      return { said: updated(event, subscriptionId, [was, is]), states };
    }
    // Stripe sends an update with each of these two; a second fact of it changes nothing.
    case 'customer.subscription.paused':
      return { said: [{ type: 'SubscriptionSuspended', data: { subscriptionId, reason: 'paused' } }] };
    case 'customer.subscription.resumed':
      // Its collection may be paused still.
      return is.is === 'live' && is.suspended !== undefined
        ? { said: [] }
        : { said: [{ type: 'SubscriptionReinstated', data: { subscriptionId } }] };
    // A subscription that never started has nothing to end.
    default:
      return { said: is.is === 'notStarted' ? [] : [ended(event, subscriptionId)] };
  }
};

/** The facts of the events that Stripe sends about a subscription. */
export const subscriptionFacts = (event: StripeEvent): Translation => {
  const subscriptionId = textAt(event.object, 'id');
  if (subscriptionId === undefined) return refused('objectWithoutId', 'data.object.id', 'the subscription has no id');
  const named = namedEngagement(event, at(event.object, 'metadata'));
  const { said, states } = saidOf(event, subscriptionId);
  const steps = states === undefined ? [] : stepsOf(event, said.length, states);
  const about = named ?? stripeId('subscription', subscriptionId);
  const facts = said.map((one, index): SourceFact => {
    const step = steps[index];
    const isOnce = one.type === 'SubscriptionStarted' || one.type === 'SubscriptionEnded';
    const fact = sayAbout(event, about, isOnce ? { ...one, once: subscriptionId } : one);
    if (step === undefined) return fact;
    const { was, is } = step;
    const of = `subscription:${subscriptionId}`.slice(0, 256);
    return { ...fact, sourceState: { of, ...(was !== undefined && { was }), is } };
  });
  const links = named === undefined ? [] : [subscriptionLink(event, subscriptionId, named)];
  return said.length === 0 && at(event.previous, 'metadata') === undefined
    ? { outcome: 'ignored', reason: `nothingOfOursChanged: ${event.type}` }
    : factsOr(`nothingOfOursChanged: ${event.type}`, [...facts, ...links]);
};
