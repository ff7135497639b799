// Which facts say that an order is placed, held up, cancelled or fulfilled?
// These names are the storage format: new names may be added, but none may change.
import * as z from 'zod';
import { forEveryone, forLead, forParties } from '../audience.ts';
import { define, everyone } from '../definition.ts';
import { Reference } from '../envelope.ts';
import { Id, Marketplace, orderClaimants, Ref, Route } from '../fields.ts';
import { Instant } from '../instant.ts';
import { Currency, DealValue, Price } from '../money.ts';

const Leg = z.strictObject({
  ...forLead(
    {
      seq: z.int().min(1).describe("The leg's number in the order, from 1."),
      component: Id.describe('The component that the leg sells.'),
    },
    ['seller', 'buyer'],
  ),
  ...forParties(['seller', 'buyer'], {
    seller: Reference.describe('Who sells it.'),
    buyer: Reference.describe('Who buys it.'),
    amount: Price.describe('What the buyer pays the seller.'),
  }),
});

const Fee = z.strictObject({
  ...forParties(['payee', 'payer'], {
    payee: Reference.describe('Who receives it.'),
    payer: Reference.describe('Who pays it.'),
  }),
  ...forLead({ kind: Id.describe('What it is for, such as marketplace.') }, ['payee', 'payer']),
  ...forParties(['payee', 'payer'], { amount: Price.describe('What is paid.') }),
});

const Term = z.strictObject({
  start: Instant.describe('When the term starts.'),
  end: Instant.optional().describe('When it ends.'),
});

const orderId = Id.describe('The order, by any of its keys.');

export const orderEvents = {
  OrderPlaced: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because: 'An order is the claim of a party to it, and says whose: seller, marketplace, distributor or CRM.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            claimedBy: z
              .enum(orderClaimants)
              .describe('Who claims the order. These values are listed by precedence, the highest first.'),
            orderId: Id.describe('The order, as the claimant names it.'),
            customer: Reference.optional().describe('The customer, who pays for the whole order.'),
            legs: z.array(Leg).max(200).default([]).describe('Who sells each component to whom.'),
            fees: z.array(Fee).max(200).default([]).describe('The fees that are paid beside the legs.'),
            route: Route.optional().describe('The route to market that it took.'),
            marketplace: Marketplace.optional().describe('The marketplace that it went through.'),
            routeReason: Ref.optional().describe(
              'Why it took another route than the agreed one: a code, or a reference.',
            ),
            term: Term.optional().describe('The term that is ordered.'),
          }),
          ...forLead({
            agreementId: Id.optional().describe('The agreement that it belongs to; joins claims of one order.'),
            poNumber: Id.optional().describe("The customer's purchase order; joins claims of one order."),
            total: DealValue.optional().describe('What the customer pays.'),
            currency: Currency.optional().describe(
              "The currency of the order's total, if it comes without the total. An amount that was said stays as it was.",
            ),
            drawsDownCommitment: z.boolean().optional().describe("Whether it counts against the buyer's commitment."),
          }),
        })
        .describe("An order is placed: one party's claim of it. Claims that share a key are one order."),
  }),
  OrderBlocked: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because: 'Whoever handles the order knows what stops it.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            orderId,
            reason: z
              .enum(['vendor_not_approved', 'marketplace_not_enabled', 'po_missing', 'credit', 'legal', 'tax', 'other'])
              .describe('What stops it.'),
          }),
        )
        .describe('An order can not go on until what stops it is out of the way.'),
  }),
  OrderUnblocked: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because:
      'Whoever handles the order knows that it goes on. After a flag was raised, its word is a claim until the vendor confirms it.',
    data: () => z.strictObject(forEveryone({ orderId })).describe('A blocked order goes on.'),
  }),
  OrderCancelled: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'It takes an order back, by which its partner is measured.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            orderId,
            reason: Ref.describe('Why: a code, or a reference to the text.'),
          }),
        )
        .describe(
          'An order is cancelled: it is not fulfilled any more. A claim of it that comes later places it anew.',
        ),
  }),
  OrderFulfilled: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because: 'Whoever fulfils the order knows when the customer can use it.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            orderId: Id.describe('The order, by any of its keys.'),
            subscriptionIds: z.array(Id).max(200).default([]).describe('The subscriptions that it starts.'),
          }),
        )
        .describe('The customer can use what was ordered: the engagement enters Deliver.'),
  }),
};
