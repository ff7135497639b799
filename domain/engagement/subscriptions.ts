// Which subscriptions does an engagement hold, in which terms, and what are they worth a year?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { BillingPeriod } from '../../events/fields.ts';
import { epochOf, type Instant, instantOf } from '../../events/instant.ts';
import type { Money } from '../../events/money.ts';
import { renewalDays } from '../context/policy.ts';
import { oncePer } from '../oncePer.ts';
import { quotient } from '../quotient.ts';
import type { Facts } from './facts.ts';
import { effectiveAt, factsBySubscription, type InEffect, inEffectAt, type SubscriptionEvent } from './inEffect.ts';

/** One term. A renewal or an end decides it. */
export interface Term {
  readonly start: Instant;
  readonly end: Instant | undefined;
  /** The event that began it: the start or the renewal. */
  readonly begunBy: RecordedEvent;
  readonly decidedBy: RecordedOf<'SubscriptionRenewed' | 'SubscriptionEnded'> | undefined;
}

/** When the end of a subscription was known: as it was said, if that was after it took effect. What stood until then isn't undone. */
export const endKnownAt = ({ at, event }: NonNullable<Subscription['ended']>): Instant =>
  event.occurredAt > at ? event.occurredAt : at;

export interface Subscription extends Omit<InEffect, 'ended'> {
  readonly subscriptionId: string;
  /** Undefined if only later facts of the subscription are known. */
  readonly started: RecordedOf<'SubscriptionStarted'> | undefined;
  readonly terms: readonly Term[];
  readonly ended: { readonly at: Instant; readonly event: RecordedOf<'SubscriptionEnded'> } | undefined;
}

/** How many days, weeks, months and years a year has (domain reference B0). */
const perYear: ReadonlyMap<string, number> = new Map([
  ['D', 365],
  ['W', 52],
  ['M', 12],
  ['Y', 1],
]);

/**
 * A price as minor units a year: the price, times the units a year, divided by the units of a period. It is rounded
 * half to even if it does not divide. Rows take `yearlyOf`: a number holds the amount exactly only up to 2⁵³.
 */
export const annualised = (price: Money, billingPeriod: BillingPeriod): Money => {
  const units = BigInt(billingPeriod.slice(1, -1));
  const timesUnits = BigInt(price.amountMinor) * BigInt(perYear.get(billingPeriod.slice(-1)) ?? 1);
  return { amountMinor: Number(quotient(timesUnits, units)), currency: price.currency };
};

/** A price as minor units a year; undefined if the amount is too large for an exact number. */
const yearlyOf = (price: Money, billingPeriod: BillingPeriod): Money | undefined => {
  const yearly = annualised(price, billingPeriod);
  return Number.isSafeInteger(yearly.amountMinor) ? yearly : undefined;
};

/**
 * When each announced change, suspension or end takes effect, and when each trial ends: the subscription's state may
 * change then without a new fact.
 */
export const effectsOf = (facts: Facts): readonly Instant[] => [
  ...[
    ...facts.of('SubscriptionSuspended'),
    ...facts.of('SubscriptionReinstated'),
    ...facts.of('SubscriptionChanged'),
    ...facts.of('SubscriptionEnded'),
  ].map(effectiveAt),
  ...[...facts.of('SubscriptionStarted'), ...facts.of('SubscriptionChanged')].flatMap(
    ({ data }) => data.trialEnd ?? [],
  ),
];

const begun = (event: RecordedOf<'SubscriptionStarted' | 'SubscriptionRenewed'>): Term => ({
  ...{ start: event.data.termStart, end: event.data.termEnd },
  ...{ begunBy: event, decidedBy: undefined },
});

/** The term with the start and end that a change gives it, such as a new interval or a new anchor. */
const moved = (term: Term, { data }: RecordedOf<'SubscriptionChanged'>): Term => ({
  ...term,
  start: data.termStart ?? term.start,
  end: data.termEnd ?? term.end,
});

/** Where the term of a start stands: before the terms that begin later, since a start may be said after the first renewal. */
const placeOf = (terms: readonly Term[], { data: { termStart } }: RecordedOf<'SubscriptionStarted'>): number =>
  terms.findLastIndex(({ start }) => start <= termStart) + 1;

/** The term of a start; a renewal that was said before it has decided it. */
const startedBy = (terms: readonly Term[], event: RecordedOf<'SubscriptionStarted'>): Term => {
  const next = terms[placeOf(terms, event)]?.begunBy;
  return { ...begun(event), decidedBy: next?.type === 'SubscriptionRenewed' ? next : undefined };
};

const termsOf = (events: readonly SubscriptionEvent[]): readonly Term[] => {
  const terms: Term[] = [];
  for (const event of events) {
    const open = terms.at(-1);
    const undecided = open?.decidedBy === undefined ? open : undefined;
    switch (event.type) {
      case 'SubscriptionSuspended':
      case 'SubscriptionReinstated':
      case 'CancellationAnnounced':
        break;
      case 'SubscriptionChanged':
        if (undecided !== undefined) terms[terms.length - 1] = moved(undecided, event);
        break;
      case 'SubscriptionStarted':
        terms.splice(placeOf(terms, event), 0, startedBy(terms, event));
        break;
      case 'SubscriptionRenewed':
        if (undecided !== undefined) terms[terms.length - 1] = { ...undecided, decidedBy: event };
        terms.push(begun(event));
        break;
      case 'SubscriptionEnded':
        if (undecided !== undefined) terms[terms.length - 1] = { ...undecided, decidedBy: event };
        break;
      default:
        event satisfies never;
    }
  }
  return terms;
};

const subscriptionOf = (
  subscriptionId: string,
  events: readonly SubscriptionEvent[],
  until: Instant | undefined,
): Subscription => {
  const { ended, ...said } = inEffectAt(events, until);
  return {
    subscriptionId,
    started: events.find((event) => event.type === 'SubscriptionStarted'),
    terms: termsOf(events),
    ...said,
    ended: ended === undefined ? undefined : { at: effectiveAt(ended), event: ended },
  };
};

/** A subscription once all its facts are in effect, and from when on they are. It is found once for each list of them. */
const settled = oncePer((events: readonly SubscriptionEvent[]) => {
  const from = events.map(effectiveAt).reduce((last, at) => (at > last ? at : last), '');
  let found: Subscription | undefined;
  return {
    from,
    as: (subscriptionId: string): Subscription => {
      found ??= subscriptionOf(subscriptionId, events, undefined);
      return found;
    },
  };
});

const subscriptionAt = (
  subscriptionId: string,
  events: readonly SubscriptionEvent[],
  until: Instant | undefined,
): Subscription => {
  const known = settled(events);
  return until === undefined || known.from <= until
    ? known.as(subscriptionId)
    : subscriptionOf(subscriptionId, events, until);
};

/** The engagement's subscriptions as they are at `until`, sorted by the start of their first term, then by id. */
export const subscriptionsOf = (facts: Facts, until?: Instant): readonly Subscription[] =>
  [...factsBySubscription(facts)]
    .map(([id, events]) => subscriptionAt(id, events, until))
    .sort((a, b) => compare(startOf(a), startOf(b)) || compare(a.subscriptionId, b.subscriptionId));

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const startOf = (subscription: Subscription): Instant => subscription.terms[0]?.start ?? '9999-12-31T23:59:59.999Z';

/** The anchor: the earliest base licence or managed service, else the earliest subscription. */
export const anchorOf = (subscriptions: readonly Subscription[]): Subscription | undefined =>
  subscriptions.find(
    ({ started }) => started?.data.kind === 'base_licence' || started?.data.kind === 'managed_service',
  ) ?? subscriptions[0];

const dayLength = 86_400_000;

/** A term's length in days; undefined if it has no end. */
export const daysOf = (term: Term): number | undefined =>
  term.end === undefined ? undefined : (epochOf(term.end) - epochOf(term.start)) / dayLength;

/**
 * When a term's window begins: `renewalDays` before its end, but at most a quarter of the term. Undefined without an
 * end, and for a term under `renewalDays`.
 */
export const windowOf = oncePer((term: Term): Instant | undefined => {
  const days = daysOf(term);
  if (term.end === undefined || days === undefined || days < renewalDays) return undefined;
  return instantOf(epochOf(term.end) - Math.min(renewalDays, days / 4) * dayLength);
});

/**
 * When a term opens Renew: as its window begins, but not before the event that began the term. Undefined if it never
 * does.
 */
export const opensRenewAt = (term: Term): Instant | undefined => {
  const window = windowOf(term);
  return window === undefined || window > term.begunBy.occurredAt ? window : term.begunBy.occurredAt;
};

/**
 * What a subscription is worth a year, by what is in effect. Undefined without a price or a billing period, if the
 * amount is too large for an exact number, and once it has ended.
 */
export const arrOf = ({
  price,
  billingPeriod,
  ended,
}: {
  readonly price: Money | undefined;
  readonly billingPeriod: BillingPeriod | undefined;
  readonly ended: object | undefined;
}): Money | undefined =>
  price === undefined || billingPeriod === undefined || ended !== undefined
    ? undefined
    : yearlyOf(price, billingPeriod);
