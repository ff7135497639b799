// How does what a partner carries hold and grow? One row a month and currency, and one for its customers.
import { forEveryone } from '../../events/audience.ts';
import { carriedByGroup, PartyId } from './commonColumns.ts';
import { retentionColumns } from './retentionColumns.ts';
import { byLeadPartner, defineTable } from './table.ts';

export const partnerMonths = defineTable({
  name: 'partner_months',
  describes:
    'One month of a partner: what its customers bring in one currency, or how many they are, and what is retained.',
  grain: 'group',
  key: ['partnerId', 'month', 'measured'],
  columns: forEveryone({
    ...carriedByGroup,
    partnerId: PartyId.describe('The partner.'),
    leadPartnerId: PartyId.describe('The partner, so that it sees its own.'),
    ...retentionColumns,
  }),
  indexes: [byLeadPartner],
});
