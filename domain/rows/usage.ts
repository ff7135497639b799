// How much of what was paid for is used, window by window?
import * as z from 'zod';
import { forEveryone } from '../../events/audience.ts';
import { At, carriedByEngagement } from './commonColumns.ts';
import { lastById } from './lastById.ts';
import { carried, type RowContext } from './rowContext.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    subscriptionId: z.string().describe('The subscription that is used.'),
    metric: z.string().describe('What counts as used, such as activeUsers.'),
    windowStart: At.describe('When the measurement begins.'),
    windowEnd: At.describe('When it ends.'),
    purchasedUnits: z
      .number()
      .nullable()
      .describe('The units that were paid for, as the measurement says; null if it does not.'),
    activeUnits: z.number().describe('The units that were used.'),
    adoption: z
      .number()
      .nullable()
      .describe('Used units of those that were paid for, 1 at most; null for the reason in `adoptionReason`.'),
    adoptionReason: z
      .enum(['purchasedUnitsNotSaid', 'nothingPurchased'])
      .nullable()
      .describe('Why there is no adoption: the measurement does not say what was paid for, or nothing was.'),
    usageEvent: z.string().describe('The event that says it.'),
  }),
});

type Adoption = Pick<Columns<typeof columns>, 'adoption' | 'adoptionReason'>;

/** The ratio of used units (domain reference B13): more than was paid for counts as all of it. */
const adoptionOf = (active: number, purchased: number | undefined): Adoption => {
  if (purchased === undefined) return { adoption: null, adoptionReason: 'purchasedUnitsNotSaid' };
  if (purchased === 0) return { adoption: null, adoptionReason: 'nothingPurchased' };
  return { adoption: Math.min(1, active / purchased), adoptionReason: null };
};

const usageRows = (rowContext: RowContext) => {
  const measured = lastById(rowContext.engagement.of('UsageMeasured'), ({ data }) =>
    JSON.stringify([data.subscriptionId, data.metric, data.windowStart, data.windowEnd]),
  );
  return [...measured.values()].map((event) => {
    const { subscriptionId, metric, windowStart, windowEnd, purchasedUnits, activeUnits } = event.data;
    const cells: Columns<typeof columns> = {
      ...carried(rowContext, event.eventId),
      ...{ subscriptionId, metric, windowStart, windowEnd, activeUnits },
      purchasedUnits: purchasedUnits ?? null,
      ...adoptionOf(activeUnits, purchasedUnits),
      usageEvent: event.eventId,
    };
    return {
      key: { engagementId: cells.engagementId, subscriptionId, metric, windowStart, windowEnd },
      columns: cells,
    };
  });
};

export const usage = defineTable({
  name: 'usage',
  describes: 'One measurement of how much of a subscription is used.',
  grain: 'engagement',
  key: ['engagementId', 'subscriptionId', 'metric', 'windowStart', 'windowEnd'],
  columns,
  indexes: [byLeadPartner],
  rows: usageRows,
  turns: () => [],
});
