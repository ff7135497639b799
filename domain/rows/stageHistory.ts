// Which stages did an engagement pass, and how long did it stay in each?
import * as z from 'zod';
import { forEveryone } from '../../events/audience.ts';
import { epochOf } from '../../events/instant.ts';
import { Stage } from '../../events/stage.ts';
import { At, carriedByEngagement, ledBy } from './commonColumns.ts';
import { padded } from './row.ts';
import { carried, ledByAt, type RowContext } from './rowContext.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    ledBy,
    cycle: z.int().min(1).describe('The cycle of the visit: 1 until the anchor subscription renews, then counting up.'),
    visit: z.int().min(1).describe("The visit's number in the engagement's journey, from 1."),
    stage: Stage.describe('The stage that was entered.'),
    enteredAt: At.describe('When it was entered.'),
    leftAt: At.nullable().describe('When it was left, or the engagement ended; null while the visit lasts.'),
    dwellMinutes: z.int().min(0).nullable().describe('Whole minutes from entering to leaving; null while it lasts.'),
    censored: z.boolean().describe('Whether the visit still lasts, so that its dwell time is not known yet.'),
    enteredByEvent: z
      .string()
      .nullable()
      .describe('The event that opened the stage; null if Renew opened by time, before the end of a term.'),
  }),
});

/** The rows of `stage_history`: the journey up to now, in order. Create and Mobilize are no visits. */
const stageHistoryRows = (rowContext: RowContext) =>
  rowContext.engagement.journey.visits.map((visit, index) => {
    const { stage, cycle, enteredAt, leftAt, enteredBy } = visit;
    const cells: Columns<typeof columns> = {
      ...carried(rowContext, enteredBy?.eventId ?? null),
      ledBy: ledByAt(rowContext, enteredAt),
      cycle,
      visit: index + 1,
      stage,
      enteredAt,
      leftAt: leftAt ?? null,
      dwellMinutes: leftAt === undefined ? null : Math.floor((epochOf(leftAt) - epochOf(enteredAt)) / 60_000),
      censored: leftAt === undefined,
      enteredByEvent: enteredBy?.eventId ?? null,
    };
    const { engagementId } = cells;
    return { key: { engagementId, cycle: padded(cycle), visit: padded(index + 1), stage }, columns: cells };
  });

export const stageHistory = defineTable({
  name: 'stage_history',
  describes: 'One visit of an engagement to a stage, in a cycle.',
  grain: 'engagement',
  key: ['engagementId', 'cycle', 'visit', 'stage'],
  columns,
  indexes: [byLeadPartner],
  rows: stageHistoryRows,
  turns: ({ engagement }) => engagement.journey.turns,
});
