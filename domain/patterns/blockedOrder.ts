// Is an order held up by something of its route for too long?
import * as z from 'zod';
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { movedByExpectedClose } from '../engagement/expectedClose.ts';
import { addBusinessDays } from '../time/businessDays.ts';
import { firstWhere } from '../time/sortedSearch.ts';
import { awaited, cites, clearedBy, measured, silence } from './awaited.ts';
import { holidaysAt } from './leadCalendar.ts';
import { ordersNamedIn } from './orderNamed.ts';
import type { Rule } from './pattern.ts';

/** The business days for which an order may be held up. */
const blockedThresholds = z.object({ businessDays: z.int().min(1).max(60).default(5) });

type Blocked = RecordedOf<'OrderBlocked'>;

/** What stops an order because of its route: everything that is named. `other` may be anything. */
const isOfRoute = ({ data }: Blocked): boolean => {
  switch (data.reason) {
    case 'vendor_not_approved':
    case 'marketplace_not_enabled':
    case 'po_missing':
    case 'credit':
    case 'legal':
    case 'tax':
      return true;
    case 'other':
      return false;
    default:
      return data.reason satisfies never;
  }
};

interface Block {
  readonly blocked: Blocked;
  /** What let the order go on, or fulfilled it. */
  readonly answer: RecordedOf<'OrderUnblocked'> | RecordedOf<'OrderFulfilled'> | undefined;
  readonly cancelled: RecordedOf<'OrderCancelled'> | undefined;
}

/** The blocks of each order, each from the first that is of its route until the order goes on. Further ones belong to the open block. */
const blocksOf = (engagement: Engagement): readonly Block[] => {
  const { group: byOrder } = ordersNamedIn(engagement);
  const unblocked = byOrder(engagement.of('OrderUnblocked'));
  const fulfilled = byOrder(engagement.of('OrderFulfilled'));
  const cancelled = byOrder(engagement.of('OrderCancelled'));
  const placed = byOrder(engagement.of('OrderPlaced'));
  return [...byOrder(engagement.of('OrderBlocked').filter(isOfRoute))].flatMap(([order, own]) => {
    // A fulfilled order waits for nothing, whatever is said of it later.
    const [done] = fulfilled.get(order) ?? [];
    const lastBy = <Event extends RecordedEvent>(events: readonly Event[] | undefined, at: Instant): Instant =>
      (events ?? []).findLast((event) => event.occurredAt <= at)?.occurredAt ?? '';
    let until: Instant | 'open' | undefined;
    return own.flatMap((blocked): readonly Block[] => {
      const { occurredAt } = blocked;
      if (until === 'open' || (until !== undefined && until > occurredAt)) return [];
      // A cancelled order has nothing left to be held up, unless a later claim places it anew.
      const gone = lastBy(cancelled.get(order), occurredAt);
      if (gone !== '' && gone >= lastBy(placed.get(order), occurredAt)) return [];
      const since = (event: RecordedEvent): boolean => event.occurredAt >= occurredAt;
      const goesOn = firstWhere(unblocked.get(order) ?? [], since);
      const answer =
        goesOn === undefined || (done !== undefined && done.occurredAt < goesOn.occurredAt) ? done : goesOn;
      const ended = firstWhere(cancelled.get(order) ?? [], since);
      until = [answer, ended].flatMap((event) => event?.occurredAt ?? []).sort()[0] ?? 'open';
      return [{ blocked, answer, cancelled: ended }];
    });
  });
};

/**
 * P5.6: an order is blocked by its route for `businessDays` business days, by the calendar of the partner that leads then. It clears when
 * the order goes on, or is fulfilled or cancelled. A deal that is declared to close later, as in the customer's next fiscal year, is
 * due by then.
 */
export const blockedOrder: Rule<typeof blockedThresholds> = {
  id: 'P5.6',
  title: 'Order blocked by its route',
  opens: ['OrderBlocked'],
  thresholds: blockedThresholds,
  verdicts: (view, { businessDays }) => {
    const { engagement, context } = view;
    const movedBy = movedByExpectedClose(engagement);
    return blocksOf(engagement).flatMap(({ blocked, answer, cancelled }) => {
      const { occurredAt, data } = blocked;
      const holidays = holidaysAt(engagement, context, occurredAt);
      const limit = addBusinessDays(occurredAt, businessDays, { holidays });
      const moved = movedBy(limit);
      const dueAt = moved?.at ?? limit;
      return awaited(view, {
        subject: `order:${data.orderId}`,
        openedBy: blocked,
        awaits: ['OrderUnblocked', 'OrderFulfilled'],
        dueAt,
        answer,
        waitsFor: `order ${data.orderId} to go on`,
        severity: 'high',
        evidence: [
          cites(blocked, `the order was blocked: ${data.reason}`),
          ...(moved === undefined ? [] : [cites(moved.event, 'the deal was expected to close later than that')]),
          silence('OrderUnblocked', {
            from: occurredAt,
            until: dueAt,
            armedBy: blocked,
            says: 'the order neither went on nor was fulfilled',
          }),
          measured('business days for which the order is blocked', businessDays, businessDays),
        ],
        clearsWhen: 'The order goes on, or is fulfilled.',
        nextStep: `Ask who can clear ${data.reason}, and whether another route is open to the customer.`,
        reason: answer?.type === 'OrderFulfilled' ? 'fulfilled' : 'unblocked',
        over: cancelled === undefined ? undefined : clearedBy(cancelled, 'orderCancelled'),
      });
    });
  },
};
