// Which subscriptions does an engagement hold, in which terms, and what are they worth a year?
import type { RecordedEvent, RecordedOf } from '../events/catalog.ts';
import type { BillingPeriod } from '../events/fields.ts';
import { epochOf, type Instant } from '../events/instant.ts';
import type { Money } from '../events/money.ts';
import type { Facts } from './engagement.ts';

/** One term, until it is decided by a renewal or an end. */
export interface Term {
  readonly start: Instant;
  readonly end: Instant | undefined;
  /** The event that began it: the start or the renewal. */
  readonly begunBy: RecordedEvent;
  readonly decidedBy: RecordedOf<'SubscriptionRenewed' | 'SubscriptionEnded'> | undefined;
}

export interface Subscription {
  readonly subscriptionId: string;
  /** Absent while only later facts of the subscription are known. */
  readonly started: RecordedOf<'SubscriptionStarted'> | undefined;
  readonly terms: readonly Term[];
  readonly quantity: number | undefined;
  readonly price: Money | undefined;
  readonly billingPeriod: BillingPeriod | undefined;
  readonly ended: { readonly at: Instant; readonly event: RecordedOf<'SubscriptionEnded'> } | undefined;
}

type SubscriptionEvent = RecordedOf<
  'SubscriptionStarted' | 'SubscriptionChanged' | 'SubscriptionRenewed' | 'SubscriptionEnded'
>;

/** Periods of a year, by billing period (domain reference B0): a price times this is its yearly amount. */
const perYear: Readonly<Record<BillingPeriod, number>> = {
  P1D: 365,
  P1W: 52,
  P1M: 12,
  P3M: 4,
  P6M: 2,
  P1Y: 1,
  P2Y: 1 / 2,
  P3Y: 1 / 3,
};

/** A price as minor units a year, rounded half to even where a term of years does not divide. */
export const annualised = (price: Money, billingPeriod: BillingPeriod): Money => {
  const exact = price.amountMinor * perYear[billingPeriod];
  const below = Math.floor(exact);
  const rounded = exact - below === 0.5 ? below + (below % 2) : Math.round(exact);
  return { amountMinor: rounded, currency: price.currency };
};

const effectiveAt = (event: SubscriptionEvent): Instant => {
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

/** When an announced change or end takes effect: an instant at which a subscription's state changes without a fact. */
export const effectsOf = (facts: Facts): readonly Instant[] =>
  [...facts.of('SubscriptionChanged'), ...facts.of('SubscriptionEnded')].map(effectiveAt);

const termsOf = (events: readonly SubscriptionEvent[]): readonly Term[] => {
  const terms: Term[] = [];
  for (const event of events) {
    const open = terms.at(-1);
    if (event.type === 'SubscriptionChanged') continue;
    if (event.type !== 'SubscriptionStarted' && open !== undefined && open.decidedBy === undefined) {
      terms[terms.length - 1] = { ...open, decidedBy: event };
    }
    if (event.type !== 'SubscriptionEnded') {
      terms.push({ start: event.data.termStart, end: event.data.termEnd, begunBy: event, decidedBy: undefined });
    }
  }
  return terms;
};

const subscriptionOf = (
  subscriptionId: string,
  events: readonly SubscriptionEvent[],
  until: Instant | undefined,
): Subscription => {
  const inEffect = events.filter((event) => until === undefined || effectiveAt(event) <= until);
  const latest = <V>(pick: (event: SubscriptionEvent) => V | undefined): V | undefined =>
    inEffect
      .map(pick)
      .filter((value) => value !== undefined)
      .at(-1);
  const end = inEffect.filter((event) => event.type === 'SubscriptionEnded').at(-1);
  return {
    subscriptionId,
    started: events.find((event) => event.type === 'SubscriptionStarted'),
    terms: termsOf(events),
    quantity: latest((event) => (event.type === 'SubscriptionEnded' ? undefined : event.data.quantity)),
    price: latest((event) => (event.type === 'SubscriptionEnded' ? undefined : event.data.price)),
    billingPeriod: latest((event) => (event.type === 'SubscriptionEnded' ? undefined : event.data.billingPeriod)),
    ended: end === undefined ? undefined : { at: effectiveAt(end), event: end },
  };
};

/** The engagement's subscriptions as they are at `until`, by start of their first term, then id. */
export const subscriptionsOf = (facts: Facts, until?: Instant): readonly Subscription[] => {
  const byId = new Map<string, SubscriptionEvent[]>();
  for (const event of facts.events) {
    if (
      event.type === 'SubscriptionStarted' ||
      event.type === 'SubscriptionChanged' ||
      event.type === 'SubscriptionRenewed' ||
      event.type === 'SubscriptionEnded'
    ) {
      const events = byId.get(event.data.subscriptionId);
      if (events === undefined) byId.set(event.data.subscriptionId, [event]);
      else events.push(event);
    }
  }
  return [...byId]
    .map(([id, events]) => subscriptionOf(id, events, until))
    .sort((a, b) => startOf(a).localeCompare(startOf(b)) || (a.subscriptionId < b.subscriptionId ? -1 : 1));
};

const startOf = (subscription: Subscription): Instant => subscription.terms[0]?.start ?? '9999-12-31T23:59:59.999Z';

/** The anchor (design, part 4): the earliest base licence or managed service, else the earliest subscription. */
export const anchorOf = (subscriptions: readonly Subscription[]): Subscription | undefined =>
  subscriptions.find(
    ({ started }) => started?.data.kind === 'base_licence' || started?.data.kind === 'managed_service',
  ) ?? subscriptions[0];

const dayLength = 86_400_000;

/** A term's length in days; undefined where it has no end. */
export const daysOf = (term: Term): number | undefined =>
  term.end === undefined ? undefined : (epochOf(term.end) - epochOf(term.start)) / dayLength;

/** When a term opens Renew: min(90 days, a quarter of the term) before its end; terms under 90 days never do. */
export const windowOf = (term: Term): Instant | undefined => {
  const days = daysOf(term);
  if (term.end === undefined || days === undefined || days < 90) return undefined;
  return new Date(epochOf(term.end) - Math.min(90, days / 4) * dayLength).toISOString();
};

/** What a subscription is worth a year at the fold's instant; undefined without price or billing period, or once ended. */
export const arrOf = (subscription: Subscription): Money | undefined =>
  subscription.price === undefined || subscription.billingPeriod === undefined || subscription.ended !== undefined
    ? undefined
    : annualised(subscription.price, subscription.billingPeriod);
