// How does all that the channel brings hold and grow? One row a month and currency, and one for the customers, each counted once.
import * as z from 'zod';
import { forEveryone } from '../../events/audience.ts';
import { carriedByGroup } from './commonColumns.ts';
import { retentionColumns } from './retentionColumns.ts';
import { byLeadPartner, defineTable } from './table.ts';

export const tenantMonths = defineTable({
  name: 'tenant_months',
  describes:
    'One month of all customers, with and without partners: what they bring in one currency, or how many they are, and what is retained.',
  grain: 'group',
  key: ['group', 'month', 'measured'],
  columns: forEveryone({
    ...carriedByGroup,
    leadPartnerId: z.null().describe('Always null: the vendor alone sees sums over all partners.'),
    ...retentionColumns,
  }),
  indexes: [byLeadPartner],
});
