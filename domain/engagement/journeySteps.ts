// Which facts and instants move an engagement's journey, in which order?
import type { EventType, RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Stage } from '../../events/stage.ts';
import { renewalDays } from '../context/policy.ts';
import { cutOf } from '../cuts.ts';
import { openingTypes, stagesOpenedBy } from '../lifecycle.ts';
import { oncePer } from '../oncePer.ts';
import { turningPoint } from '../time/sortedSearch.ts';
import type { Facts } from './facts.ts';
import { effectiveAt } from './inEffect.ts';
import { anchorOf, daysOf, opensRenewAt, type Subscription, type Term } from './subscriptions.ts';

/** What moves a journey: a fact, or a term's window that opens by time. */
export type Step = { readonly at: Instant; readonly order: number; readonly event: RecordedEvent | undefined } & (
  | { readonly kind: 'gate'; readonly stage: Stage }
  | { readonly kind: 'window'; readonly term: Term }
  | {
      readonly kind:
        | 'renewed'
        | 'renewedShort'
        | 'lost'
        | 'reopened'
        | 'withdrawn'
        | 'reinstated'
        | 'closed'
        | 'ended'
        | 'started';
    }
);

/**
 * The renewals that begin a new cycle: those of the anchor subscription, unless the term that they renew is shorter
 * than `renewalDays`.
 */
const countingRenewals = (anchor: Subscription | undefined): ReadonlySet<RecordedEvent> => {
  const terms = anchor?.terms ?? [];
  const decided = new Map<RecordedEvent | undefined, Term>(terms.map((term) => [term.decidedBy, term]));
  const counts = (begun: Term): boolean => {
    const renewed = decided.get(begun.begunBy);
    const days = (renewed === undefined ? undefined : daysOf(renewed)) ?? daysOf(begun);
    return days === undefined || days >= renewalDays;
  };
  return new Set(terms.filter(counts).map(({ begunBy }) => begunBy));
};

const takesBack: ReadonlyMap<EventType, 'reopened' | 'withdrawn' | 'reinstated' | 'closed'> = new Map([
  ['DealReopened', 'reopened'],
  ['EngagementWithdrawn', 'withdrawn'],
  ['EngagementReinstated', 'reinstated'],
  ['EngagementClosed', 'closed'],
]);

/** The types of which an event may move a journey: most events of a long life don't. */
const moving: ReadonlySet<EventType> = new Set([
  ...openingTypes,
  ...takesBack.keys(),
  ...(['DealClosed', 'SubscriptionStarted', 'SubscriptionRenewed', 'SubscriptionEnded'] as const),
]);

/** The events that may move a journey, each with its place in fold order. */
const movingIn = oncePer((events: readonly RecordedEvent[]): readonly Moving[] => {
  const cut = cutOf(events);
  if (cut !== undefined) {
    const all = movingIn(cut.from);
    return all.slice(
      0,
      turningPoint(all, ({ event }) => event.occurredAt > cut.at),
    );
  }
  const found: Moving[] = [];
  events.forEach((event, order) => {
    if (moving.has(event.type)) found.push({ event, order });
  });
  return found;
});

interface Moving {
  readonly event: RecordedEvent;
  readonly order: number;
}

/** The steps of a journey, in the order in which they move it. */
export const stepsOf = (facts: Facts, subscriptions: readonly Subscription[]): readonly Step[] => {
  const anchor = anchorOf(subscriptions);
  const counting = countingRenewals(anchor);
  const steps: Step[] = [];
  const ends = new Map<string, { readonly event: RecordedOf<'SubscriptionEnded'>; readonly order: number }>();
  for (const { event, order } of movingIn(facts.events)) {
    const step = { at: event.occurredAt, order, event };
    // What had ended goes on before the same event opens a stage of it.
    if (event.type === 'SubscriptionStarted') steps.push({ ...step, kind: 'started' });
    const [stage] = stagesOpenedBy(event);
    if (stage !== undefined) steps.push({ ...step, kind: 'gate', stage });
    if (event.type === 'DealClosed' && event.data.result === 'lost') steps.push({ ...step, kind: 'lost' });
    const kind = takesBack.get(event.type);
    if (kind !== undefined) steps.push({ ...step, kind });
    if (event.type === 'SubscriptionRenewed' && event.data.subscriptionId === anchor?.subscriptionId)
      steps.push({ ...step, kind: counting.has(event) ? 'renewed' : 'renewedShort' });
    if (event.type === 'SubscriptionEnded') ends.set(event.data.subscriptionId, { event, order });
  }
  for (const { subscriptionId, terms } of subscriptions) {
    for (const term of terms) {
      const at = opensRenewAt(term);
      if (at !== undefined) steps.push({ at, order: -1, event: undefined, kind: 'window', term });
    }
    const end = ends.get(subscriptionId);
    if (end !== undefined) steps.push({ ...end, at: effectiveAt(end.event), kind: 'ended' });
  }
  return steps.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.order - b.order));
};
