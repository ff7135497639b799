// How long did the customer wait for each report of value?
import * as z from 'zod';
import { forEveryone } from '../../events/audience.ts';
import { epochOf } from '../../events/instant.ts';
import { gapTurns, reportGaps } from '../scores/reportRhythm.ts';
import { At, carriedByEngagement, ledBy } from './commonColumns.ts';
import { carried, ledByAt, type RowContext } from './rowContext.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    ledBy,
    after: z.enum(['go_live', 'report']).describe('What the wait began with: go-live, or the report before.'),
    afterEvent: z.string().describe('The event that it began with.'),
    since: At.describe('When it began.'),
    dueAt: At.describe(
      'When the report was due, by rule P4.1 of the policy in force when the wait began, or when the customer last looked at a live dashboard.',
    ),
    reportId: z.string().nullable().describe('The report that ended it; null while the customer waits.'),
    reportedAt: At.nullable().describe('When that report came.'),
    days: z.int().nullable().describe('Whole days that the customer waited; null while it waits.'),
    onTime: z.boolean().nullable().describe('Whether the report came in time; null while it still may.'),
  }),
});

const dayLength = 86_400_000;

const cadenceRows = (rowContext: RowContext) =>
  reportGaps(rowContext).map(({ after, dueAt, report, onTime }) => {
    const cells: Columns<typeof columns> = {
      ...carried(rowContext, report?.eventId ?? after.eventId),
      ledBy: ledByAt(rowContext, after.occurredAt),
      after: after.type === 'ValueReported' ? 'report' : 'go_live',
      afterEvent: after.eventId,
      since: after.occurredAt,
      dueAt,
      reportId: report?.data.reportId ?? null,
      reportedAt: report?.occurredAt ?? null,
      days:
        report === undefined ? null : Math.floor((epochOf(report.occurredAt) - epochOf(after.occurredAt)) / dayLength),
      onTime: onTime ?? null,
    };
    return { key: { engagementId: cells.engagementId, after: after.factId }, columns: cells };
  });

export const reportCadence = defineTable({
  name: 'report_cadence',
  describes: 'One wait for a report of value since go-live.',
  grain: 'engagement',
  key: ['engagementId', 'after'],
  columns,
  indexes: [byLeadPartner],
  rows: cadenceRows,
  turns: (rowContext) => gapTurns(reportGaps(rowContext)),
});
