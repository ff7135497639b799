// Who pays whom in an order, and how much does each seller keep?
import * as z from 'zod';
import { forEveryone, forParties, forSeers, forVendor } from '../../events/audience.ts';
import { Marketplace, orderClaimants, Route } from '../../events/fields.ts';
import type { Order } from '../engagement/orders.ts';
import { legsComplete, paymentsOf, retainedOf } from '../engagement/payments.ts';
import { At, carriedByEngagement, Minor, PartyId, partyName } from './commonColumns.ts';
import { padded } from './row.ts';
import { carried, type RowContext } from './rowContext.ts';
import { seenByColumn } from './seenBy.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    orderId: z.string().describe('The id of the order: that of its first claim.'),
    kind: z.enum(['leg', 'fee']).describe('A leg sells a component on; a fee is paid beside the legs.'),
    claimEvent: z.string().describe('The claim that lists it.'),
  }),
  ...forVendor({
    lineSeenBy: seenByColumn('which component or fee it is, beside its own two parties'),
    amountSeenBy: z
      .array(z.string())
      .describe('The parties that may see the amount: its own two, and who said the claim. For the vendor alone.'),
  }),
  ...forSeers(
    { seenBy: 'lineSeenBy', from: 'claimEvent' },
    {
      seq: z.int().nullable().describe("The leg's number as the claim says it; null for a fee."),
      component: z.string().nullable().describe('The component that the leg sells; null for a fee.'),
      feeKind: z.string().nullable().describe('What the fee is for; null for a leg.'),
    },
  ),
  ...forSeers(
    { seenBy: 'amountSeenBy', from: 'claimEvent' },
    {
      sellerId: PartyId.describe('Who sells the leg, or receives the fee.'),
      seller: partyName('The seller'),
      buyerId: PartyId.describe('Who buys the leg, or pays the fee.'),
      buyer: partyName('The buyer'),
      amountMinor: z.int().describe('What the buyer pays the seller, minor units of `currency`.'),
      currency: z.string().describe('The currency of all amounts of the row.'),
    },
  ),
  // What the seller paid and keeps is for the seller (and the vendor) alone.
  ...forParties(['sellerId'], {
    boughtMinor: Minor.describe(
      'What the seller paid for what it sells here; null if that is in another currency, or too large.',
    ),
    feesMinor: Minor.describe(
      'The fees that the seller paid out of this; null if they are in another currency, or too large.',
    ),
    retainedBySellerMinor: Minor.describe(
      'What the seller keeps: amount − bought − fees. Over all rows of an order it sums to what the customer pays.',
    ),
  }),
  ...forEveryone({
    retainedReason: z
      .enum(['legsIncomplete', 'mixedCurrencies', 'amountTooLarge'])
      .nullable()
      .describe('Why the retained amount is not known; null if it is known.'),
    route: Route.nullable().describe('The route that the order itself names.'),
    marketplace: Marketplace.nullable().describe('The marketplace that the order went through.'),
    claimedBy: z.enum(orderClaimants).describe('The claimant of highest precedence.'),
    cancelledAt: At.nullable().describe('When the order was cancelled; null if it was not, or was placed anew since.'),
  }),
});

const rowsOfOrder = (rowContext: RowContext, order: Order) => {
  const entries = paymentsOf(order, rowContext.context);
  const complete = legsComplete(order, rowContext.context);
  const retained = retainedOf(entries);
  return entries.map((entry, index) => {
    const isFee = entry.component === undefined;
    const claim = order.listedBy[isFee ? 'fees' : 'legs'];
    const parties = [entry.to, entry.from];
    const sayer = claim?.saidBy?.partyId;
    const seers = claim === undefined ? [] : rowContext.seersOf(claim, isFee ? 'fees' : 'legs');
    const { bought, fees, kept, tooLarge } = retained[index] ?? {};
    const unknown = tooLarge === true ? 'amountTooLarge' : 'mixedCurrencies';
    const cells: Columns<typeof columns> = {
      ...carried(rowContext, order.claims.at(-1)?.eventId),
      orderId: order.orderId,
      kind: isFee ? 'fee' : 'leg',
      claimEvent: claim?.eventId ?? order.orderId,
      lineSeenBy: [...new Set([...seers, ...parties])],
      amountSeenBy: [...new Set([...parties, ...(sayer === undefined ? [] : [sayer])])],
      seq: entry.seq ?? null,
      component: entry.component ?? null,
      feeKind: entry.feeKind ?? null,
      sellerId: entry.to,
      seller: rowContext.nameOfParty(entry.to),
      buyerId: entry.from,
      buyer: rowContext.nameOfParty(entry.from),
      amountMinor: entry.amountMinor,
      currency: entry.currency,
      boughtMinor: bought ?? null,
      feesMinor: fees ?? null,
      retainedBySellerMinor: complete ? (kept ?? null) : null,
      retainedReason: complete ? (kept === undefined ? unknown : null) : 'legsIncomplete',
      route: order.said.route ?? null,
      marketplace: order.said.marketplace ?? null,
      claimedBy: order.said.claimedBy,
      cancelledAt: order.cancelled?.occurredAt ?? null,
    };
    const { engagementId, orderId } = cells;
    return { key: { engagementId, orderId, place: padded(index + 1) }, columns: cells };
  });
};

/** The rows of `order_legs`: an order without legs and fees has none. */
const orderLegRows = (rowContext: RowContext) =>
  rowContext.engagement.orders.flatMap((order) => rowsOfOrder(rowContext, order));

export const orderLegs = defineTable({
  name: 'order_legs',
  describes: 'One leg of an order, from seller to buyer, or one fee paid beside the legs.',
  grain: 'engagement',
  key: ['engagementId', 'orderId', 'place'],
  columns,
  reasonColumn: 'retainedReason',
  indexes: [byLeadPartner],
  rows: orderLegRows,
  turns: () => [],
});
