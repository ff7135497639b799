// What do an engagement's events say for the renewal of a term? Lists are sorted and counted once, for all terms.
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Term } from '../engagement/subscriptions.ts';
import { impactReportsOf } from '../engagement/value/impactReports.ts';
import { type Outcome, outcomesOf, reaches } from '../engagement/value/outcomes.ts';
import { inFoldOrder } from '../history.ts';
import { turningPoint } from '../time/sortedSearch.ts';
import type { RowContext } from './rowContext.ts';

/** What happens from an instant on, and before another, belongs to a term: from its start, before the next one's. */
interface Stretch {
  readonly from: Instant;
  readonly until: Instant | undefined;
}

const stretchOf = ({ start, decidedBy }: Term): Stretch => ({
  from: start,
  until: decidedBy?.type === 'SubscriptionRenewed' ? decidedBy.data.termStart : undefined,
});

/** A list in the order of time, of which the part that lies in a stretch is found fast. */
interface Timed<Item> {
  /** How many items lie in the stretch. */
  readonly count: (stretch: Stretch) => number;
  readonly first: (stretch: Stretch) => Item | undefined;
  readonly last: (stretch: Stretch) => Item | undefined;
}

const timed = <Item>(items: readonly Item[], timeOf: (item: Item) => Instant): Timed<Item> => {
  const sorted = items
    .map((item) => ({ item, time: timeOf(item) }))
    .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  const begins = ({ from }: Stretch): number => turningPoint(sorted, ({ time }) => time >= from);
  const ends = ({ until }: Stretch): number => turningPoint(sorted, ({ time }) => until !== undefined && time >= until);
  const count = (stretch: Stretch): number => Math.max(0, ends(stretch) - begins(stretch));
  return {
    count,
    first: (stretch) => (count(stretch) === 0 ? undefined : sorted[begins(stretch)]?.item),
    last: (stretch) => (count(stretch) === 0 ? undefined : sorted[ends(stretch) - 1]?.item),
  };
};

const occurring = <E extends RecordedEvent>(events: readonly E[]): Timed<E> =>
  timed(events, ({ occurredAt }) => occurredAt);

/** For each subscription that the events name, those that name it. */
const bySubscription = <E extends RecordedEvent>(
  events: readonly E[],
  namesOf: (event: E) => readonly string[],
  timedBy: (own: readonly E[]) => Timed<E>,
): ReadonlyMap<string, Timed<E>> => {
  const named = events.flatMap((event) => [...new Set(namesOf(event))].map((name) => ({ name, event })));
  return new Map(
    [...Map.groupBy(named, ({ name }) => name)].map(([name, own]) => [name, timedBy(own.map(({ event }) => event))]),
  );
};

const isMet = ({ agreed, measured }: Outcome): boolean => {
  const last = measured.at(-1);
  return last !== undefined && reaches(last, agreed) === true;
};

const adoptionOf = (used: RecordedOf<'UsageMeasured'> | undefined): number | null =>
  used === undefined ? null : Math.min(1, used.data.activeUnits / (used.data.purchasedUnits ?? 1));

/** Finds the evidence of any term of any subscription, and the last event that it rests on. */
export const evidenceIn = ({ engagement, now }: Pick<RowContext, 'engagement' | 'now'>) => {
  const reported = engagement.of('ValueReported');
  const [reports, tickets] = [occurring(reported), occurring(engagement.of('TicketOpened'))];
  const impact = occurring(impactReportsOf(engagement));
  const due = outcomesOf(engagement).flatMap((outcome) =>
    outcome.replacedBy === undefined && outcome.due !== undefined && outcome.due.endsAt <= now
      ? [{ outcome, endsAt: outcome.due.endsAt }]
      : [],
  );
  const outcomes = timed(due, ({ endsAt }) => endsAt);
  const met = timed(
    due.filter(({ outcome }) => isMet(outcome)),
    ({ endsAt }) => endsAt,
  );
  const ofOutcomes = [...engagement.of('OutcomeAgreed').slice(-1), ...engagement.of('OutcomeMeasured').slice(-1)];
  const usage = bySubscription(
    engagement.of('UsageMeasured').filter(({ data }) => (data.purchasedUnits ?? 0) > 0),
    ({ data }) => [data.subscriptionId],
    (own) => timed(own, ({ data }) => data.windowStart),
  );
  const proposals = bySubscription(
    engagement.of('RenewalProposed'),
    ({ data }) => data.subscriptionIds,
    (own) => occurring(own),
  );
  return (subscriptionId: string, term: Term) => {
    const stretch = stretchOf(term);
    const used = usage.get(subscriptionId)?.last(stretch);
    const proposed = proposals.get(subscriptionId)?.first(stretch);
    const outcomesDue = outcomes.count(stretch);
    const rests: readonly (RecordedEvent | undefined)[] = [
      ...[term.begunBy, term.decidedBy, used, proposed, reports.last(stretch), tickets.last(stretch)],
      ...(outcomesDue === 0 ? [] : ofOutcomes),
    ];
    return {
      last: rests
        .filter((event) => event !== undefined)
        .sort(inFoldOrder)
        .at(-1),
      evidence: {
        reports: reports.count(stretch),
        impactReports: impact.count(stretch),
        lastImpactAt: impact.last(stretch)?.occurredAt ?? null,
        outcomesDue,
        outcomesMet: met.count(stretch),
        adoption: adoptionOf(used),
        tickets: tickets.count(stretch),
        proposedAt: proposed?.occurredAt ?? null,
      },
    };
  };
};
