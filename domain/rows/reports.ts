// Which reports of value did the customer get, and did it acknowledge them?
import * as z from 'zod';
import { forEveryone, forSeers, forVendor } from '../../events/audience.ts';
import { ReportSection } from '../../events/fields.ts';
import { At, carriedByEngagement, ledBy } from './commonColumns.ts';
import { lastById } from './lastById.ts';
import { carried, ledByAt, type RowContext } from './rowContext.ts';
import { seenBy, seenByColumn } from './seenBy.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    ledBy,
    reportId: z.string().describe('The report.'),
    reportedAt: At.describe('When the customer got it.'),
    periodStart: z.string().nullable().describe('The first day that it covers; null if no period is said.'),
    periodEnd: z.string().nullable().describe('The last day that it covers; null if no period is said.'),
    sections: z.array(ReportSection).describe('What it reports on.'),
    outcomeIds: z.array(z.string()).describe('The agreed outcomes that it shows.'),
    acknowledgedAt: At.nullable().describe('When the customer first acknowledged it; null while it has not.'),
    reportEvent: z.string().describe('The event that says it.'),
  }),
  ...forVendor({ artefactSeenBy: seenByColumn('where the report is kept') }),
  ...forSeers(
    { seenBy: 'artefactSeenBy', from: 'reportEvent' },
    {
      artefactRef: z.string().nullable().describe('Where the report is kept; null if that is not said.'),
      artefactHash: z.string().nullable().describe('A digest of the report; null if none is said.'),
    },
  ),
});

const reportRows = (rowContext: RowContext) => {
  const { engagement } = rowContext;
  const reports = lastById(engagement.of('ValueReported'), ({ data }) => data.reportId);
  // In reverse, so that the first acknowledgement of a report is the one that stays.
  const acknowledged = lastById(engagement.of('ReportAcknowledged').toReversed(), ({ data }) => data.reportId);
  return [...reports.values()].map((event) => {
    const { reportId, period, sections, outcomeIds, artefactRef, artefactHash } = event.data;
    const answer = acknowledged.get(reportId);
    const cells: Columns<typeof columns> = {
      ...carried(rowContext, answer?.eventId ?? event.eventId),
      ledBy: ledByAt(rowContext, event.occurredAt),
      reportId,
      reportedAt: event.occurredAt,
      periodStart: period?.start ?? null,
      periodEnd: period?.end ?? null,
      sections: [...sections],
      outcomeIds: [...outcomeIds],
      acknowledgedAt: answer?.occurredAt ?? null,
      reportEvent: event.eventId,
      artefactSeenBy: seenBy([rowContext.seersOf(event, 'artefactRef')]),
      artefactRef: artefactRef ?? null,
      artefactHash: artefactHash ?? null,
    };
    return { key: { engagementId: cells.engagementId, reportId }, columns: cells };
  });
};

export const reports = defineTable({
  name: 'reports',
  describes: 'One report of value that a customer got.',
  grain: 'engagement',
  key: ['engagementId', 'reportId'],
  columns,
  indexes: [byLeadPartner],
  rows: reportRows,
  turns: () => [],
});
