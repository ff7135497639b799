// What follows from an engagement's standing events alone?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { type ExternalId, parseStreamId } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import { isClaim, type StoodAside, saysNoClaims, stoodAsideIn } from '../claims.ts';
import { lastBefore } from '../time/sortedSearch.ts';
import { type Closing, closingsOf } from './closings.ts';
import { type Facts, factsOf, factsUntil } from './facts.ts';
import { type Handoff, handoffsOf } from './handoffs.ts';
import { type Journey, journeyOf } from './journey.ts';
import { type Lead, leadsOf } from './leads.ts';
import { type Order, ordersOf } from './orders.ts';
import { type Subscription, subscriptionsOf } from './subscriptions.ts';

/** An engagement at an instant: a pure function of its standing events up to then. */
export interface Engagement extends Facts {
  readonly streamId: string;
  readonly tenantId: string;
  readonly engagementId: string;
  /** The instant up to which the events count; undefined: all of them. */
  readonly until: Instant | undefined;
  readonly opened: RecordedOf<'EngagementOpened'> | undefined;
  /** The lead partners, each from an instant on: assignments in fold order. `partner` is undefined if nobody leads from then on. */
  readonly leads: readonly Lead[];
  /** Every closing of the deal, in fold order. */
  readonly closings: readonly Closing[];
  readonly subscriptions: readonly Subscription[];
  readonly orders: readonly Order[];
  readonly handoffs: readonly Handoff[];
  readonly journey: Journey;
  /** A partner's claims that count for nothing, because the vendor or a system says the same thing. `events` lacks them. */
  readonly stoodAside: readonly StoodAside[];
  /** What the vendor says about flags, in fold order. `events` lacks it: no rule looks at it, so that it changes no flag. */
  readonly dismissals?: readonly RecordedOf<'FlagDismissed'>[];
  /** The deal facts of each engagement that was combined with it: only their values count. `events` lacks them. */
  readonly combined?: readonly (readonly RecordedEvent[])[];
  /** The streams of merged engagements whose deals stand aside. */
  readonly dealsAside?: ReadonlySet<string>;
  /** The engagement into which it was merged: its facts count there. */
  readonly mergedInto?: string | undefined;
  /** Its merge that would close a circle, and so doesn't count. */
  readonly mergeInCircle?: RecordedOf<'EngagementMerged'> | undefined;
  /** The facts whose offers don't count, because only a partner says them and the offers are another's. */
  readonly offersLeftOut?: readonly RecordedEvent[];
}

/**
 * The lead partners, as far as they decide who saw commercial fields. What partners say of the lead counts only if nobody else
 * says who leads: a partner that leads now can't open the engagement anew, at an earlier date, to see what was said before.
 */
export const vouchedLeadsOf = ({ events }: Pick<Facts, 'events'>): Engagement['leads'] => {
  const say = events.filter(({ type }) => type === 'EngagementOpened' || type === 'PartnerAssigned');
  const vouched = say.filter((event) => !isClaim(event));
  return leadsOf(vouched.length > 0 ? vouched : say);
};

/** The stream of some events, and the ids in its name; empty without events. */
const idsOf = (events: readonly RecordedEvent[]): Pick<Engagement, 'streamId' | 'tenantId' | 'engagementId'> => {
  const streamId = events[0]?.streamId ?? '';
  const { tenantId, id } = streamId === '' ? { tenantId: '', id: '' } : parseStreamId(streamId);
  return { streamId, tenantId, engagementId: id };
};

/**
 * Folds an engagement from its standing events (see `standing`), in fold order. With `until`, Renew also opens by time
 * once a term's window has come. Without it, only facts change the stage.
 */
export const foldEngagement = (events: readonly RecordedEvent[], until?: Instant): Engagement => {
  const stoodAside = stoodAsideIn(events);
  const aside = new Set(stoodAside.map(({ claim }) => claim));
  const facts = factsOf(aside.size === 0 ? events : events.filter((event) => !aside.has(event)));
  const subscriptions = subscriptionsOf(facts, until);
  return {
    ...facts,
    ...idsOf(events),
    until,
    opened: facts.of('EngagementOpened')[0],
    leads: leadsOf(facts.events),
    closings: closingsOf(facts),
    subscriptions,
    orders: ordersOf(facts),
    handoffs: handoffsOf(facts),
    journey: journeyOf(facts, subscriptions, until),
    stoodAside,
  };
};

/** What is found when it is first asked for, and then kept. */
const once = <Found>(find: () => Found): (() => Found) => {
  let found: { readonly answer: Found } | undefined;
  return () => {
    found ??= { answer: find() };
    return found.answer;
  };
};

/** The facts up to an instant, without the claims that stood aside by then. */
const factsBy = (facts: Facts, at: Instant): Pick<Engagement, 'stoodAside'> & { readonly facts: Facts } => {
  const until = factsUntil(facts, at);
  // Whoever says no claims has none that stand aside.
  if (saysNoClaims(facts.events)) return { facts: until, stoodAside: [] };
  const stoodAside = stoodAsideIn(until.events);
  const aside = new Set(stoodAside.map(({ claim }) => claim));
  const counted = aside.size === 0 ? until : factsOf(until.events.filter((event) => !aside.has(event)));
  return { facts: counted, stoodAside };
};

/**
 * The engagement as it was at an earlier instant: what `foldEngagement` makes of its events up to then. Its parts are found when a
 * rule first asks for them, since few are asked about most of the time that has passed.
 */
export const engagementUntil = (engagement: Engagement, until: Instant): Engagement => {
  const { facts, stoodAside } = factsBy(engagement, until);
  const leads = once(() =>
    saysNoClaims(engagement.events) ? engagement.leads.filter(({ at }) => at <= until) : leadsOf(facts.events),
  );
  const closings = once(() => closingsOf(facts));
  const subscriptions = once(() => subscriptionsOf(facts, until));
  const orders = once(() => ordersOf(facts));
  const handoffs = once(() => handoffsOf(facts));
  const journey = once(() => journeyOf(facts, subscriptions(), until));
  const combined = once(() => engagement.combined?.map((deal) => deal.filter((event) => event.occurredAt <= until)));
  return {
    ...facts,
    ...idsOf(engagement.events),
    until,
    opened: facts.of('EngagementOpened')[0],
    stoodAside,
    dealsAside: engagement.dealsAside ?? new Set(),
    get leads() {
      return leads();
    },
    get closings() {
      return closings();
    },
    get subscriptions() {
      return subscriptions();
    },
    get orders() {
      return orders();
    },
    get handoffs() {
      return handoffs();
    },
    get journey() {
      return journey();
    },
    get combined() {
      return combined() ?? [];
    },
  };
};

/** The lead partner at an instant, as the facts name it; undefined if there was none. */
export const leadAt = ({ leads }: Pick<Engagement, 'leads'>, at: Instant): ExternalId | undefined =>
  lastBefore(leads, (lead) => lead.at > at)?.partner;
