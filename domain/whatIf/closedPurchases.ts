// How many days did the purchases of an engagement take, as rule P5.5 counts them?
import type * as z from 'zod';
import type { RecordedOf } from '../../events/catalog.ts';
import { addDays, epochOf, type Instant } from '../../events/instant.ts';
import { unconfirmedIn, wordsFirst } from '../claims.ts';
import { winsOf } from '../engagement/closings.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { movedByExpectedClose } from '../engagement/expectedClose.ts';
import { countingOf, fulfilmentsOf, type stalledOrder } from '../patterns/stalledOrder.ts';
import { lastBefore } from '../time/sortedSearch.ts';

const dayLength = 86_400_000;

export type PurchaseLimits = z.infer<typeof stalledOrder.thresholds>;
export type PurchaseRoute = RecordedOf<'RouteAgreed'>['data']['route'];

/** A purchase that is over: the route that was agreed when it was fulfilled, and the days that it took. */
export interface ClosedPurchase {
  readonly route: PurchaseRoute;
  readonly days: number;
}

const routesOf = (engagement: Engagement): ((at: Instant) => RecordedOf<'RouteAgreed'> | undefined) => {
  const routes = wordsFirst(engagement.of('RouteAgreed'), unconfirmedIn(engagement.events));
  return (at) => lastBefore(routes, ({ occurredAt }) => occurredAt > at);
};

/**
 * The purchases of an engagement that were fulfilled, each in the days that P5.5 measures: from the cycle's first win to the fulfilment, and
 * of a purchase in several steps from its first order (domain reference C5). Left out is what these days would say nothing about: a win that
 * was undone before, a purchase without a route, a first step that did not come in time, and a deal that was expected to close so late
 * that P5.5 waited for that day. `limits` are the thresholds of P5.5 in force.
 */
export const closedPurchases = (engagement: Engagement, limits: PurchaseLimits): readonly ClosedPurchase[] => {
  const fulfilmentOf = fulfilmentsOf(engagement);
  const countingFrom = countingOf(engagement, limits.firstStep);
  const routeAt = routesOf(engagement);
  const movedBy = movedByExpectedClose(engagement);
  return winsOf(engagement).flatMap(({ cycle, event: won, undoneBy }): readonly ClosedPurchase[] => {
    const fulfilled = fulfilmentOf(cycle, won)?.occurredAt;
    const agreed = fulfilled === undefined ? undefined : routeAt(fulfilled);
    if (fulfilled === undefined || agreed === undefined) return [];
    if (undoneBy !== undefined && undoneBy.occurredAt <= fulfilled) return [];
    const { route } = agreed.data;
    const limit = { days: limits[route], route: agreed, until: undefined };
    const counted = countingFrom(won, limit);
    if (agreed.data.inSteps === true && counted.days !== limit.days) return [];
    const from = (counted.since ?? won).occurredAt;
    if (movedBy(addDays(from, limit.days)) !== undefined) return [];
    return [{ route, days: Math.max(0, epochOf(fulfilled) - epochOf(from)) / dayLength }];
  });
};
