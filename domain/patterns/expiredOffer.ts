// Did an offer to the customer expire before anything was ordered by it?
import * as z from 'zod';
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { uuidOf } from '../../events/identifiers.ts';
import { addDays, addMilliseconds, type Instant } from '../../events/instant.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { type Moved, movedByExpectedClose } from '../engagement/expectedClose.ts';
import { inFoldOrder } from '../history.ts';
import { firstWhere } from '../time/sortedSearch.ts';
import { tolerance } from '../time/tolerance.ts';
import { awaited, cites, clearedBy, silence } from './awaited.ts';
import { ordersNamedIn } from './orderNamed.ts';
import type { Clearing, Rule } from './pattern.ts';

const noThresholds = z.object({});

/** A quote that names its last day. */
export interface Quote {
  readonly proposed: RecordedOf<'SolutionProposed'>;
  /** The end of its last day, UTC; or of the day on which the deal is expected to close, if that is later. */
  readonly dueAt: Instant;
  readonly moved: Moved | undefined;
  /** What shows first that the customer ordered. */
  readonly ordered: RecordedEvent | undefined;
  /** What makes it moot: the next quote, which replaces it, or the loss of the deal. */
  readonly over: Clearing | undefined;
}

/**
 * What shows that something was ordered, in fold order: the first word about each order, whether it was placed, fulfilled or started a
 * subscription; also a subscription of no order that is known, and a renewal that someone decided. Further words about an
 * order are no further order.
 */
const purchasesOf = (engagement: Engagement): readonly RecordedEvent[] => {
  const started = engagement.of('SubscriptionStarted');
  const { named } = ordersNamedIn(engagement);
  const words = [...engagement.of('OrderPlaced'), ...engagement.of('OrderFulfilled'), ...started].sort(inFoldOrder);
  const first = new Map<string, RecordedEvent>();
  for (const event of words) {
    const { orderId } = event.data;
    if (orderId !== undefined && !first.has(named(orderId))) first.set(named(orderId), event);
  }
  return [
    ...first.values(),
    ...started.filter(({ data }) => data.orderId === undefined),
    ...engagement.of('SubscriptionRenewed').filter(({ data }) => data.auto !== true),
  ].sort(inFoldOrder);
};

/** The quotes that name their last day, in fold order. An order within the tolerance before a quote is by it. */
export const quotesOf = (engagement: Engagement): readonly Quote[] => {
  const proposals = engagement.of('SolutionProposed');
  const purchases = purchasesOf(engagement);
  const lost = engagement.closings.flatMap(({ event, undoneBy }) =>
    undoneBy === undefined && event.data.result === 'lost' ? [event] : [],
  );
  const movedBy = movedByExpectedClose(engagement);
  return proposals.flatMap((proposed, index) => {
    const { expiresAt } = proposed.data;
    if (expiresAt === undefined) return [];
    const end = addDays(`${expiresAt}T00:00:00.000Z`, 1);
    // A quote that had expired when it was made was never in force before.
    const lapses = end > proposed.occurredAt ? end : proposed.occurredAt;
    const moved = movedBy(lapses);
    const from = addMilliseconds(proposed.occurredAt, -tolerance);
    const ordered = firstWhere(purchases, (event) => event.occurredAt >= from);
    const replacedBy = proposals[index + 1];
    const loss = firstWhere(lost, (event) => inFoldOrder(event, proposed) > 0);
    const over = [
      ...(replacedBy === undefined ? [] : [clearedBy(replacedBy, 'newQuote')]),
      ...(loss === undefined ? [] : [clearedBy(loss, 'closedMoot')]),
    ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))[0];
    return [{ proposed, dueAt: moved?.at ?? lapses, moved, ordered, over }];
  });
};

/**
 * P5.9: a quote or private offer passed its last day, and nothing was ordered. A new quote replaces it, and the loss of the deal ends it. A deal that is declared to
 * close later, as in the customer's next fiscal year, leaves it open until then. Of a purchase in several steps, the first order is
 * enough.
 */
export const expiredOffer: Rule<typeof noThresholds> = {
  id: 'P5.9',
  title: 'Offer expired without an order',
  opens: ['SolutionProposed'],
  thresholds: noThresholds,
  verdicts: (view) =>
    quotesOf(view.engagement).flatMap(({ proposed, dueAt, moved, ordered, over }) =>
      awaited(view, {
        // Not the reference itself, which is for who led then.
        subject: `quote:${proposed.data.proposalRef === undefined ? proposed.factId : uuidOf('quote', proposed.data.proposalRef)}`,
        openedBy: proposed,
        awaits: ['OrderPlaced'],
        dueAt,
        answer: ordered,
        waitsFor: 'an order by the quote, or a new quote',
        severity: 'medium',
        evidence: [
          cites(proposed, 'a quote was made that names its last day'),
          ...(moved === undefined ? [] : [cites(moved.event, 'the deal was expected to close later than that')]),
          silence('OrderPlaced', {
            from: proposed.occurredAt,
            until: dueAt,
            armedBy: proposed,
            says: 'nothing was ordered while the quote was valid',
          }),
        ],
        clearsWhen: 'A new quote is made, or the order is placed after all.',
        nextStep: 'Ask the customer whether they still want to buy, and by which route, and renew the quote.',
        reason: 'orderedLate',
        over,
      }),
    ),
};
