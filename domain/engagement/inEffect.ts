// What holds for a subscription at an instant, by those of its facts that are in effect?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { BillingPeriod } from '../../events/fields.ts';
import type { Instant } from '../../events/instant.ts';
import type { Money } from '../../events/money.ts';
import { turningPoint } from '../time/sortedSearch.ts';
import type { Facts } from './facts.ts';

export type SubscriptionEvent = RecordedOf<
  | 'SubscriptionStarted'
  | 'SubscriptionSuspended'
  | 'SubscriptionReinstated'
  | 'SubscriptionChanged'
  | 'SubscriptionRenewed'
  | 'CancellationAnnounced'
  | 'SubscriptionEnded'
>;

const isOfSubscription = (event: RecordedEvent): event is SubscriptionEvent =>
  event.type === 'SubscriptionStarted' ||
  event.type === 'SubscriptionSuspended' ||
  event.type === 'SubscriptionReinstated' ||
  event.type === 'SubscriptionChanged' ||
  event.type === 'SubscriptionRenewed' ||
  event.type === 'CancellationAnnounced' ||
  event.type === 'SubscriptionEnded';

/** The subscriptions that an order started, by what either of them says. */
const startedByOrder = (facts: Facts, orderId: string): ReadonlySet<string> =>
  new Set([
    ...facts.of('SubscriptionStarted').flatMap(({ data }) => (data.orderId === orderId ? [data.subscriptionId] : [])),
    ...facts.of('OrderFulfilled').flatMap(({ data }) => (data.orderId === orderId ? data.subscriptionIds : [])),
  ]);

/**
 * The facts of each subscription by its id, in fold order. A cancellation that names no subscription is a fact of each
 * subscription of its order; without an order, of each that is known by then.
 */
export const factsBySubscription = (facts: Facts): ReadonlyMap<string, readonly SubscriptionEvent[]> => {
  const own = facts.events.filter(isOfSubscription);
  const named = own.filter(({ data }) => data.subscriptionId !== undefined);
  const bySubscription = Map.groupBy(named, ({ data }) => data.subscriptionId ?? '');
  if (named.length === own.length) return bySubscription;
  return new Map(
    [...bySubscription].map(([subscriptionId, [first]]) => [
      subscriptionId,
      own.filter((event, place) => {
        if (event.data.subscriptionId !== undefined) return event.data.subscriptionId === subscriptionId;
        const { orderId } = 'orderId' in event.data ? event.data : {};
        return orderId === undefined
          ? first !== undefined && own.indexOf(first) < place
          : startedByOrder(facts, orderId).has(subscriptionId);
      }),
    ]),
  );
};

/** When a fact takes effect: a change or an end may be announced before. */
export const effectiveAt = (event: SubscriptionEvent): Instant => {
  switch (event.type) {
    case 'SubscriptionSuspended':
    case 'SubscriptionReinstated':
    case 'SubscriptionChanged':
    case 'SubscriptionEnded':
      return event.data.effectiveAt ?? event.occurredAt;
    case 'SubscriptionStarted':
    case 'SubscriptionRenewed':
    case 'CancellationAnnounced':
      return event.occurredAt;
    default:
      return event satisfies never;
  }
};

/** What the facts in effect say: the last value of each field, in fold order. */
export interface InEffect {
  readonly quantity: number | undefined;
  readonly price: Money | undefined;
  /** Why the price is not known, as its adapter says; undefined if it is known, or if nobody named one. */
  readonly priceReason: string | undefined;
  readonly billingPeriod: BillingPeriod | undefined;
  /** When its trial ends or ended. */
  readonly trialEnd: Instant | undefined;
  readonly suspended: boolean;
  /** Whether it renews automatically; false once a cancellation is announced. */
  readonly autoRenew: boolean | undefined;
  /** The cancellation that is announced and not withdrawn. */
  readonly cancellation: RecordedOf<'CancellationAnnounced'> | undefined;
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
  let quantity: Said<number | null> | undefined;
  let pricing: Said<{ readonly price: Money } | { readonly reason: string }> | undefined;
  let billingPeriod: Said<BillingPeriod> | undefined;
  let trialEnd: Said<Instant> | undefined;
  let suspended: Said<boolean> | undefined;
  let autoRenew: Said<boolean> | undefined;
  let cancellation: Said<RecordedOf<'CancellationAnnounced'> | null> | undefined;
  let ended: Said<RecordedOf<'SubscriptionEnded'>> | undefined;

  const addPlan = (
    { type, data }: RecordedOf<'SubscriptionStarted' | 'SubscriptionChanged' | 'SubscriptionRenewed'>,
    place: number,
  ): void => {
    const { price, priceReason: reason } = data;
    quantity = later(quantity, place, data.quantity);
    const priced = reason === undefined ? undefined : { reason };
    pricing = later(pricing, place, price === undefined ? priced : { price });
    billingPeriod = later(billingPeriod, place, data.billingPeriod);
    if (type === 'SubscriptionRenewed') cancellation = later(cancellation, place, null);
    else {
      trialEnd = later(trialEnd, place, data.trialEnd);
      autoRenew = later(autoRenew, place, data.autoRenew);
      if (data.autoRenew === true) cancellation = later(cancellation, place, null);
    }
  };

  return {
    add: (event: SubscriptionEvent, place: number): void => {
      switch (event.type) {
        case 'SubscriptionEnded':
          ended = later(ended, place, event);
          break;
        case 'CancellationAnnounced':
          cancellation = later(cancellation, place, event);
          break;
        case 'SubscriptionSuspended':
        case 'SubscriptionReinstated':
          suspended = later(suspended, place, event.type === 'SubscriptionSuspended');
          break;
        case 'SubscriptionStarted':
        case 'SubscriptionChanged':
        case 'SubscriptionRenewed':
          addPlan(event, place);
          break;
        default:
          event satisfies never;
      }
    },
    now: (): InEffect => ({
      quantity: quantity?.value ?? undefined,
      price: pricing !== undefined && 'price' in pricing.value ? pricing.value.price : undefined,
      priceReason: pricing !== undefined && 'reason' in pricing.value ? pricing.value.reason : undefined,
      billingPeriod: billingPeriod?.value,
      trialEnd: trialEnd?.value,
      suspended: suspended?.value ?? false,
      autoRenew: cancellation?.value == null ? autoRenew?.value : false,
      cancellation: cancellation?.value ?? undefined,
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
