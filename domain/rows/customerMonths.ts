// How much recurring revenue did a customer have in each month, and how did it change?
import * as z from 'zod';
import { forEveryone, forSeers, forVendor } from '../../events/audience.ts';
import { CustomerName, carriedByGroup, Minor, PartnerName, PartyId } from './commonColumns.ts';
import {
  inMonth,
  inWindow,
  logoColumns,
  moneyColumns,
  monthColumns,
  monthSeers,
  windowColumns,
  windowMeans,
} from './monthColumns.ts';
import { seenByColumn } from './seenBy.ts';
import { byLeadPartner, defineTable } from './table.ts';

const reason = () => z.enum(['amountUnknown']).nullable();
const count = () => z.int().min(0).nullable();

const columns = () => ({
  ...forEveryone({
    ...carriedByGroup(),
    customerId: PartyId.nullable().describe(
      'The customer; null if none is known, and then `engagementId` is set instead.',
    ),
    customer: CustomerName,
    engagementId: z
      .string()
      .nullable()
      .describe('The engagement whose customer is not known; it counts as a customer of its own. Else null.'),
    partnerId: PartyId.nullable().describe(
      'The partner whose revenue counts; null: revenue of all partners, and revenue without a partner.',
    ),
    partner: PartnerName,
    leadPartnerId: PartyId.nullable().describe(
      'The same partner, so that it sees its own rows. Only the vendor sees rows over all partners.',
    ),
    leadPartner: PartnerName,
    lastEventId: z.string().describe('The event of the last step up to the end of the month.'),
    ...monthColumns(),
  }),
  ...monthSeers(),
  ...forVendor({ amountsSeenAfter: seenByColumn('the amounts of the month that follows, if nothing changes') }),
  ...forSeers(
    { ...inMonth, reason: 'reason' },
    {
      ...moneyColumns(),
      reason: reason().describe(
        'Why an amount of the month is null: a price or billing period is not known, or an amount is too large.',
      ),
    },
  ),
  ...forEveryone(logoColumns()),
  ...forSeers(
    { ...inWindow, reason: 'windowReason' },
    {
      windowStartMinor: Minor.describe(
        `Annual recurring revenue just before the window, less \`windowTransferOutMinor\`. ${windowMeans}`,
      ),
      windowEndMinor: Minor.describe("Annual recurring revenue at the window's end, less `windowTransferInMinor`."),
      windowRetainedMinor: Minor.describe('The smaller of `windowStartMinor` and `windowEndMinor`.'),
      ...windowColumns(),
      windowReason: reason().describe('Why an amount of the window is null; the values are those of `reason`.'),
    },
  ),
  ...forEveryone({
    windowLogosStart: count().describe(
      '1 if the customer has revenue just before the window, without transferred revenue; else 0.',
    ),
    windowLogosEnd: count().describe("1 if it has revenue at the window's end, without transferred revenue; else 0."),
    windowTransferred: z.boolean().describe('Whether any of its subscriptions changed its partner in the window.'),
  }),
});

export const customerMonths = defineTable({
  name: 'customer_months',
  describes:
    'One month of a customer, with one partner or over all: its revenue in one currency (null: not known), or whether it is a customer (logos).',
  grain: 'group',
  key: ['customer', 'month', 'measured'],
  columns,
  indexes: [byLeadPartner],
});
