// What holds for a subscription at an instant, by those of its facts that are in effect?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { BillingPeriod } from '../../events/fields.ts';
import type { Instant } from '../../events/instant.ts';
import type { Money } from '../../events/money.ts';
import { turningPoint } from '../time/sortedSearch.ts';
import type { Facts } from './facts.ts';

export type SubscriptionEvent = RecordedOf<
  'SubscriptionStarted' | 'SubscriptionChanged' | 'SubscriptionRenewed' | 'SubscriptionEnded'
>;

const isOfSubscription = (event: RecordedEvent): event is SubscriptionEvent =>
  event.type === 'SubscriptionStarted' ||
  event.type === 'SubscriptionChanged' ||
  event.type === 'SubscriptionRenewed' ||
  event.type === 'SubscriptionEnded';

/** The facts of each subscription by its id, in fold order. */
export const factsBySubscription = (facts: Facts): ReadonlyMap<string, readonly SubscriptionEvent[]> =>
  Map.groupBy(facts.events.filter(isOfSubscription), ({ data }) => data.subscriptionId);

/** When a fact takes effect: a change or an end may be announced before. */
export const effectiveAt = (event: SubscriptionEvent): Instant => {
  switch (event.type) {
    case 'SubscriptionChanged':
    case 'SubscriptionEnded':
      return event.data.effectiveAt ?? event.occurredAt;
    case 'SubscriptionStarted':
    case 'SubscriptionRenewed':
      return event.occurredAt;
    default:
      return event satisfies never;
  }
};

/** What the facts in effect say: the last value of each field, in fold order. */
export interface InEffect {
  readonly quantity: number | undefined;
  readonly price: Money | undefined;
  readonly billingPeriod: BillingPeriod | undefined;
  readonly ended: RecordedOf<'SubscriptionEnded'> | undefined;
}

interface Said<Value> {
  readonly value: Value;
  readonly place: number;
}

const later = <Value>(known: Said<Value> | undefined, place: number, value: Value | undefined) =>
  value === undefined || (known !== undefined && known.place > place) ? known : { value, place };

/**
 * Collects facts as they take effect, in any order. `place` is a fact's place in fold order: the value with the
 * greatest place holds.
 */
export const gatherInEffect = () => {
  let quantity: Said<number> | undefined;
  let price: Said<Money> | undefined;
  let billingPeriod: Said<BillingPeriod> | undefined;
  let ended: Said<RecordedOf<'SubscriptionEnded'>> | undefined;
  return {
    add: (event: SubscriptionEvent, place: number): void => {
      if (event.type === 'SubscriptionEnded') {
        ended = later(ended, place, event);
        return;
      }
      quantity = later(quantity, place, event.data.quantity);
      price = later(price, place, event.data.price);
      billingPeriod = later(billingPeriod, place, event.data.billingPeriod);
    },
    now: (): InEffect => ({
      quantity: quantity?.value,
      price: price?.value,
      billingPeriod: billingPeriod?.value,
      ended: ended?.value,
    }),
  };
};

/**
 * What is in effect at an instant, from a subscription's facts in fold order. Without an instant, all facts are in
 * effect.
 */
export const inEffectAt = (own: readonly SubscriptionEvent[], at: Instant | undefined): InEffect => {
  const gathered = gatherInEffect();
  for (const [place, event] of own.entries())
    if (at === undefined || effectiveAt(event) <= at) gathered.add(event, place);
  return gathered.now();
};

/**
 * What was in effect just before each of `decisions`, which are some of a subscription's facts. Only facts that come
 * before a decision count for it. Both lists are in fold order.
 */
export const inEffectBefore = (
  own: readonly SubscriptionEvent[],
  decisions: readonly RecordedEvent[],
): ReadonlyMap<RecordedEvent, InEffect> => {
  const places = new Map<RecordedEvent, number>(own.map((event, place) => [event, place]));
  const placeOf = (event: RecordedEvent): number => places.get(event) ?? own.length;
  // The first decision that comes after a fact and finds it in effect. The fact counts from that decision on.
  const bears = Map.groupBy(own.entries(), ([place, event]) =>
    turningPoint(decisions, (decision) => placeOf(decision) > place && decision.occurredAt >= effectiveAt(event)),
  );
  const gathered = gatherInEffect();
  return new Map(
    decisions.map((decision, index) => {
      for (const [place, event] of bears.get(index) ?? []) gathered.add(event, place);
      return [decision, gathered.now()];
    }),
  );
};
