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
import type { Rule, Verdict } from './pattern.ts';

const days = (limit: number) => z.number().positive().max(3650).default(limit);
/** The days from the win to the fulfilment, by route. After twice as many days the flag is high. */
const stalledThresholds = z.object({ direct: days(30), marketplace: days(30), two_tier: days(45), co_sell: days(60) });

interface Limit {
  readonly days: number;
  readonly route: RecordedOf<'RouteAgreed'>;
  readonly until: Instant | undefined;
}

/** The first instant at which `times` the limit of the route in force has passed since a win. */
type PassedAt = (won: RecordedEvent, times: number) => { readonly at: Instant; readonly limit: Limit } | undefined;

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
  const byDays = [...Map.groupBy(limits, (limit) => limit.days)];
  return (won, times) => {
    const passed = byDays.flatMap(([each, alike]) => {
      const due = addDays(won.occurredAt, each * times);
      const limit = firstWhere(alike, ({ until }) => until === undefined || due < until);
      if (limit === undefined) return [];
      return [{ at: due > limit.route.occurredAt ? due : limit.route.occurredAt, limit }];
    });
    return passed.sort((a, b) => inFoldOrder(a.limit.route, b.limit.route))[0];
  };
};

/**
 * Finds the fulfilment of a cycle's win: the first one after the win or in the cycle. A partner's claim counts where
 * nobody else says that an order was fulfilled in the cycle.
 */
const fulfilmentsOf = ({ journey, events, of }: Engagement) => {
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

/**
 * P5.5: the order of a cycle's first win is not fulfilled within the days of the route in force. The rule is quiet
 * while no route is known. A deal that was expected to close later is due by then. A route that is agreed after the
 * flag was raised changes neither its instant nor its evidence.
 */
export const stalledOrder: Rule<typeof stalledThresholds> = {
  id: 'P5.5',
  title: 'Stalled order',
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
      const { limit } = due;
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
          cites(limit.route, `on the route ${limit.route.data.route}, fulfilment may take at most ${limit.days} days`),
          silence('OrderFulfilled', {
            from: won.occurredAt,
            until: dueAt,
            armedBy: won,
            says: 'no order was fulfilled',
          }),
          ...(moved === undefined ? [] : [cites(moved.event, 'the deal was expected to close later than that')]),
          measured('days since the win without fulfilment', limit.days, limit.days),
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
