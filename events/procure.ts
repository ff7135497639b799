// Which facts does Procure record about orders, the subscriptions that they start, and money?
// These names are the storage format: new names may be added, but none may change.
import * as z from 'zod';
import { forEveryone, forLead, forParties } from './audience.ts';
import { define, everyone } from './definition.ts';
import { Reference } from './envelope.ts';
import { BillingPeriod, ComponentKind, Id, Marketplace, PriceReason, Quantity, Ref, Route } from './fields.ts';
import { Instant } from './instant.ts';
import { Currency, DealValue, Money, Price } from './money.ts';

export const LedgerCategory = z
  .enum([
    'licence_resale',
    'managed_service',
    'implementation',
    'value_added',
    'marketplace_commission',
    'licence_purchase',
    'delivery_labour',
    'support_labour',
    'tooling',
    'subcontract',
    'marketplace_fee',
    'sales',
    'marketing',
    'enablement',
    'presales_labour',
  ])
  .describe('What the money was earned with, or spent on.');

/** Who may claim an order, in order of precedence. */
export const orderClaimants = ['seller_of_record', 'marketplace', 'distributor', 'crm'] as const;

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

/** Fields of a suspension and of its end. */
const paused = {
  subscriptionId: Id.describe('The subscription.'),
  effectiveAt: Instant.optional().describe('When it takes effect; absent: when it occurred.'),
  reason: Ref.optional().describe('Why: a code, or a reference to the text.'),
};

const Term = z.strictObject({
  start: Instant.describe('When the term starts.'),
  end: Instant.optional().describe('When it ends.'),
});

export const procureEvents = {
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
  SubscriptionStarted: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'Recurring revenue is measured by billing, not by the partner that is measured by it.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            subscriptionId: Id.describe('The subscription.'),
            orderId: Id.optional().describe('The order that started it.'),
            customer: Reference.optional().describe('The customer of the subscription.'),
            partner: Reference.optional().describe('The partner that sold it.'),
            kind: ComponentKind.optional(),
            baseSubscriptionId: Id.optional().describe('The subscription that an add-on belongs to.'),
            sku: Id.optional().describe('The stock keeping unit.'),
            quantity: Quantity.optional().describe('How many units.'),
            billingPeriod: BillingPeriod.optional(),
            trialEnd: Instant.optional().describe('When its trial ends; until then it brings no revenue.'),
            termStart: Instant.describe('When its first term starts.'),
            termEnd: Instant.optional().describe('When that term ends; absent if none is set.'),
            autoRenew: z.boolean().optional().describe('Whether it renews automatically.'),
            route: Route.optional().describe('The route to market that it took.'),
          }),
          ...forLead(
            {
              price: Price.optional().describe('The price of all units for a billing period.'),
              priceReason: PriceReason,
            },
            ['partner'],
          ),
        })
        .describe('A subscription begins its first term.'),
  }),
  SubscriptionSuspended: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'Recurring revenue is measured by billing, not by the partner that is measured by it.',
    data: () =>
      z
        .strictObject(forEveryone(paused))
        .describe(
          'A subscription is suspended, such as paused or unpaid: it brings no revenue until it is reinstated.',
        ),
  }),
  SubscriptionReinstated: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'Recurring revenue is measured by billing, not by the partner that is measured by it.',
    data: () => z.strictObject(forEveryone(paused)).describe('A suspended subscription goes on.'),
  }),
  PaymentFailed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'Payments are measured by billing.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            subscriptionId: Id.optional().describe('The subscription that it bills.'),
            attempt: z.int().min(0).optional().describe('How often payment has been tried.'),
          }),
          ...forLead({
            invoiceId: Id.describe('The invoice.'),
            amount: Money.describe('What was due.'),
          }),
        })
        .describe('A payment of the customer failed.'),
  }),
  LedgerEntryRecorded: define({
    version: 1,
    streams: ['engagement', 'party'],
    saidBy: ['vendor', 'system'],
    because: 'Money that was earned or spent is said by the books, not by the partner that is measured by it.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            entryId: Id.describe('The entry, unique in its stream.'),
          }),
          ...forLead(
            {
              direction: z.enum(['revenue', 'cost']).describe('Whether money is earned or spent.'),
              category: LedgerCategory.optional().describe('What the money was earned with, or spent on.'),
            },
            ['party'],
          ),
          ...forParties(['party'], {
            amount: Price.describe('The amount. It is positive also for a credit or refund: `kind` tells them apart.'),
            party: Reference.optional().describe('The party whose ledger holds the entry.'),
          }),
          ...forLead(
            {
              periodStart: Instant.optional().describe('When the period that it covers starts.'),
              periodEnd: Instant.optional().describe('When that period ends.'),
              subscriptionId: Id.optional().describe('The subscription that it concerns.'),
              campaignId: Id.optional().describe('The campaign that it concerns.'),
              orderId: Id.optional().describe('The order that it concerns.'),
              kind: z
                .enum(['charge', 'credit', 'refund', 'fee', 'payout', 'accrual'])
                .describe('What kind of entry it is.'),
              correctsEntryId: Id.optional().describe('The entry that a credit or refund corrects.'),
            },
            ['party'],
          ),
          ...forParties(['party'], {
            externalRef: Ref.optional().describe('A reference to the entry in its own system.'),
          }),
        })
        .describe(
          "Money is earned or spent. The entry is on an engagement's stream, or on a party's if it belongs to no engagement.",
        ),
  }),
};
