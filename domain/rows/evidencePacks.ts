// What evidence of value does each term have for its renewal, and how was it decided?
import * as z from 'zod';
import { forEveryone } from '../../events/audience.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Term } from '../engagement/subscriptions.ts';
import { outcomesOf, reaches } from '../engagement/value/outcomes.ts';
import { inFoldOrder } from '../history.ts';
import { At, carriedByEngagement, ledBy } from './commonColumns.ts';
import { carried, ledByAt, type RowContext } from './rowContext.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    ledBy,
    subscriptionId: z.string().describe('The subscription.'),
    termStart: At.describe('When the term starts.'),
    termEnd: At.nullable().describe('When it ends; null if no end is set.'),
    reports: z.int().min(0).describe('How many reports the customer got in the term.'),
    impactReports: z.int().min(0).describe('How many of them show the impact on the business.'),
    lastImpactAt: At.nullable().describe('When the last of these came; null if none did.'),
    outcomesDue: z.int().min(0).describe('How many outcomes were due in the term, up to now.'),
    outcomesMet: z.int().min(0).describe('How many of them were met by their last measurement.'),
    adoption: z
      .number()
      .nullable()
      .describe('Used units of those paid for, as last measured in the term; null if nobody measured both.'),
    tickets: z.int().min(0).describe('How many tickets were opened in the term.'),
    proposedAt: At.nullable().describe('When its renewal was first proposed; null if it was not.'),
    decision: z.enum(['renewed', 'ended']).nullable().describe('How the term was decided; null while it is not.'),
    decidedAt: At.nullable().describe('When it was decided; null while it is not.'),
  }),
});

/** Whether an instant lies in a term: from its start, before the next one's. */
const inTerm = (term: Term): ((at: Instant) => boolean) => {
  const until = term.decidedBy?.type === 'SubscriptionRenewed' ? term.decidedBy.data.termStart : undefined;
  return (at) => at >= term.start && (until === undefined || at < until);
};

/** What the engagement's events say about a term of a subscription. */
const evidenceOf = (rowContext: RowContext, subscriptionId: string, term: Term) => {
  const { engagement, now } = rowContext;
  const isIn = inTerm(term);
  const reports = engagement.of('ValueReported').filter(({ occurredAt }) => isIn(occurredAt));
  const impact = reports.filter(({ data }) => data.sections.includes('business_impact'));
  const due = outcomesOf(engagement).filter(
    (outcome) =>
      outcome.replacedBy === undefined &&
      outcome.due !== undefined &&
      outcome.due.endsAt <= now &&
      isIn(outcome.due.endsAt),
  );
  const used = engagement
    .of('UsageMeasured')
    .findLast(
      ({ data }) => data.subscriptionId === subscriptionId && isIn(data.windowStart) && (data.purchasedUnits ?? 0) > 0,
    );
  const proposed = engagement
    .of('RenewalProposed')
    .find(({ data, occurredAt }) => data.subscriptionIds.includes(subscriptionId) && isIn(occurredAt));
  const tickets = engagement.of('TicketOpened').filter(({ occurredAt }) => isIn(occurredAt));
  const rests = [term.begunBy, term.decidedBy, used, proposed, reports.at(-1), tickets.at(-1)];
  const outcomes = due.flatMap(({ agreed, measured }) => [agreed, ...measured.slice(-1)]);
  const events: readonly (RecordedEvent | undefined)[] = [...rests, ...outcomes];
  return {
    ...carried(
      rowContext,
      events
        .filter((event) => event !== undefined)
        .sort(inFoldOrder)
        .at(-1)?.eventId,
    ),
    reports: reports.length,
    impactReports: impact.length,
    lastImpactAt: impact.at(-1)?.occurredAt ?? null,
    outcomesDue: due.length,
    outcomesMet: due.filter(({ agreed, measured }) => {
      const last = measured.at(-1);
      return last !== undefined && reaches(last, agreed) === true;
    }).length,
    adoption: used === undefined ? null : Math.min(1, used.data.activeUnits / (used.data.purchasedUnits ?? 1)),
    tickets: tickets.length,
    proposedAt: proposed?.occurredAt ?? null,
  };
};

const decisionOf = ({ decidedBy }: Term): 'renewed' | 'ended' | null => {
  if (decidedBy === undefined) return null;
  return decidedBy.type === 'SubscriptionRenewed' ? 'renewed' : 'ended';
};

const packRows = (rowContext: RowContext) =>
  rowContext.engagement.subscriptions.flatMap(({ subscriptionId, terms }) =>
    terms.map((term) => {
      const cells: Columns<typeof columns> = {
        ledBy: ledByAt(rowContext, term.begunBy.occurredAt),
        ...{ subscriptionId, termStart: term.start, termEnd: term.end ?? null },
        ...evidenceOf(rowContext, subscriptionId, term),
        decision: decisionOf(term),
        decidedAt: term.decidedBy?.occurredAt ?? null,
      };
      return { key: { engagementId: cells.engagementId, subscriptionId, term: term.begunBy.factId }, columns: cells };
    }),
  );

export const evidencePacks = defineTable({
  name: 'evidence_packs',
  describes: 'What speaks for the renewal of one term of a subscription, and how it was decided.',
  grain: 'engagement',
  key: ['engagementId', 'subscriptionId', 'term'],
  columns,
  indexes: [byLeadPartner],
  rows: packRows,
  turns: ({ engagement }) => outcomesOf(engagement).map(({ due }) => due?.endsAt),
});
