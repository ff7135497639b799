// What is said in Renew? Renewal is proposed, and subscriptions change, renew or end.
// These names are the storage format: they never change, they are only added to.
import * as z from 'zod';
import { define, everyone } from './definition.ts';
import { BillingPeriod, Id, Quantity, Ref } from './fields.ts';
import { Instant } from './instant.ts';
import { DealValue, Price } from './money.ts';

export const renewEvents = {
  RenewalProposed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({
      subscriptionIds: z.array(Id).max(200).default([]),
      evidenceReportIds: z.array(Id).max(100).default([]),
      value: DealValue.optional(),
      expansion: z.boolean().optional(),
    }),
  }),
  SubscriptionChanged: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({
      subscriptionId: Id,
      quantity: Quantity.optional(),
      price: Price.optional(),
      billingPeriod: BillingPeriod.optional(),
      sku: Id.optional(),
      effectiveAt: Instant.optional(),
      reason: Ref.optional(),
    }),
  }),
  SubscriptionRenewed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({
      subscriptionId: Id,
      termStart: Instant,
      termEnd: Instant.optional(),
      quantity: Quantity.optional(),
      price: Price.optional(),
      billingPeriod: BillingPeriod.optional(),
      auto: z.boolean().optional(),
    }),
  }),
  SubscriptionEnded: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({
      subscriptionId: Id,
      effectiveAt: Instant.optional(),
      reason: z
        .enum(['unused', 'no_value', 'price', 'competitor', 'non_payment', 'merged', 'closed_business', 'other'])
        .optional(),
      initiatedBy: Id.optional(),
    }),
  }),
};
