// Is the order of a win fulfilled in time? P5.5, as the reference's C5 and the later decisions tell it.
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Route } from '../../events/fields.ts';
import type { Instant } from '../../events/instant.ts';
import { cycleOf } from './journey.ts';
import { believed, days, type Found, type Life, last, type Severity, winsOf } from './life.ts';

const patience: Readonly<Record<Route, number>> = { direct: 30, marketplace: 30, two_tier: 45, co_sell: 60 };

/** How long a purchase in several steps may wait for its first order. */
const firstStep = 180;

/** The days that a win may wait on a route, and since when: in several steps they count from the first order, if that comes in time. */
const waiting = (life: Life, won: RecordedEvent, { data }: RecordedOf<'RouteAgreed'>) => {
  const patient = patience[data.route];
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
