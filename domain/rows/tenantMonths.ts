// How does the recurring revenue of all customers grow, and how much of it is retained, month by month?
import * as z from 'zod';
import { forEveryone } from '../../events/audience.ts';
import { carriedByGroup } from './commonColumns.ts';
import { retentionColumns } from './retentionColumns.ts';
import { byLeadPartner, defineTable } from './table.ts';

export const tenantMonths = defineTable({
  name: 'tenant_months',
  describes:
    'One month of all customers, with and without partners: their revenue in one currency, or their number, and what is retained.',
  grain: 'group',
  key: ['group', 'month', 'measured'],
  columns: () => ({
    ...forEveryone({
      ...carriedByGroup(),
      leadPartnerId: z.null().describe('Always null: the vendor alone sees sums over all partners.'),
    }),
    ...retentionColumns(),
  }),
  indexes: [byLeadPartner],
});
