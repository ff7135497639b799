// Is the route to market ignored: agreed late, not sold by the offer, or too slow for the order?
import * as z from 'zod';
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { addDays, type Instant } from '../../events/instant.ts';
import { unconfirmedIn, wordsFirst } from '../claims.ts';
import { winsOf } from '../engagement/closings.ts';
import { cycleOf, firstOfCycles, firstWordsOfCycles } from '../engagement/cycles.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { type Sellability, sellabilityMoments } from '../engagement/offerAsSold.ts';
import { inFoldOrder } from '../history.ts';
import { firstWhere } from '../time/sortedSearch.ts';
import { awaited, cites, clearedBy, measured, silence, tolerated } from './awaited.ts';
import { bind, type Clearing, definePattern, type Rule, type Verdict } from './pattern.ts';

const noThresholds = z.object({});

/**
 * P5.1: a cycle's first proposal was made before any route was agreed. The flag is more severe once the deal is won
 * without a route.
 */
const routeLate: Rule<typeof noThresholds> = {
  id: 'P5.1',
  title: 'Route agreed late',
  thresholds: noThresholds,
  verdicts: ({ engagement, now }) => {
    const wins = new Map(winsOf(engagement).map(({ cycle, event }) => [cycle, event]));
    const [agreed] = engagement.of('RouteAgreed');
    return firstOfCycles(engagement.journey, engagement.of('SolutionProposed')).flatMap(
      ({ cycle, event: proposed }) => {
        const won = wins.get(cycle);
        const wonWithout = won !== undefined && (agreed === undefined || agreed.occurredAt > won.occurredAt);
        const dueAt = tolerated(proposed.occurredAt);
        return awaited(now, {
          subject: `cycle:${cycle}`,
          openedBy: proposed,
          dueAt,
          inTimeUntil: dueAt,
          answer: agreed,
          waitsFor: 'a route to market agreed with the customer',
          severity: wonWithout ? 'medium' : 'low',
          evidence: [
            cites(proposed, 'a solution was proposed'),
            silence('RouteAgreed', {
              from: engagement.events[0]?.occurredAt ?? proposed.occurredAt,
              until: dueAt,
              armedBy: proposed,
              says: 'no route to market was agreed by the time of the proposal',
            }),
            ...(wonWithout ? [cites(won, 'the deal was won, still without a route')] : []),
          ],
          clearsWhen: 'A route to market is agreed.',
          nextStep:
            'Ask the customer how they want to buy: directly, through a reseller, through a marketplace, or by co-sell.',
          reason: 'routeAgreed',
        });
      },
    );
  },
};

const mendedBy = (event: RecordedEvent): Clearing => {
  switch (event.type) {
    case 'RouteAgreed':
      return clearedBy(event, 'sellableRouteAgreed');
    case 'OfferPublished':
      return clearedBy(event, 'offerSellsRoute');
    default:
      return clearedBy(event, 'otherOfferProposed');
  }
};

const unsellableFlag = (
  openedBy: RecordedEvent,
  { route, version, fault }: Extract<Sellability, { readonly state: 'unsellable' }>,
): Extract<Verdict, { readonly state: 'raised' }> => {
  const { offerId, version: number, routes } = version.data;
  const wanted = fault === 'route' ? route.data.route : (route.data.marketplace ?? '');
  // The offer may be another partner's: a flag says its id, its version and its routes, and nothing else of it.
  const offered = fault === 'route' ? routes.join(', ') : 'another marketplace';
  const lacks = fault === 'route' ? `is sold by ${offered} only` : `is not listed in ${wanted}`;
  return {
    state: 'raised',
    subject: 'engagement',
    openedBy,
    raisedAt: openedBy.occurredAt,
    severity: 'high',
    evidence: [
      cites(route, `the agreed ${fault} is ${wanted}`),
      cites(version, `version ${number} of offer ${offerId} ${lacks}`),
      measured(fault, wanted, offered),
    ],
    clearsWhen:
      'The agreed route is one that the offer is sold by, or a new version of the offer is sold by this route.',
    nextStep: `Agree on ${offered} with the customer, or publish a version of the offer for ${wanted}.`,
    cleared: undefined,
    changesAt: undefined,
  };
};

/** P5.3: the offer as sold can't be bought by the agreed route, or in the agreed marketplace. */
const unsellableRoute: Rule<typeof noThresholds> = {
  id: 'P5.3',
  title: 'Offer not sold by the agreed route',
  thresholds: noThresholds,
  verdicts: ({ engagement, context, now }) => {
    const flags: Extract<Verdict, { readonly state: 'raised' }>[] = [];
    for (const { event, sellability } of sellabilityMoments(engagement, context, now)) {
      const last = flags.at(-1);
      const open = last !== undefined && last.cleared === undefined ? last : undefined;
      if (sellability.state === 'unsellable') {
        if (open === undefined) flags.push(unsellableFlag(event, sellability));
      } else if (open !== undefined) flags[flags.length - 1] = { ...open, cleared: mendedBy(event) };
    }
    return flags;
  },
};

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
 * Finds the fulfilment of a cycle's win: the first one after the win or in the cycle. A partner's claim counts where nobody else says
 * that an order was fulfilled in the cycle.
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

/**
 * P5.5: the order of a cycle's first win is not fulfilled within the days of the route in force. The rule is quiet
 * while no route is known. A route that is agreed after the flag was raised changes neither its instant nor its
 * evidence.
 */
const stalledOrder: Rule<typeof stalledThresholds> = {
  id: 'P5.5',
  title: 'Stalled order',
  thresholds: stalledThresholds,
  verdicts: ({ engagement, now }, thresholds) => {
    const passedAt = passingOf(engagement, thresholds);
    const fulfilmentOf = fulfilmentsOf(engagement);
    // Only where nobody but a partner named a route can a later route of it change anything.
    const areClaims = engagement.of('RouteAgreed').every(unconfirmedIn(engagement.events));
    return winsOf(engagement).flatMap(({ cycle, event: won }): readonly Verdict[] => {
      const due = passedAt(won, 1);
      if (due === undefined) return [];
      const fulfilled = fulfilmentOf(cycle, won);
      const { limit, at: dueAt } = due;
      const worseAt = (areClaims ? passingOf(engagement, thresholds, dueAt) : passedAt)(won, 2)?.at;
      const verdicts = awaited(now, {
        subject: `cycle:${cycle}`,
        openedBy: won,
        dueAt,
        inTimeUntil: tolerated(dueAt),
        answer: fulfilled,
        waitsFor: 'the order’s fulfilment',
        severity: worseAt !== undefined && worseAt <= (fulfilled?.occurredAt ?? now) ? 'high' : 'medium',
        evidence: [
          cites(won, 'the deal was won'),
          cites(limit.route, `on the route ${limit.route.data.route}, fulfilment may take at most ${limit.days} days`),
          silence('OrderFulfilled', {
            from: won.occurredAt,
            until: dueAt,
            armedBy: won,
            says: 'no order was fulfilled',
          }),
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

export const ignoredRoutes = definePattern({
  name: 'ignoredRoutes',
  title: 'Procurement routes ignored',
  rules: [bind(routeLate), bind(unsellableRoute), bind(stalledOrder)],
});
