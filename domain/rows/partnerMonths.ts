// How does the recurring revenue of a partner grow, and how much of it is retained, month by month?
import { forEveryone } from '../../events/audience.ts';
import { carriedByGroup, PartnerName, PartyId } from './commonColumns.ts';
import { retentionColumns } from './retentionColumns.ts';
import { byLeadPartner, defineTable } from './table.ts';

export const partnerMonths = defineTable({
  name: 'partner_months',
  describes:
    'One month of a partner: the revenue of its customers in one currency, or their number, and what is retained.',
  grain: 'group',
  key: ['partnerId', 'month', 'measured'],
  columns: () => ({
    ...forEveryone({
      ...carriedByGroup(),
      partnerId: PartyId.describe('The partner.'),
      partner: PartnerName,
      leadPartnerId: PartyId.describe('The partner, so that it sees its own rows.'),
      leadPartner: PartnerName,
    }),
    ...retentionColumns(),
  }),
  indexes: [byLeadPartner],
});
