// Which outcomes were agreed with the customer, and was each reached?
import * as z from 'zod';
import { forEveryone } from '../../events/audience.ts';
import { CalendarDate } from '../../events/instant.ts';
import { type Outcome, outcomesOf, reaches } from '../engagement/value/outcomes.ts';
import { At, carriedByEngagement, ledBy } from './commonColumns.ts';
import { carried, ledByAt, type RowContext } from './rowContext.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    ledBy,
    outcomeId: z.string().describe('The outcome.'),
    agreedAt: At.describe('When it was agreed.'),
    replacedAt: At.nullable().describe(
      'When it was agreed anew, with another target or another day; null while it holds.',
    ),
    metric: z.string().nullable().describe('What is measured; null if that is not said.'),
    unit: z.string().nullable().describe('The unit of the measure.'),
    baseline: z.number().nullable().describe('The measure before; null if none is said.'),
    target: z.number().nullable().describe('The measure to reach; null if none is said.'),
    due: CalendarDate.nullable().describe('The day by which it is to be reached; null if none was agreed.'),
    measuredAt: At.nullable().describe('When it was last measured; null if it was not.'),
    value: z.number().nullable().describe('What was measured last; null if nothing was.'),
    met: z
      .boolean()
      .nullable()
      .describe('Whether the last measurement reaches the target; null if nothing was measured, or nobody can tell.'),
    measurements: z.int().min(0).describe('How often it was measured.'),
  }),
});

const cellsOf = (rowContext: RowContext, { agreed, replacedBy, measured }: Outcome): Columns<typeof columns> => {
  const last = measured.at(-1);
  const { outcomeId, metric, unit, baseline, target, due } = agreed.data;
  return {
    ...carried(rowContext, last?.eventId ?? agreed.eventId),
    ledBy: ledByAt(rowContext, agreed.occurredAt),
    outcomeId,
    agreedAt: agreed.occurredAt,
    replacedAt: replacedBy?.occurredAt ?? null,
    metric: metric ?? null,
    unit: unit ?? null,
    baseline: baseline ?? null,
    target: target ?? null,
    due: due ?? null,
    measuredAt: last?.occurredAt ?? null,
    value: last?.data.value ?? null,
    met: last === undefined ? null : (reaches(last, agreed) ?? null),
    measurements: measured.length,
  };
};

const outcomeRows = (rowContext: RowContext) =>
  outcomesOf(rowContext.engagement).map((outcome) => {
    const cells = cellsOf(rowContext, outcome);
    const { engagementId, outcomeId } = cells;
    return { key: { engagementId, outcomeId, agreement: outcome.agreed.factId }, columns: cells };
  });

export const outcomes = defineTable({
  name: 'outcomes',
  describes:
    'One outcome that was agreed with the customer. An outcome that is agreed anew has a row for each agreement.',
  grain: 'engagement',
  key: ['engagementId', 'outcomeId', 'agreement'],
  columns,
  indexes: [byLeadPartner],
  rows: outcomeRows,
  turns: () => [],
});
