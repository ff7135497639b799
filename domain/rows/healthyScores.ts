// How healthy is an engagement, element by element, and how much of that is known?
import * as z from 'zod';
import { forEveryone } from '../../events/audience.ts';
import { outcomesOf } from '../engagement/value/outcomes.ts';
import { turnsOfVerdicts } from '../patterns/evaluate.ts';
import { healthyCountsOf, lastCounted } from '../scores/healthyCounts.ts';
import { healthyParts, scoresOf, shareOf } from '../scores/healthyParts.ts';
import { gapTurns, reportGaps } from '../scores/reportRhythm.ts';
import { customerValueOf, valueReasons, valueStates } from '../scores/valueState.ts';
import { At, CustomerName, carriedByEngagement, PartyId } from './commonColumns.ts';
import { healthyColumns } from './healthyColumns.ts';
import { carried, type RowContext } from './rowContext.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    period: z.literal('all').describe('The time that counts: all of it, from the first fact on.'),
    ...healthyColumns(': 0 to 100; null where under half of its parts are known.'),
    parts: z
      .array(
        z.strictObject(
          forEveryone({
            part: z.enum(healthyParts).describe('The part.'),
            sum: z.number().describe('What counts for it; for withoutDeviation, the minutes of deviations.'),
            of: z.number().describe('Of how many; for withoutDeviation, the minutes of implementation.'),
            value: z.number().nullable().describe('What it adds to its element, 0 to 1; null if nothing counts.'),
          }),
        ),
      )
      .describe('The parts of the elements. Flags are no part of them, and are never averaged away.'),
    customerId: PartyId.nullable().describe('The customer, as a party; null if it is not known.'),
    customer: CustomerName,
    valueState: z
      .enum(valueStates)
      .nullable()
      .describe(
        'The value that the customer gets, by evidence. uncertain: nothing shows any. improving: an agreed outcome is met, or a report shows business impact. continuous: every agreed outcome is met, a report shows business impact, and none is overdue. Null: see `valueReason`.',
      ),
    valueReason: z
      .enum(valueReasons)
      .nullable()
      .describe('Why nothing is known of the value: nothing was bought yet, or the engagement has ended; else null.'),
    valueEvidence: z
      .array(
        z.strictObject(
          forEveryone({
            eventId: z.string().describe('The event.'),
            type: z.string().describe('Its type.'),
            occurredAt: At.describe('When it happened.'),
            says: z.string().describe('What it shows, in words.'),
          }),
        ),
      )
      .describe('The events that decide `valueState`: the last ones that show value, and what they lack to be full.'),
  }),
});

/** The columns of the customer's value. */
const valueCells = (rowContext: RowContext) => {
  const { state, reason, evidence } = customerValueOf(rowContext);
  return {
    customerId: rowContext.customerId,
    customer: rowContext.nameOfParty(rowContext.customerId),
    valueState: state ?? null,
    valueReason: reason ?? null,
    valueEvidence: evidence.map(({ event: { eventId, type, occurredAt }, says }) => ({
      eventId,
      type,
      occurredAt,
      says,
    })),
  };
};

/** The row of an engagement, once anything counts. */
const healthyRows = (rowContext: RowContext) => {
  const counts = healthyCountsOf(rowContext);
  const { elements, composite, coverage } = scoresOf(counts);
  if (coverage === 0) return [];
  const cells: Columns<typeof columns> = {
    ...carried(rowContext, lastCounted(rowContext.engagement)?.eventId ?? null),
    period: 'all',
    h1: elements.h1 ?? null,
    h2: elements.h2 ?? null,
    h3: elements.h3 ?? null,
    h4: elements.h4 ?? null,
    composite: composite ?? null,
    coverage,
    parts: healthyParts.map((part) => ({ part, ...counts[part], value: shareOf(part, counts[part]) ?? null })),
    ...valueCells(rowContext),
  };
  return [{ key: { engagementId: cells.engagementId, period: cells.period }, columns: cells }];
};

export const healthyScores = defineTable({
  name: 'healthy_scores',
  describes:
    'How healthy an engagement is: the elements H1 to H4, each with its parts and how much is known; and the value that its customer gets.',
  grain: 'engagement',
  key: ['engagementId', 'period'],
  columns,
  indexes: [byLeadPartner],
  rows: healthyRows,
  turns: (rowContext) => [
    ...turnsOfVerdicts(rowContext.verdicts),
    ...outcomesOf(rowContext.engagement).map(({ due }) => due?.endsAt),
    ...gapTurns(reportGaps(rowContext)),
  ],
});
