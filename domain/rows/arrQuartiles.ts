// From which revenue on did an engagement stand in its partner's top quartile, and when?
import * as z from 'zod';
import { forEveryone, forVendor } from '../../events/audience.ts';
import { At, carriedByGroup, PartnerName, PartyId } from './commonColumns.ts';
import { byLeadPartner, defineTable } from './table.ts';

export const arrQuartiles = defineTable({
  name: 'arr_quartiles',
  describes:
    'One stretch of time in which the same revenue began the top quartile of a partner’s engagements in one currency.',
  grain: 'group',
  key: ['group', 'from'],
  columns: () => ({
    ...forEveryone({
      ...carriedByGroup(),
      partnerId: PartyId.describe('The partner.'),
      partner: PartnerName,
      leadPartnerId: PartyId.describe('The partner, so that it sees its own rows.'),
      leadPartner: PartnerName,
      currency: z.string().describe('The currency of the revenue. Currencies are not compared.'),
      from: At.describe('When the stretch began.'),
      until: At.nullable().describe('When it ended; null while it lasts.'),
    }),
    // It tells a partner prices of engagements that another partner led when they were agreed.
    ...forVendor({
      arrMinor: z
        .int()
        .describe(
          'The least annual recurring revenue of the top quartile, minor units: a quarter of the engagements at most have so much.',
        ),
      engagements: z.int().min(4).describe('How many engagements were compared when the stretch began.'),
    }),
  }),
  indexes: [byLeadPartner],
});
