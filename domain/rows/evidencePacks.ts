// What evidence of value does each term have for its renewal, and how was it decided?
import * as z from 'zod';
import { forEveryone } from '../../events/audience.ts';
import type { Term } from '../engagement/subscriptions.ts';
import { outcomesOf } from '../engagement/value/outcomes.ts';
import { At, carriedByEngagement, ledBy } from './commonColumns.ts';
import { carried, ledByAt, type RowContext } from './rowContext.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';
import { evidenceIn } from './termEvidence.ts';

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

const decisionOf = ({ decidedBy }: Term): 'renewed' | 'ended' | null => {
  if (decidedBy === undefined) return null;
  return decidedBy.type === 'SubscriptionRenewed' ? 'renewed' : 'ended';
};

const packRows = (rowContext: RowContext) => {
  const evidenceOf = evidenceIn(rowContext);
  return rowContext.engagement.subscriptions.flatMap(({ subscriptionId, terms }) =>
    terms.map((term) => {
      const { evidence, last } = evidenceOf(subscriptionId, term);
      const cells: Columns<typeof columns> = {
        ...carried(rowContext, last?.eventId),
        ledBy: ledByAt(rowContext, term.begunBy.occurredAt),
        ...{ subscriptionId, termStart: term.start, termEnd: term.end ?? null },
        ...evidence,
        decision: decisionOf(term),
        decidedAt: term.decidedBy?.occurredAt ?? null,
      };
      return { key: { engagementId: cells.engagementId, subscriptionId, term: term.begunBy.factId }, columns: cells };
    }),
  );
};

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
