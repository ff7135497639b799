// What holds for a subscription at an instant, by those of its facts that are in effect?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { BillingPeriod } from '../../events/fields.ts';
import type { Instant } from '../../events/instant.ts';
import type { Money } from '../../events/money.ts';
import { cutOf } from '../cuts.ts';
import { oncePer } from '../oncePer.ts';
import { turningPoint } from '../time/sortedSearch.ts';
import { type Facts, upTo } from './facts.ts';

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

/**
 * The facts of each subscription by its id, in fold order. A cancellation that names no subscription is a fact of each
 * subscription of its order; without an order, of each subscription. In both cases it is of those that are known by
 * then.
 */
export const factsBySubscription = ({
  events,
}: Pick<Facts, 'events'>): ReadonlyMap<string, readonly SubscriptionEvent[]> => groupedIn(events);

const groupedIn = oncePer((events: Facts['events']): ReadonlyMap<string, readonly SubscriptionEvent[]> => {
  const cut = cutOf(events);
  return cut === undefined ? grouped(events) : groupedUntil(groupedIn(cut.from), cut.at);
});

/** The groups up to an instant. A group of which nothing is cut stays the same list, so that what is known of it stays known. */
const groupedUntil = (
  groups: ReadonlyMap<string, readonly SubscriptionEvent[]>,
  at: Instant,
): ReadonlyMap<string, readonly SubscriptionEvent[]> => {
  const until = new Map<string, readonly SubscriptionEvent[]>();
  for (const [id, own] of groups) {
    const cut = upTo(own, at);
    if (cut.length > 0) until.set(id, cut);
  }
  return until;
};

const grouped = (events: Facts['events']): ReadonlyMap<string, readonly SubscriptionEvent[]> => {
  const bySubscription = new Map<string, SubscriptionEvent[]>();
  const startedByOrder = new Map<string, Set<string>>();
  const note = (orderId: string, ids: readonly string[]): void => {
    const known = startedByOrder.get(orderId) ?? new Set();
    for (const id of ids) known.add(id);
    startedByOrder.set(orderId, known);
  };
  const cancelled = (orderId: string | undefined): Iterable<string> =>
    orderId === undefined ? bySubscription.keys() : (startedByOrder.get(orderId) ?? []);
  for (const event of events) {
    if (event.type === 'OrderFulfilled') note(event.data.orderId, event.data.subscriptionIds);
    if (!isOfSubscription(event)) continue;
    if (event.type === 'CancellationAnnounced' && event.data.subscriptionId === undefined) {
      for (const id of cancelled(event.data.orderId)) bySubscription.get(id)?.push(event);
      continue;
    }
    const { subscriptionId = '' } = event.data;
    const own = bySubscription.get(subscriptionId);
    if (own === undefined) bySubscription.set(subscriptionId, [event]);
    else own.push(event);
    if (event.type === 'SubscriptionStarted' && event.data.orderId !== undefined) {
      note(event.data.orderId, [subscriptionId]);
    }
  }
  return bySubscription;
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
  /** The event that named the price, or why it is not known. */
  readonly pricedBy: SubscriptionEvent | undefined;
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
  let pricing:
    | Said<({ readonly price: Money } | { readonly reason: string }) & { readonly by: SubscriptionEvent }>
    | undefined;
  let billingPeriod: Said<BillingPeriod> | undefined;
  let trialEnd: Said<Instant> | undefined;
  let suspended: Said<boolean> | undefined;
  let autoRenew: Said<boolean> | undefined;
  let cancellation: Said<RecordedOf<'CancellationAnnounced'> | null> | undefined;
  let ended: Said<RecordedOf<'SubscriptionEnded'>> | undefined;

  const addPlan = (
    by: RecordedOf<'SubscriptionStarted' | 'SubscriptionChanged' | 'SubscriptionRenewed'>,
    place: number,
  ): void => {
    const { type, data } = by;
    const { price, priceReason: reason } = data;
    quantity = later(quantity, place, data.quantity);
    const priced = reason === undefined ? undefined : { reason, by };
    pricing = later(pricing, place, price === undefined ? priced : { price, by });
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
      pricedBy: pricing?.value.by,
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
