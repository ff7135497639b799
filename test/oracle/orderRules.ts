// Does the order come, go on and look as agreed? P5.5 to P5.7, as the reference's C5 and the later decisions tell them.
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
import { thresholdAt } from './policies.ts';

type Agreed = RecordedOf<'RouteAgreed'>;

const patience: Readonly<Record<Route, number>> = { direct: 30, marketplace: 30, two_tier: 45, co_sell: 60 };

/** How long a purchase in several steps may wait for its first order. */
const firstStep = 180;

/** The days that a win may wait on a route, and since when: in several steps they count from the first order, if that comes in time. */
const waiting = (life: Life, won: RecordedEvent, { data }: Agreed) => {
  const patient = thresholdAt(life, won.occurredAt, `P5.5 ${data.route}`, patience[data.route]);
  if (data.inSteps !== true) return { since: won.occurredAt, patient };
  const placed = life.of('OrderPlaced').find((order) => cycleOf(life, order) === cycleOf(life, won))?.occurredAt;
  if (placed === undefined || placed > days(won.occurredAt, firstStep))
    return { since: won.occurredAt, patient: Math.max(patient, firstStep) };
  return { since: last(won.occurredAt, placed), patient };
};

/** P5.5: the order of a win is not fulfilled within the days of its route. */
export const stalledOrder = (life: Life): readonly Found[] =>
  winsOf(life).flatMap((won): readonly Found[] => {
    // The days are those of the route that is agreed by then; without one nobody knows them.
    const passedAt = (times: number): Instant | undefined => {
      const limits = life.of('RouteAgreed').map((agreed, index, all) => {
        const { since, patient } = waiting(life, won, agreed);
        return { due: last(days(since, times * patient), agreed.occurredAt), until: all[index + 1]?.occurredAt };
      });
      return limits.find(({ due, until }) => until === undefined || until > due)?.due;
    };
    const [due, double] = [passedAt(1), passedAt(2)];
    if (due === undefined) return [];
    const answeredAt = life.of('OrderFulfilled').find((done) => cycleOf(life, done) >= cycleOf(life, won))?.occurredAt;
    const severity = (until: Instant): Severity =>
      double !== undefined && (double < until || (double === until && answeredAt !== until)) ? 'high' : 'medium';
    return [{ rule: 'P5.5', openedBy: won, raisedAt: believed(due), answeredAt, severity }];
  });

/** Whether an order was fulfilled before it was blocked, or was cancelled and not placed anew. */
const isOver = (life: Life, { occurredAt, data }: RecordedOf<'OrderBlocked'>): boolean => {
  const own = <Fact extends RecordedOf<'OrderFulfilled' | 'OrderCancelled' | 'OrderPlaced'>>(facts: readonly Fact[]) =>
    facts.filter((fact) => fact.data.orderId === data.orderId && fact.occurredAt <= occurredAt).at(-1)?.occurredAt;
  const cancelled = own(life.of('OrderCancelled'));
  const placed = own(life.of('OrderPlaced')) ?? '';
  return own(life.of('OrderFulfilled')) !== undefined || (cancelled !== undefined && cancelled >= placed);
};

/** P5.6: an order has been blocked for five business days. */
export const blockedOrder = (life: Life): readonly Found[] =>
  oneAtATime(
    life
      .of('OrderBlocked')
      .filter(({ data }) => data.reason !== 'other')
      .filter((event) => !isOver(life, event))
      .map((blocked) => {
        const goesOn = [...life.of('OrderUnblocked'), ...life.of('OrderFulfilled'), ...life.of('OrderCancelled')]
          .filter(({ occurredAt, data }) => data.orderId === blocked.data.orderId && occurredAt >= blocked.occurredAt)
          .map(({ occurredAt }) => occurredAt);
        const patient = thresholdAt(life, blocked.occurredAt, 'P5.6 businessDays', 5);
        const raisedAt = believed(afterBusinessDays(blocked.occurredAt, patient));
        return { rule: 'P5.6', openedBy: blocked, raisedAt, answeredAt: first(...goesOn), severity: 'high' };
      }),
  );

/** P5.7: the legs of an order show another route than the agreed one, and nobody says why. */
export const orderUnlikeAgreement = (life: Life): readonly Found[] =>
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
