// Which work was logged on an engagement, and what was it for?
import * as z from 'zod';
import { forEveryone, forSeers, forVendor } from '../../events/audience.ts';
import { At, carriedByEngagement, ledBy } from './commonColumns.ts';
import { lastById } from './lastById.ts';
import { carried, ledByAt, type RowContext } from './rowContext.ts';
import { seenBy, seenByColumn } from './seenBy.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

const categories = ['presales', 'implementation', 'managed', 'support', 'internal'] as const;

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    ledBy,
    workId: z.string().describe('The entry of the time sheet.'),
    workedAt: At.describe('When the work was done, as its source says.'),
    category: z.enum(categories).describe('What it was for.'),
    minutes: z.number().describe('How long it took.'),
    workEvent: z.string().describe('The event that says it.'),
  }),
  ...forVendor({ personSeenBy: seenByColumn('who worked, and whether the customer pays for it') }),
  ...forSeers(
    { seenBy: 'personSeenBy', from: 'workEvent' },
    {
      billable: z.boolean().nullable().describe('Whether the customer pays for it; null if that is not said.'),
      personRef: z.string().nullable().describe('A reference to the person who worked; null if none is said.'),
    },
  ),
});

const workRows = (rowContext: RowContext) =>
  [...lastById(rowContext.engagement.of('WorkLogged'), ({ data }) => data.workId).values()].map((event) => {
    const { workId, category, minutes, billable, personRef } = event.data;
    const cells: Columns<typeof columns> = {
      ...carried(rowContext, event.eventId),
      ledBy: ledByAt(rowContext, event.occurredAt),
      ...{ workId, category, minutes },
      workedAt: event.occurredAt,
      workEvent: event.eventId,
      personSeenBy: seenBy([rowContext.seersOf(event, 'personRef')]),
      billable: billable ?? null,
      personRef: personRef ?? null,
    };
    return { key: { engagementId: cells.engagementId, workId }, columns: cells };
  });

export const work = defineTable({
  name: 'work',
  describes: 'One entry of work on an engagement.',
  grain: 'engagement',
  key: ['engagementId', 'workId'],
  columns,
  indexes: [byLeadPartner],
  rows: workRows,
  turns: () => [],
});
