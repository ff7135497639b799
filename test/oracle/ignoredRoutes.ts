// Is the way to buy agreed, possible and kept? P5.1 to P5.9, as the reference's C5 and the later decisions tell them.
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Route } from '../../events/fields.ts';
import type { Instant } from '../../events/instant.ts';
import { afterBusinessDays } from './businessDays.ts';
import { cycleOf } from './journey.ts';
import {
  believed,
  days,
  type Found,
  first,
  type Life,
  last,
  notAfter,
  oneAtATime,
  type Severity,
  winsOf,
} from './life.ts';
import { offerOf } from './promises.ts';
import { stalledOrder } from './stalledOrder.ts';

type Agreed = RecordedOf<'RouteAgreed'>;

/** P5.1: a solution is proposed, and no route is agreed; worse once the deal is won without one. */
const routeLate = (life: Life): readonly Found[] => {
  const agreed = life.of('RouteAgreed')[0]?.occurredAt;
  const found = life.of('SolutionProposed').flatMap((proposed): readonly Found[] => {
    if (agreed !== undefined && notAfter(agreed, proposed.occurredAt)) return [];
    const severity = (until: Instant): Severity =>
      winsOf(life).some(
        (won) =>
          cycleOf(life, won) === cycleOf(life, proposed) &&
          believed(won.occurredAt) <= until &&
          !(agreed !== undefined && notAfter(agreed, won.occurredAt)),
      )
        ? 'medium'
        : 'low';
    return [
      { rule: 'P5.1', openedBy: proposed, raisedAt: believed(proposed.occurredAt), answeredAt: agreed, severity },
    ];
  });
  return oneAtATime(found);
};

/** P5.2: the route is not the one that the buyer prefers, as it was said last, and nobody says why. */
const againstPreference = (life: Life): readonly Found[] => {
  const agreed = life.of('RouteAgreed');
  const preferredBy = (index: number) =>
    agreed
      .slice(0, index + 1)
      .flatMap((said) => said.data.buyerPreference ?? [])
      .at(-1);
  const isAgainst = ({ data }: Agreed, index: number): boolean => {
    const preferred = preferredBy(index);
    // A reason holds for the route against the preference for which it was given.
    const reasoned = agreed
      .slice(0, index + 1)
      .some(
        (said, at) => said.data.route === data.route && said.data.reason !== undefined && preferredBy(at) === preferred,
      );
    return preferred !== undefined && preferred !== data.route && !reasoned;
  };
  const settled = agreed.filter((each, index) => !isAgainst(each, index));
  const found = agreed.filter(isAgainst).map(
    (against): Found => ({
      ...{ rule: 'P5.2', openedBy: against, raisedAt: believed(against.occurredAt), severity: 'medium' },
      answeredAt: settled.find((next) => agreed.indexOf(next) > agreed.indexOf(against))?.occurredAt,
    }),
  );
  return oneAtATime(found);
};

/** Whether an offer may be sold by a route: one that names no routes, or no marketplaces, says nothing of them. */
const isSoldBy = (
  { routes, marketplaces }: RecordedOf<'OfferPublished'>['data'],
  { route, marketplace }: Agreed['data'],
): boolean =>
  (routes.length === 0 || routes.includes(route)) &&
  (marketplace === undefined || marketplaces.length === 0 || marketplaces.includes(marketplace));

/** P5.3: the agreed route, or its marketplace, is none by which the proposed offer is sold. */
const unsellableRoute = (life: Life): readonly Found[] => {
  const isUnsellable = (at: number): boolean => {
    const events = life.around.slice(0, at + 1);
    const route = events.filter((event) => event.type === 'RouteAgreed').at(-1);
    const proposed = events
      .filter((event) => event.type === 'SolutionProposed')
      .findLast(({ data }) => data.offerId !== undefined);
    const sold = proposed === undefined ? undefined : offerOf(life, proposed);
    if (route === undefined || sold === undefined) return false;
    // A later version may be sold by the route.
    const versions = events
      .filter((event) => event.type === 'OfferPublished')
      .filter(({ data }) => data.version >= sold.data.version);
    return !versions.some(({ data }) => isSoldBy(data, route.data));
  };
  return life.around.flatMap((event, index): readonly Found[] => {
    if (!isUnsellable(index) || (index > 0 && isUnsellable(index - 1))) return [];
    const mended = life.around.slice(index + 1).find((_, after) => !isUnsellable(index + 1 + after));
    return [
      {
        rule: 'P5.3',
        openedBy: event,
        raisedAt: event.occurredAt,
        answeredAt: mended?.occurredAt,
        severity: 'high',
        atOnce: true,
      },
    ];
  });
};

const wayOf = ({ data }: Agreed): string => `${data.route} ${data.marketplace ?? ''}`;

/** P5.4: another route is agreed after the deal was won, or its order placed. */
const lateChange = (life: Life): readonly Found[] =>
  oneAtATime(
    life.of('RouteAgreed').flatMap((agreed, index, all): readonly Found[] => {
      const before = all[index - 1];
      const isBefore = (one: RecordedEvent): boolean => life.events.indexOf(one) < life.events.indexOf(agreed);
      const inCycle = <Fact extends RecordedEvent>(facts: readonly Fact[]): readonly Fact[] =>
        facts.filter((fact) => cycleOf(life, fact) === cycleOf(life, agreed));
      const done = inCycle([...life.of('OrderFulfilled'), ...life.of('OrderCancelled')]).filter(isBefore);
      const isSoldWin = done.some(({ type }) => type === 'OrderFulfilled');
      // A win is under way until an order is fulfilled, an order until it is so itself.
      const underWay = [
        ...inCycle(winsOf(life)).filter(() => !isSoldWin),
        ...inCycle(life.of('OrderPlaced')).filter(({ data }) => !done.some((end) => end.data.orderId === data.orderId)),
      ];
      const sold = first(...underWay.map(({ occurredAt }) => occurredAt));
      if (before === undefined || wayOf(before) === wayOf(agreed)) return [];
      if (sold === undefined || notAfter(agreed.occurredAt, sold)) return [];
      const answeredAt = life
        .of('OrderFulfilled')
        .find((done) => life.events.indexOf(done) > life.events.indexOf(agreed))?.occurredAt;
      return [
        { rule: 'P5.4', openedBy: agreed, raisedAt: agreed.occurredAt, answeredAt, severity: 'medium', atOnce: true },
      ];
    }),
  );

/** Whether an order was fulfilled before it was blocked, or was cancelled and not placed anew. */
const isOver = (life: Life, { occurredAt, data }: RecordedOf<'OrderBlocked'>): boolean => {
  const own = <Fact extends RecordedOf<'OrderFulfilled' | 'OrderCancelled' | 'OrderPlaced'>>(facts: readonly Fact[]) =>
    facts.filter((fact) => fact.data.orderId === data.orderId && fact.occurredAt <= occurredAt).at(-1)?.occurredAt;
  const cancelled = own(life.of('OrderCancelled'));
  const placed = own(life.of('OrderPlaced')) ?? '';
  return own(life.of('OrderFulfilled')) !== undefined || (cancelled !== undefined && cancelled >= placed);
};

/** P5.6: an order has been blocked for five business days. */
const blockedOrder = (life: Life): readonly Found[] =>
  oneAtATime(
    life
      .of('OrderBlocked')
      .filter(({ data }) => data.reason !== 'other')
      .filter((event) => !isOver(life, event))
      .map((blocked) => {
        const goesOn = [...life.of('OrderUnblocked'), ...life.of('OrderFulfilled'), ...life.of('OrderCancelled')]
          .filter(({ occurredAt, data }) => data.orderId === blocked.data.orderId && occurredAt >= blocked.occurredAt)
          .map(({ occurredAt }) => occurredAt);
        const raisedAt = believed(afterBusinessDays(blocked.occurredAt, 5));
        return { rule: 'P5.6', openedBy: blocked, raisedAt, answeredAt: first(...goesOn), severity: 'high' };
      }),
  );

/** P5.7: the legs of an order show another route than the agreed one, and nobody says why. */
const orderUnlikeAgreement = (life: Life): readonly Found[] =>
  [...new Set(life.of('OrderPlaced').map(({ data }) => data.orderId))].flatMap((orderId) => {
    const claims = life.of('OrderPlaced').filter(({ data }) => data.orderId === orderId);
    const found = claims.flatMap((placed, index): readonly Found[] => {
      const said = claims.slice(0, index + 1);
      const agreed = life
        .of('RouteAgreed')
        .filter(({ occurredAt }) => occurredAt <= placed.occurredAt)
        .at(-1);
      if (agreed === undefined || isAsAgreed(said, agreed)) return [];
      // A reason that is given with an agreement holds for the whole order, from its first claim on.
      const changed = life
        .of('RouteAgreed')
        .find(
          (next) =>
            (notAfter(placed.occurredAt, next.occurredAt) && isAsAgreed(said, next)) ||
            (next.data.reason !== undefined && notAfter(claims[0]?.occurredAt ?? '', next.occurredAt)),
        );
      const later = claims
        .slice(index + 1)
        .find((next) => isAsAgreed(claims.slice(0, claims.indexOf(next) + 1), agreed));
      const cancelled = life
        .of('OrderCancelled')
        .find(({ occurredAt, data }) => data.orderId === orderId && occurredAt >= placed.occurredAt);
      const answeredAt = first(changed?.occurredAt, later?.occurredAt, cancelled?.occurredAt);
      return [
        { rule: 'P5.7', openedBy: placed, raisedAt: believed(placed.occurredAt), answeredAt, severity: 'medium' },
      ];
    });
    return oneAtATime(found);
  });

/** Whether an order, by its claims, may be sold so. What a marketplace sells may show without its fee; a joint sale has several orders. */
const isAsAgreed = (claims: readonly RecordedOf<'OrderPlaced'>[], { data }: Agreed): boolean => {
  const shape = shapeOf(claims.map((claim) => claim.data));
  const fits = shape === undefined || shape === data.route || (shape === 'direct' && data.route === 'marketplace');
  const isExplained = claims.some((claim) => claim.data.routeReason !== undefined);
  return fits || isExplained || data.route === 'co_sell' || data.inSteps === true;
};

type Claim = RecordedOf<'OrderPlaced'>['data'];

/** The route that the claims of an order show: one names it, or the legs tell; undefined where neither does. */
const shapeOf = (claims: readonly Claim[]): Route | undefined => {
  const said = <Value>(of: (claim: Claim) => Value | undefined): Value | undefined =>
    claims.flatMap((claim) => of(claim) ?? []).at(-1);
  const legs = claims.map((claim) => claim.legs).findLast(({ length }) => length > 0) ?? [];
  const fees = claims.map((claim) => claim.fees).findLast(({ length }) => length > 0) ?? [];
  const named = said(({ route }) => route);
  if (named !== undefined) return named;
  if (said(({ marketplace }) => marketplace) !== undefined || fees.some(({ kind }) => kind === 'marketplace'))
    return 'marketplace';
  const sellers = new Set(legs.filter(({ buyer }) => buyer.id === 'customer').map(({ seller }) => seller.id));
  if (sellers.size > 1) return 'co_sell';
  if (legs.length === 1) return 'direct';
  return legs.length > 0 ? 'two_tier' : undefined;
};

/** The quotes' last day is over, and nothing was ordered since. */
const hasExpired = (life: Life, at: Instant): boolean => {
  const quote = life.of('SolutionProposed').findLast(({ occurredAt }) => occurredAt <= at);
  const { expiresAt } = quote?.data ?? {};
  if (quote === undefined || expiresAt === undefined) return false;
  const ordered = ordersIn(life).some((order) => notAfter(quote.occurredAt, order) && order <= at);
  return !ordered && days(`${expiresAt}T00:00:00.000Z`, 1) <= at;
};

/** When something was ordered: an order is so once, however often it is claimed. */
const ordersIn = (life: Life): readonly Instant[] => {
  const named = [...life.of('OrderPlaced'), ...life.of('OrderFulfilled')];
  const firsts = [...new Set(named.map(({ data }) => data.orderId))].flatMap(
    (orderId) =>
      first(...named.filter(({ data }) => data.orderId === orderId).map(({ occurredAt }) => occurredAt)) ?? [],
  );
  const subscribed = [...life.of('SubscriptionStarted'), ...life.of('SubscriptionRenewed')];
  return [...firsts, ...subscribed.map(({ occurredAt }) => occurredAt)];
};

/** P5.8: the deal is lost for reasons of procurement, or with an expired quote: history, as it is told. */
const lostAtProcurement = (life: Life): readonly Found[] =>
  life
    .of('DealClosed')
    .filter(({ data }) => data.result === 'lost')
    .filter(({ occurredAt, data }) => data.reason === 'procurement' || hasExpired(life, occurredAt))
    .map((lost) => ({
      ...{ rule: 'P5.8', openedBy: lost, raisedAt: lost.occurredAt, answeredAt: lost.occurredAt },
      ...{ severity: 'info', historic: true },
    }));

/** P5.9: the last day of a quote has passed, and no order came. */
const expiredOffer = (life: Life): readonly Found[] =>
  life.of('SolutionProposed').flatMap((proposed, index, all): readonly Found[] => {
    const { expiresAt } = proposed.data;
    if (expiresAt === undefined) return [];
    const ordered = ordersIn(life)
      .filter((at) => notAfter(proposed.occurredAt, at))
      .toSorted()[0];
    const answeredAt = first(ordered, all[index + 1]?.occurredAt);
    const raisedAt = believed(last(days(`${expiresAt}T00:00:00.000Z`, 1), proposed.occurredAt));
    return [{ rule: 'P5.9', openedBy: proposed, raisedAt, answeredAt, severity: 'medium' }];
  });

export const ignoredRoutes = (life: Life): readonly Found[] => [
  ...routeLate(life),
  ...againstPreference(life),
  ...unsellableRoute(life),
  ...lateChange(life),
  ...stalledOrder(life),
  ...blockedOrder(life),
  ...orderUnlikeAgreement(life),
  ...lostAtProcurement(life),
  ...expiredOffer(life),
];
