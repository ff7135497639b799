// What is said in Procure? Orders of any route as legs and fees, the subscriptions that they start, and money.
// These names are the storage format: they never change, they are only added to.
import * as z from 'zod';
import { define, everyone } from './definition.ts';
import { Reference } from './envelope.ts';
import { BillingPeriod, ComponentKind, Id, Marketplace, Quantity, Ref, Route } from './fields.ts';
import { Instant } from './instant.ts';
import { DealValue, Money, Price } from './money.ts';

export const LedgerCategory = z.enum([
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
]);

/** Whose claim an order is, in order of precedence. */
export const orderClaimants = ['seller_of_record', 'marketplace', 'distributor', 'crm'] as const;

export const procureEvents = {
  OrderPlaced: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({
      claimedBy: z.enum(orderClaimants),
      orderId: Id,
      agreementId: Id.optional(),
      poNumber: Id.optional(),
      customer: Reference.optional(),
      legs: z
        .array(
          z.strictObject({ seq: z.int().min(1), component: Id, seller: Reference, buyer: Reference, amount: Price }),
        )
        .max(200)
        .default([]),
      fees: z
        .array(z.strictObject({ payee: Reference, payer: Reference, kind: Id, amount: Price }))
        .max(200)
        .default([]),
      total: DealValue.optional(),
      route: Route.optional(),
      marketplace: Marketplace.optional(),
      drawsDownCommitment: z.boolean().optional(),
      term: z.strictObject({ start: Instant, end: Instant.optional() }).optional(),
    }),
  }),
  OrderFulfilled: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({ orderId: Id, subscriptionIds: z.array(Id).max(200).default([]) }),
  }),
  SubscriptionStarted: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({
      subscriptionId: Id,
      orderId: Id.optional(),
      customer: Reference.optional(),
      partner: Reference.optional(),
      kind: ComponentKind.optional(),
      baseSubscriptionId: Id.optional(),
      sku: Id.optional(),
      quantity: Quantity.optional(),
      price: Price.optional(),
      billingPeriod: BillingPeriod.optional(),
      termStart: Instant,
      termEnd: Instant.optional(),
      autoRenew: z.boolean().optional(),
      route: Route.optional(),
    }),
  }),
  PaymentFailed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    data: z.strictObject({
      invoiceId: Id,
      subscriptionId: Id.optional(),
      amount: Money,
      attempt: z.int().min(0).optional(),
    }),
  }),
  LedgerEntryRecorded: define({
    version: 1,
    streams: ['engagement', 'party'],
    saidBy: everyone,
    data: z.strictObject({
      entryId: Id,
      direction: z.enum(['revenue', 'cost']),
      category: LedgerCategory.optional(),
      amount: Price,
      party: Reference.optional(),
      periodStart: Instant.optional(),
      periodEnd: Instant.optional(),
      subscriptionId: Id.optional(),
      campaignId: Id.optional(),
      orderId: Id.optional(),
      kind: z.enum(['charge', 'credit', 'refund', 'fee', 'payout', 'accrual']),
      correctsEntryId: Id.optional(),
      externalRef: Ref.optional(),
    }),
  }),
};
