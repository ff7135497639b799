// Was an order placed by another route than the one that was agreed?
import * as z from 'zod';
import type { RecordedOf } from '../../events/catalog.ts';
import type { Route } from '../../events/fields.ts';
import { addMilliseconds, type Instant } from '../../events/instant.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { inFoldOrder } from '../history.ts';
import { firstWhere, lastBefore } from '../time/sortedSearch.ts';
import { tolerance } from '../time/tolerance.ts';
import { awaited, cites, clearedBy, measured, tolerated } from './awaited.ts';
import { ordersNamedIn } from './orderNamed.ts';
import { routesFitting } from './orderShape.ts';
import { type OrderStep, orderSteps } from './orderSteps.ts';
import type { Rule, View } from './pattern.ts';

const noThresholds = z.object({});

type Claim = RecordedOf<'OrderPlaced'>;
type Agreed = RecordedOf<'RouteAgreed'>;

/** An order that took another route than the agreed one, until something mends it. */
interface Breach {
  readonly placed: Claim;
  readonly agreed: Agreed;
  /** The routes that it fits, in words. */
  readonly took: string;
  readonly mendedBy: Claim | Agreed | undefined;
}

/** What an order took, and whether it may have taken a route. */
interface Taken {
  /** The routes that it took instead of a wanted one, in words. */
  readonly words: (wanted: Route) => string;
  readonly fits: (route: Route) => boolean;
}

/** What is known of the route that an order took: what it says itself, and the shape of its legs. Undefined if it is silent. */
const takenBy = ({ claim, said }: OrderStep, { engagement, context }: View): Taken | undefined => {
  const shapes = routesFitting(said, { engagement, context, at: claim.occurredAt });
  const { route } = said;
  if (shapes === undefined && route === undefined) return undefined;
  const isAsSaid = (wanted: Route): boolean => route === undefined || route === wanted;
  const fits = (wanted: Route): boolean =>
    // Co-sell consists of several orders, each by a route of its own.
    wanted === 'co_sell' || (isAsSaid(wanted) && (shapes?.has(wanted) ?? true));
  const shaped = [...(shapes ?? [])].filter((each) => each !== 'co_sell' || shapes?.size === 1);
  // An order that says the agreed route itself is unlike it by its legs.
  const words = (wanted: Route): string =>
    route === undefined || route === wanted ? shaped.sort().join(' or ') : route;
  return { words, fits };
};

/** Whether the customer buys in several steps on purpose: then an order may go by another route. */
const isInSteps = ({ data }: Agreed): boolean => data.inSteps === true;

/** Finds agreements by instant: the one in force, and the next that gives a reason, agrees on a route or on several steps. */
const agreementsOf = (engagement: Engagement) => {
  const all = engagement.of('RouteAgreed');
  const reasoned = all.filter(({ data }) => data.reason !== undefined);
  const inSteps = all.filter(isInSteps);
  const byRoute = [...Map.groupBy(all, ({ data }) => data.route)];
  const since = (at: Instant) => (event: Agreed) => event.occurredAt >= at;
  return {
    inForceAt: (at: Instant): Agreed | undefined => lastBefore(all, (event) => event.occurredAt > at),
    reasonSince: (at: Instant): Agreed | undefined => firstWhere(reasoned, since(at)),
    mendingSince: (at: Instant, fits: Taken['fits']): Agreed | undefined =>
      [
        firstWhere(reasoned, since(at)),
        firstWhere(inSteps, since(at)),
        ...byRoute.flatMap(([route, agreed]) => (fits(route) ? [firstWhere(agreed, since(at))] : [])),
      ]
        .filter((event) => event !== undefined)
        .sort(inFoldOrder)[0],
  };
};

/** The cancellation that ended the order as it was placed then; undefined if it was not cancelled since. */
type CancelledSince = (placed: Claim) => RecordedOf<'OrderCancelled'> | undefined;

const cancellationsOf = (engagement: Engagement): CancelledSince => {
  const { named, group } = ordersNamedIn(engagement);
  const cancelled = group(engagement.of('OrderCancelled'));
  return ({ data, occurredAt }) =>
    firstWhere(cancelled.get(named(data.orderId)) ?? [], (event) => event.occurredAt >= occurredAt);
};

/**
 * The breaches of all orders, in the order in which they began. An order is judged by the agreement in force when it is placed, at each of
 * its claims, since a claim may say more of its shape. A reason that was given for the order since its first claim holds for all of them.
 * An order that is placed anew after its cancellation is judged anew.
 */
const breachesOf = (view: View, cancelledSince: CancelledSince): readonly Breach[] => {
  const isOverBy = ({ placed, mendedBy }: Breach, at: Instant): boolean =>
    [mendedBy, cancelledSince(placed)].some((event) => event !== undefined && event.occurredAt <= at);
  const agreements = agreementsOf(view.engagement);
  const done: Breach[] = [];
  const open = new Map<Claim, readonly Breach[]>();
  for (const step of orderSteps(view.engagement)) {
    const { claim, first, joins } = step;
    const at = claim.occurredAt;
    const before = [first, ...joins].flatMap((order) => open.get(order) ?? []);
    for (const order of joins) open.delete(order);
    done.push(...before.filter((breach) => isOverBy(breach, at)));
    const lasting = before.filter((breach) => !isOverBy(breach, at));
    const agreed = agreements.inForceAt(at);
    const taken = takenBy(step, view);
    if (taken === undefined || agreed === undefined) {
      open.set(first, lasting);
      continue;
    }
    if (taken.fits(agreed.data.route) || isInSteps(agreed) || step.said.routeReason !== undefined) {
      done.push(...lasting.map((breach) => ({ ...breach, mendedBy: claim })));
      open.delete(first);
      continue;
    }
    const mendedBy = agreements.mendingSince(addMilliseconds(at, -tolerance), taken.fits);
    const reason = agreements.reasonSince(addMilliseconds(first.occurredAt, -tolerance));
    const isExcused = reason !== undefined && reason.occurredAt <= tolerated(at);
    const begun =
      isExcused || lasting.length > 0
        ? []
        : [{ placed: claim, agreed, took: taken.words(agreed.data.route), mendedBy }];
    open.set(first, [...lasting.map((breach) => ({ ...breach, mendedBy })), ...begun]);
  }
  return [...done, ...[...open.values()].flat()];
};

const reasonOf = ({ mendedBy }: Breach): string => {
  if (mendedBy?.type === 'OrderPlaced')
    return mendedBy.data.routeReason === undefined ? 'orderAsAgreed' : 'reasonGiven';
  return mendedBy?.data.reason === undefined ? 'agreementChanged' : 'reasonGiven';
};

/**
 * P5.7: the legs of an order do not have the shape of the agreed route, or the order says another route. It clears when a later
 * agreement or a claim of the order gives a reason, when the route that the order took or a purchase in several steps is agreed, when a
 * claim of higher precedence shows the order as agreed, or when the order is cancelled. Each order is held against the agreement of its own
 * time. The rule is quiet without an agreement, where the customer buys in several steps on purpose, and where the legs do not tell.
 */
export const orderUnlikeAgreement: Rule<typeof noThresholds> = {
  id: 'P5.7',
  title: 'Order by another route than agreed',
  opens: ['OrderPlaced'],
  thresholds: noThresholds,
  verdicts: (view) => {
    const cancelledSince = cancellationsOf(view.engagement);
    return breachesOf(view, cancelledSince).flatMap((breach) => {
      const { placed, agreed, took, mendedBy } = breach;
      const { route } = agreed.data;
      const ended = cancelledSince(placed);
      return awaited(view, {
        subject: `order:${placed.data.orderId}`,
        openedBy: placed,
        awaits: [],
        dueAt: placed.occurredAt,
        answer: mendedBy,
        waitsFor: 'a reason for the other route, or an agreement on it',
        severity: 'medium',
        evidence: [
          cites(agreed, `${route} was agreed`),
          cites(placed, `the order was placed by ${took}`),
          measured('route of the order', took, route),
        ],
        clearsWhen: 'The order or a new agreement gives a reason, or the route that the order took is agreed.',
        nextStep: 'Ask who placed the order that way, and record the reason or correct the order.',
        reason: reasonOf(breach),
        over: ended === undefined ? undefined : clearedBy(ended, 'orderCancelled'),
      });
    });
  },
};
