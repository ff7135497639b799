// Was the route changed while the order of a won deal was already on its way?
import * as z from 'zod';
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import { type Context, partyIdOf } from '../context/context.ts';
import { winsOf } from '../engagement/closings.ts';
import { cycleOf } from '../engagement/cycles.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { inFoldOrder } from '../history.ts';
import { firstWhere } from '../time/sortedSearch.ts';
import { cites, clearedBy, measured, tolerated } from './awaited.ts';
import { ordersNamedIn } from './orderNamed.ts';
import type { Clearing, Rule } from './pattern.ts';

const noThresholds = z.object({});

type Agreed = RecordedOf<'RouteAgreed'>;

interface Change {
  readonly event: Agreed;
  readonly before: Agreed;
}

/** What is agreed of a route, where it is said. */
const termsOf = ({ data }: Agreed, context: Context) => ({
  route: data.route,
  marketplace: data.marketplace,
  distributor: data.distributor === undefined ? undefined : partyIdOf(context, data.distributor),
});

/** The agreements that change the one before them. An agreement that leaves a part out changes nothing of it. */
const changesOf = (engagement: Engagement, context: Context): readonly Change[] => {
  const changes: Change[] = [];
  let before: { readonly event: Agreed; readonly terms: ReturnType<typeof termsOf> } | undefined;
  for (const event of engagement.of('RouteAgreed')) {
    const terms = termsOf(event, context);
    const known = before?.terms;
    const isSame =
      known !== undefined &&
      terms.route === known.route &&
      (terms.marketplace ?? known.marketplace) === known.marketplace &&
      (terms.distributor ?? known.distributor) === known.distributor;
    if (before !== undefined && !isSame) changes.push({ event, before: before.event });
    const kept = {
      marketplace: terms.marketplace ?? known?.marketplace,
      distributor: terms.distributor ?? known?.distributor,
    };
    before = { event, terms: isSame ? { ...terms, ...kept } : terms };
  }
  return changes;
};

/** What set the paper in motion, and when nothing of it was on its way any more. */
interface UnderWay {
  readonly begunBy: RecordedEvent;
  readonly until: Instant | undefined;
}

/** The wins and the orders, each until its fulfilment; a win also until it was undone, an order until it was cancelled. */
const underWay = (engagement: Engagement): readonly UnderWay[] => {
  const fulfilments = engagement.of('OrderFulfilled');
  const firstOfCycle = new Map<number, Instant>();
  for (const event of fulfilments) {
    const cycle = cycleOf(engagement.journey, event);
    if (!firstOfCycle.has(cycle)) firstOfCycle.set(cycle, event.occurredAt);
  }
  const { named, group } = ordersNamedIn(engagement);
  const cancelled = group(engagement.of('OrderCancelled'));
  return [
    ...winsOf(engagement).map(({ cycle, event, undoneBy }) => ({
      begunBy: event,
      until: [firstOfCycle.get(cycle), undoneBy?.occurredAt].flatMap((at) => at ?? []).sort()[0],
    })),
    ...engagement.orders.flatMap(({ claims: [first], fulfilled }) => {
      if (first === undefined) return [];
      const ended = firstWhere(
        cancelled.get(named(first.data.orderId)) ?? [],
        ({ occurredAt }) => occurredAt >= first.occurredAt,
      );
      return [{ begunBy: first, until: [fulfilled, ended].flatMap((event) => event?.occurredAt ?? []).sort()[0] }];
    }),
  ];
};

interface Late extends Change {
  readonly begunBy: RecordedEvent;
  readonly cycle: number;
}

/** The changes that come while something of the same cycle is under way, each with the first such thing. */
const lateChangesOf = (engagement: Engagement, context: Context): readonly Late[] => {
  const begun = underWay(engagement).toSorted((a, b) => inFoldOrder(a.begunBy, b.begunBy));
  let first = 0;
  return changesOf(engagement, context).flatMap((change): readonly Late[] => {
    const { occurredAt: at } = change.event;
    const cycle = cycleOf(engagement.journey, change.event);
    // What has ended by this change has ended by the next one, too.
    const isOver = ({ begunBy, until }: UnderWay): boolean =>
      (until !== undefined && until <= at) || cycleOf(engagement.journey, begunBy) < cycle;
    for (let next = begun[first]; next !== undefined && isOver(next); next = begun[first]) first += 1;
    const begunBy = begun[first]?.begunBy;
    return begunBy === undefined || at <= tolerated(begunBy.occurredAt) ? [] : [{ ...change, begunBy, cycle }];
  });
};

/**
 * P5.4: another route, marketplace or distributor is agreed after the deal was won or ordered, and before the order is fulfilled. What is
 * agreed after the fulfilment is for a further purchase, and what is agreed within the tolerance is for this one. Further
 * changes belong to the open flag.
 */
export const lateRouteChange: Rule<typeof noThresholds> = {
  id: 'P5.4',
  title: 'Route changed late',
  opens: ['RouteAgreed'],
  thresholds: noThresholds,
  verdicts: ({ engagement, context }) => {
    const fulfilments = engagement.of('OrderFulfilled');
    const reopenings = engagement.of('DealReopened');
    const clearingAfter = ({ occurredAt }: RecordedEvent): Clearing | undefined => {
      const fulfilled = firstWhere(fulfilments, (event) => event.occurredAt >= occurredAt);
      const reopened = firstWhere(reopenings, (event) => event.occurredAt >= occurredAt);
      return [
        ...(fulfilled === undefined ? [] : [clearedBy(fulfilled, 'fulfilled')]),
        ...(reopened === undefined ? [] : [clearedBy(reopened, 'dealReopened')]),
      ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))[0];
    };
    let openUntil: Instant | 'open' | undefined;
    return lateChangesOf(engagement, context).flatMap(({ event, before, begunBy, cycle }) => {
      if (openUntil === 'open' || (openUntil !== undefined && openUntil > event.occurredAt)) return [];
      const cleared = clearingAfter(event);
      openUntil = cleared?.at ?? 'open';
      return [
        {
          state: 'raised',
          subject: `cycle:${cycle}`,
          openedBy: event,
          raisedAt: event.occurredAt,
          severity: 'medium',
          evidence: [
            cites(before, `${before.data.route} was agreed`),
            cites(begunBy, begunBy.type === 'DealClosed' ? 'the deal was won' : 'the order was placed'),
            cites(event, `then ${event.data.route} was agreed, before the order was fulfilled`),
            measured('route', event.data.route, before.data.route),
          ],
          clearsWhen: 'The order is fulfilled.',
          nextStep:
            'Ask who must sign new paper for the changed route, and tell the customer what it does to the date.',
          cleared,
          changesAt: undefined,
        },
      ];
    });
  },
};
