// What did a customer bring in each month, and what moved? One row a month and currency, and one for the customer itself.
import * as z from 'zod';
import { forEveryone } from '../../events/audience.ts';
import { carriedByGroup, Minor, PartyId } from './commonColumns.ts';
import { logoColumns, moneyColumns, monthColumns, windowColumns, windowMeans } from './monthColumns.ts';
import { byLeadPartner, defineTable } from './table.ts';

const reason = z.enum(['amountUnknown']).nullable();
const count = z.int().min(0).nullable();

const columns = forEveryone({
  ...carriedByGroup,
  customerId: PartyId.nullable().describe('The customer; null where none is known, and `engagementId` stands for it.'),
  engagementId: z.string().nullable().describe('The engagement that stands for a customer of its own.'),
  partnerId: PartyId.nullable().describe('The partner that carries what is counted; null: over all of them, and none.'),
  leadPartnerId: PartyId.nullable().describe('That partner, so that it sees its own; rows over all the vendor sees.'),
  lastEventId: z.string().describe('The event of the last step up to the end of the month.'),
  ...monthColumns,
  ...moneyColumns,
  ...logoColumns,
  reason: reason.describe('Why an amount of the month is null: a price or billing period is not known.'),
  windowStartMinor: Minor.describe(`Just before the window, less \`windowTransferOutMinor\`. ${windowMeans}`),
  windowEndMinor: Minor.describe("At the window's end, less `windowTransferInMinor`."),
  windowRetainedMinor: Minor.describe('The smaller of the two.'),
  ...windowColumns,
  windowLogosStart: count.describe('1 where the customer counts just before the window, as its amounts do; else 0.'),
  windowLogosEnd: count.describe("1 where it counts at the window's end; else 0."),
  windowTransferred: z.boolean().describe('Whether anything of it changed its partner in the window.'),
  windowReason: reason.describe('Why an amount of the window is null, as `reason`.'),
});

export const customerMonths = defineTable({
  name: 'customer_months',
  describes: 'One month of a customer, with one partner or over all, in one currency (null: not known), or as a logo.',
  grain: 'group',
  key: ['customer', 'month', 'measured'],
  columns,
  indexes: [byLeadPartner],
});
