// Which registrations of a customer exclude each other, whatever engagements they are of?
import * as z from 'zod';
import { forVendor } from '../../events/audience.ts';
import { At, CustomerName, carriedByGroup, PartnerName, PartyId } from './commonColumns.ts';
import { byLeadPartner, defineTable } from './table.ts';

const until = () =>
  At.nullable().describe('When its protection ends: after its last day, UTC. Null: nobody said when.');
const from = () => At.describe('When its protection began: when it was registered.');

export const registrationConflicts = defineTable({
  name: 'registration_conflicts',
  describes:
    'Two registrations that protect one customer and offer for two partners at the same time, in one engagement or in two.',
  grain: 'group',
  key: ['customerId', 'earlierEngagementId', 'earlierRegistrationId', 'laterEngagementId', 'laterRegistrationId'],
  columns: () =>
    // Each partner knows of its own registration alone.
    forVendor({
      ...carriedByGroup(),
      leadPartnerId: z.null().describe('Always null: the vendor alone sees what lies between two partners.'),
      leadPartner: z.null().describe('Always null.'),
      customerId: PartyId.describe('The customer.'),
      customer: CustomerName,
      offerId: z
        .string()
        .nullable()
        .describe('The offer of both; null if one of them is for whatever the customer buys.'),
      earlierEngagementId: z.string().describe('The engagement of the registration that was made first.'),
      earlierRegistrationId: z.string().describe('That registration; its row in `registrations` has its clocks.'),
      earlierPartnerId: PartyId.describe('The partner for whom it is protected.'),
      earlierPartner: PartnerName,
      earlierFrom: from(),
      earlierUntil: until(),
      laterEngagementId: z.string().describe('The engagement of the registration that was made later.'),
      laterRegistrationId: z.string().describe('That registration; its row in `registrations` has its clocks.'),
      laterPartnerId: PartyId.describe('The partner for whom it is protected.'),
      laterPartner: PartnerName,
      laterFrom: from(),
      laterUntil: until(),
      conflictFrom: At.describe('When both began to protect: when the later one was registered.'),
      conflictUntil: At.nullable().describe('When the first of them ends; null: neither has an end.'),
    }),
  indexes: [byLeadPartner],
});
