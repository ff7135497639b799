// Which value does a customer get over all its engagements, as far as evidence shows it?
import * as z from 'zod';
import { forVendor } from '../../events/audience.ts';
import { valueReasons, valueStates } from '../scores/valueState.ts';
import { At, CustomerName, carriedByGroup, PartyId } from './commonColumns.ts';
import { byLeadPartner, defineTable } from './table.ts';

export const customerValues = defineTable({
  name: 'customer_values',
  describes: 'A customer: the value that it gets over all its engagements, by evidence, and what decides that.',
  grain: 'group',
  key: ['customerId'],
  columns: () =>
    // Its engagements may be led by several partners.
    forVendor({
      ...carriedByGroup(),
      leadPartnerId: z.null().describe('Always null: the vendor alone sees all engagements of a customer.'),
      leadPartner: z.null().describe('Always null.'),
      customerId: PartyId.describe('The customer.'),
      customer: CustomerName,
      valueState: z
        .enum(valueStates)
        .nullable()
        .describe(
          'Of the engagements of which something is known: continuous if all are, uncertain if all are, else improving. Null: see `valueReason`.',
        ),
      valueReason: z
        .enum(valueReasons)
        .nullable()
        .describe('Why nothing is known: nothing was bought yet, or else all engagements have ended; else null.'),
      engagements: z.int().min(1).describe('Its engagements in which anything counts.'),
      known: z.int().min(0).describe('Those of them that have a value state.'),
      evidence: z
        .array(
          z.strictObject(
            forVendor({
              engagementId: z.string().describe('The engagement.'),
              state: z.enum(valueStates).describe('Its value state (`healthy_scores.valueState`).'),
              eventId: z.string().describe('The event that decides it.'),
              type: z.string().describe('Its type.'),
              occurredAt: At.describe('When it happened.'),
              says: z.string().describe('What it shows, in words.'),
            }),
          ),
        )
        .describe('The events that decide the states of its engagements.'),
    }),
  indexes: [byLeadPartner],
});
