// Was a deal lost because it could not be bought?
import * as z from 'zod';
import type { RecordedOf } from '../../events/catalog.ts';
import { cycleOf } from '../engagement/cycles.ts';
import { lastBefore } from '../time/sortedSearch.ts';
import { cites, clearedBy, tolerated } from './awaited.ts';
import { type Quote, quotesOf } from './expiredOffer.ts';
import { postponed } from './outages.ts';
import type { Rule, View } from './pattern.ts';

const noThresholds = z.object({});

const expiries: ReadonlySet<string> = new Set(['quote_expired', 'offer_expired']);

/** Whether a code says that procurement failed: `procurement`, `code:lost_at_procurement`, `Procurement`, `quote_expired`. */
const saysProcurement = (reason: string | undefined): boolean => {
  const words = (reason ?? '')
    .replace(/^.*:/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  return words.includes('procurement') || expiries.has(words.join('_'));
};

/** Whether a quote had lapsed by a loss, without an order or a new quote. */
const hadLapsed = (
  view: View,
  { dueAt, ordered, over }: Quote,
  { eventId, occurredAt }: RecordedOf<'DealClosed'>,
): boolean => {
  const due = postponed(view, { awaits: ['OrderPlaced'], dueAt });
  return (
    due.quiet === undefined &&
    tolerated(due.dueAt) <= occurredAt &&
    (ordered === undefined || ordered.occurredAt > occurredAt) &&
    (over === undefined || over.at > occurredAt || over.eventId === eventId)
  );
};

/**
 * P5.8: the deal was lost, and its reason names procurement or an expired quote; or its last quote had expired without an order. It is a
 * fact of history: nothing can clear it, so its flag is cleared as it is raised.
 */
export const lostAtProcurement: Rule<typeof noThresholds> = {
  id: 'P5.8',
  title: 'Lost at procurement',
  opens: ['DealClosed'],
  thresholds: noThresholds,
  verdicts: (view) => {
    const { engagement } = view;
    const quotes = quotesOf(engagement);
    return engagement.closings.flatMap(({ event: lost }) => {
      if (lost.data.result !== 'lost') return [];
      const quote = lastBefore(quotes, ({ proposed }) => proposed.occurredAt > lost.occurredAt);
      const lapsed = quote !== undefined && hadLapsed(view, quote, lost) ? quote : undefined;
      const isSaid = saysProcurement(lost.data.reason);
      if (!isSaid && lapsed === undefined) return [];
      return [
        {
          state: 'raised',
          subject: `cycle:${cycleOf(engagement.journey, lost)}`,
          openedBy: lost,
          raisedAt: lost.occurredAt,
          severity: 'info',
          evidence: [
            ...(lapsed === undefined ? [] : [cites(lapsed.proposed, 'the last quote expired without an order')]),
            cites(lost, isSaid ? 'the deal was lost, and the reason names procurement' : 'the deal was lost'),
          ],
          clearsWhen: 'It stays in the history as it is.',
          nextStep: 'Find out at which step of the purchase it failed, and agree on the route earlier next time.',
          cleared: clearedBy(lost, 'historic'),
          changesAt: undefined,
        },
      ];
    });
  },
};
