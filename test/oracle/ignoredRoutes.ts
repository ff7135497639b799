// Is the way to buy agreed, possible and kept? P5.1 to P5.9, as the reference's C5 and the later decisions tell them.
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
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
import { blockedOrder, orderUnlikeAgreement, stalledOrder } from './orderRules.ts';
import { offerOf } from './promises.ts';

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
  // Each cycle sells anew: a proposal of the next one is a flag of its own.
  const byCycle = Map.groupBy(found, ({ openedBy }) => cycleOf(life, openedBy));
  return [...byCycle.values()].flatMap(oneAtATime);
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

/** What is being sold, and how, once an event has come: the proposal that named an offer last, and the route that was agreed last. */
const sellingAt = (life: Life, until: RecordedEvent) => {
  const events = life.around.slice(0, life.around.indexOf(until) + 1);
  const route = events.filter((event) => event.type === 'RouteAgreed').at(-1);
  const proposed = events
    .filter((event) => event.type === 'SolutionProposed')
    .findLast(({ data }) => data.offerId !== undefined);
  return { events, route, proposed, sold: proposed === undefined ? undefined : offerOf(life, proposed) };
};

/** Whether the offer that is sold can't be sold so. A version that is named is the one that is sold, however old; else the newest. */
const isUnsellable = (life: Life, until: RecordedEvent): boolean => {
  const { events, route, proposed, sold } = sellingAt(life, until);
  if (route === undefined || sold === undefined) return false;
  const newer = events
    .filter((event) => event.type === 'OfferPublished')
    .filter(({ data }) => data.version > sold.data.version && proposed?.data.offerVersion === undefined);
  return ![sold, ...newer].some(({ data }) => isSoldBy(data, route.data));
};

/** P5.3: the agreed route, or its marketplace, is none by which the proposed offer is sold, until a new version of it is. */
const unsellableRoute = (life: Life): readonly Found[] => {
  // A proposal that names no offer changes nothing.
  const said = life.around.filter(
    ({ type, data }) =>
      type === 'RouteAgreed' ||
      type === 'OfferPublished' ||
      (type === 'SolutionProposed' && data.offerId !== undefined),
  );
  // What comes at one instant counts together.
  const turns = said
    .filter(({ occurredAt }, place) => said[place + 1]?.occurredAt !== occurredAt)
    .map((event) => ({ event, isBad: isUnsellable(life, event) }));
  const isMending = (event: RecordedEvent): boolean => {
    const { route, sold } = sellingAt(life, event);
    if (route === undefined || sold === undefined || event.type !== 'OfferPublished') return false;
    return event.data.version > sold.data.version && isSoldBy(event.data, route.data);
  };
  const found: Found[] = [];
  for (const [index, { event, isBad }] of turns.entries()) {
    const open = found.find(({ answeredAt }) => answeredAt === undefined || answeredAt >= event.occurredAt);
    if (!isBad || event.type === 'OfferPublished' || open !== undefined) continue;
    const mended = turns.slice(index + 1).find((turn) => !turn.isBad || isMending(turn.event))?.event;
    found.push({
      ...{ rule: 'P5.3', openedBy: event, raisedAt: event.occurredAt, answeredAt: mended?.occurredAt },
      ...{ severity: 'high', atOnce: true },
    });
  }
  return found;
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
      // What is fulfilled at the same instant was fulfilled as it was ordered.
      const done = inCycle([...life.of('OrderFulfilled'), ...life.of('OrderCancelled')]).filter(
        (fact) => isBefore(fact) || fact.occurredAt === agreed.occurredAt,
      );
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
      if (answeredAt === agreed.occurredAt) return [];
      return [
        { rule: 'P5.4', openedBy: agreed, raisedAt: agreed.occurredAt, answeredAt, severity: 'medium', atOnce: true },
      ];
    }),
  );

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
