// Is the order of a won deal fulfilled within the days of its route?
import * as z from 'zod';
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { addDays, addMilliseconds, epochOf, type Instant } from '../../events/instant.ts';
import { unconfirmedIn, wordsFirst } from '../claims.ts';
import { winsOf } from '../engagement/closings.ts';
import { cycleOf, firstWordsOfCycles } from '../engagement/cycles.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { movedByExpectedClose } from '../engagement/expectedClose.ts';
import { inFoldOrder } from '../history.ts';
import { firstWhere } from '../time/sortedSearch.ts';
import { awaited, cites, measured, silence } from './awaited.ts';
import type { Evidence, Rule, Verdict } from './pattern.ts';

const days = (limit: number) => z.number().positive().max(3650).default(limit);
/** The days from the win to the fulfilment, by route. After twice as many days the flag is high. */
const stalledThresholds = z.object({
  ...{ direct: days(30), marketplace: days(30), two_tier: days(45), co_sell: days(60) },
  /** The days within which the first order of a purchase in several steps must be placed: its own days count from then. */
  firstStep: days(180),
});

type Placed = RecordedOf<'OrderPlaced'>;

interface Limit {
  readonly days: number;
  readonly route: RecordedOf<'RouteAgreed'>;
  readonly until: Instant | undefined;
}

interface Passed {
  readonly at: Instant;
  readonly limit: Limit;
  /** The days that passed, and the order since which they count; without an order, since the win. */
  readonly days: number;
  readonly since: Placed | undefined;
}

/** The first instant at which `times` the limit of the route in force has passed since a win. */
type PassedAt = (won: RecordedEvent, times: number) => Passed | undefined;

/** Since when the days of a win count, on a route in several steps or not. */
type Counting = (won: RecordedEvent, limit: Limit) => { readonly days: number; readonly since: Placed | undefined };

/**
 * A purchase in several steps, on purpose: the days count from the first order of the win's cycle, if that comes within `firstStep` days
 * after the win. Until then, the win waits for these days.
 */
export const countingOf = (engagement: Engagement, firstStep: number): Counting => {
  const first = new Map<number | undefined, Placed>();
  for (const event of engagement.of('OrderPlaced')) {
    const cycle = cycleOf(engagement.journey, event);
    if (!first.has(cycle)) first.set(cycle, event);
  }
  return (won, { days: each, route }) => {
    if (route.data.inSteps !== true) return { days: each, since: undefined };
    const placed = first.get(cycleOf(engagement.journey, won));
    const isInTime = placed !== undefined && placed.occurredAt <= addDays(won.occurredAt, firstStep);
    if (!isInTime) return { days: Math.max(each, firstStep), since: undefined };
    return { days: each, since: placed.occurredAt > won.occurredAt ? placed : undefined };
  };
};

/**
 * Finds when the limits of the agreed routes pass. A route that is replaced at once is never in force, so its limit
 * never passes. A partner's word gives no other limit than that of the vendor or a system, nor after `until`.
 */
const passingOf = (
  engagement: Engagement,
  thresholds: z.infer<typeof stalledThresholds>,
  until?: Instant,
): PassedAt => {
  const isUnconfirmed = unconfirmedIn(engagement.events);
  const routes = wordsFirst(engagement.of('RouteAgreed'), isUnconfirmed).filter(
    (route) => until === undefined || route.occurredAt <= until || !isUnconfirmed(route),
  );
  const limits = routes
    .map(
      (route, index): Limit => ({
        days: thresholds[route.data.route],
        route,
        until: routes[index + 1]?.occurredAt,
      }),
    )
    .filter(({ route, until }) => until === undefined || route.occurredAt < until);
  const counting = countingOf(engagement, thresholds.firstStep);
  const kinds = [...Map.groupBy(limits, ({ days: each, route }) => `${each} ${route.data.inSteps === true}`).values()];
  return (won, times) => {
    const passed = kinds.flatMap((alike): readonly Passed[] => {
      const [kind] = alike;
      if (kind === undefined) return [];
      const counted = counting(won, kind);
      const due = addDays((counted.since ?? won).occurredAt, counted.days * times);
      const limit = firstWhere(alike, ({ until }) => until === undefined || due < until);
      if (limit === undefined) return [];
      return [{ at: due > limit.route.occurredAt ? due : limit.route.occurredAt, limit, ...counted }];
    });
    return passed.sort((a, b) => inFoldOrder(a.limit.route, b.limit.route))[0];
  };
};

/**
 * Finds the fulfilment of a cycle's win: the first one after the win or in the cycle. A partner's claim counts where
 * nobody else says that an order was fulfilled in the cycle.
 */
export const fulfilmentsOf = ({ journey, events, of }: Engagement) => {
  const all = of('OrderFulfilled');
  const isUnconfirmed = unconfirmedIn(events);
  const words = all.filter((event) => !isUnconfirmed(event));
  const withWords = new Set(words.map((event) => cycleOf(journey, event)));
  const firstOf = new Map(
    firstWordsOfCycles(journey, all, isUnconfirmed).map(({ cycle, event }) => [cycle, event] as const),
  );
  return (cycle: number, won: RecordedEvent): RecordedOf<'OrderFulfilled'> | undefined => {
    const counting = withWords.has(cycle) ? words : all;
    return [firstOf.get(cycle), firstWhere(counting, (event) => event.occurredAt >= won.occurredAt)]
      .filter((event) => event !== undefined)
      .sort(inFoldOrder)[0];
  };
};

/** The instant at which twice as much time has passed since a win as at the due instant. */
const twiceAsLong = (won: RecordedEvent, dueAt: Instant): Instant =>
  addMilliseconds(dueAt, epochOf(dueAt) - epochOf(won.occurredAt));

const limitEvidence = ({ limit: { route }, days: most, since }: Passed): readonly Evidence[] => {
  const steps = route.data.inSteps === true ? ', in several steps' : '';
  return [
    cites(route, `on the route ${route.data.route}${steps}, fulfilment may take at most ${most} days`),
    ...(since === undefined ? [] : [cites(since, 'the first order of the purchase was placed')]),
  ];
};

/**
 * P5.5: the order of a cycle's first win is not fulfilled within the days of the route in force. Where that route says that the customer
 * buys in several steps on purpose, they count from the first order, which has `firstStep` days. The rule is quiet
 * while no route is known. A deal that was expected to close later is due by then. A route that is agreed after the
 * flag was raised changes neither its instant nor its evidence.
 */
export const stalledOrder: Rule<typeof stalledThresholds> = {
  id: 'P5.5',
  title: 'Stalled order',
  opens: ['DealClosed'],
  thresholds: stalledThresholds,
  verdicts: (view, thresholds) => {
    const { engagement, now } = view;
    const passedAt = passingOf(engagement, thresholds);
    const fulfilmentOf = fulfilmentsOf(engagement);
    const movedBy = movedByExpectedClose(engagement);
    // Only where nobody but a partner named a route can a later route of it change anything.
    const areClaims = engagement.of('RouteAgreed').every(unconfirmedIn(engagement.events));
    return winsOf(engagement).flatMap(({ cycle, event: won, undoneBy }): readonly Verdict[] => {
      const due = passedAt(won, 1);
      if (due === undefined) return [];
      const fulfilled = fulfilmentOf(cycle, won);
      const moved = movedBy(due.at);
      const dueAt = moved?.at ?? due.at;
      const clearedAt = [fulfilled, undoneBy].flatMap((event) => event?.occurredAt ?? []).sort()[0];
      const passedTwice = (areClaims ? passingOf(engagement, thresholds, dueAt) : passedAt)(won, 2)?.at;
      const worseAt = [passedTwice ?? [], moved === undefined ? [] : twiceAsLong(won, dueAt)].flat().sort().at(-1);
      const verdicts = awaited(view, {
        subject: `cycle:${cycle}`,
        openedBy: won,
        awaits: ['OrderFulfilled'],
        dueAt,
        answer: fulfilled,
        waitsFor: 'the order’s fulfilment',
        // Whatever clears the flag leaves it as severe as it was just before.
        severity:
          worseAt !== undefined && (clearedAt === undefined ? worseAt <= now : worseAt < clearedAt) ? 'high' : 'medium',
        evidence: [
          cites(won, 'the deal was won'),
          ...limitEvidence(due),
          silence('OrderFulfilled', {
            from: (due.since ?? won).occurredAt,
            until: dueAt,
            armedBy: won,
            says: 'no order was fulfilled',
          }),
          ...(moved === undefined ? [] : [cites(moved.event, 'the deal was expected to close later than that')]),
          measured(
            `days since the ${due.since === undefined ? 'win' : 'order'} without fulfilment`,
            due.days,
            due.days,
          ),
        ],
        clearsWhen: 'The order is fulfilled.',
        nextStep: 'Ask the seller of record what delays the order, and tell the customer when to expect it.',
        reason: 'fulfilledLate',
      });
      return verdicts.map((verdict) =>
        verdict.state === 'raised' && verdict.cleared === undefined && worseAt !== undefined && worseAt > now
          ? { ...verdict, changesAt: worseAt }
          : verdict,
      );
    });
  },
};
