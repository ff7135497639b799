// Which facts does Renew record about renewals, and about changes and ends of subscriptions?
// These names are the storage format: new names may be added, but none may change.
import * as z from 'zod';
import { forEveryone, forLead } from './audience.ts';
import { define, everyone } from './definition.ts';
import { BillingPeriod, Id, PriceReason, Quantity, Ref } from './fields.ts';
import { Instant } from './instant.ts';
import { DealValue, Price } from './money.ts';

export const renewEvents = {
  RenewalNoticed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'Billing and marketplaces announce it, not the partner that is measured by the renewal.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            subscriptionIds: z.array(Id).max(200).default([]).describe('The subscriptions whose term ends.'),
            orderId: Id.optional().describe('The order whose term ends, by any of its keys.'),
            endsAt: Instant.describe('When the term ends.'),
            daysBefore: z
              .int()
              .min(0)
              .max(3660)
              .optional()
              .describe('How many days before its end the source says so.'),
            autoRenew: z.boolean().optional().describe('Whether it renews automatically then.'),
          }),
        )
        .describe('A source gives notice that a term ends.'),
  }),
  RenewalProposed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because: 'Whoever leads the sale proposes it.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            subscriptionIds: z.array(Id).max(200).default([]).describe('The subscriptions that are to be renewed.'),
            evidenceReportIds: z.array(Id).max(100).default([]).describe('The reports that show what was achieved.'),
            expansion: z.boolean().optional().describe('Whether the renewal is also an expansion.'),
          }),
          ...forLead({
            value: DealValue.optional().describe('The price that is asked.'),
          }),
        })
        .describe('Renewal is proposed to the customer: the engagement enters Renew.'),
  }),
  SubscriptionChangeRequested: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'A marketplace asks for it in the name of the customer.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            subscriptionId: Id.describe('The subscription.'),
            change: z.enum(['plan', 'quantity', 'reinstatement']).describe('What is to change.'),
            requested: Id.optional().describe('What is asked for, as text: the plan, or the number of units.'),
            operationId: Id.optional().describe('The operation of the marketplace that waits for an answer.'),
          }),
        )
        .describe('The customer asks for a change of a subscription. Nothing changes until SubscriptionChanged.'),
  }),
  SubscriptionChanged: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'Recurring revenue is measured by billing, not by the partner that is measured by it.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            subscriptionId: Id.describe('The subscription.'),
            quantity: Quantity.nullable().optional().describe('How many units from then on; null: that is not known.'),
            billingPeriod: BillingPeriod.optional(),
            termStart: Instant.optional().describe('When the current term starts, if the change moved it.'),
            termEnd: Instant.optional().describe('When the current term ends, if the change moved it.'),
            trialEnd: Instant.optional().describe('When its trial ends, if the change moved it.'),
            autoRenew: z.boolean().optional().describe('Whether it renews automatically from then on.'),
            sku: Id.optional().describe('The stock keeping unit from then on.'),
            effectiveAt: Instant.optional().describe('When the change takes effect; absent: when it occurred.'),
            reason: Ref.optional().describe('Why: a code, or a reference to the text.'),
          }),
          ...forLead({
            price: Price.optional().describe('The price of all units for a billing period from then on.'),
            priceReason: PriceReason,
          }),
        })
        .describe('A subscription changes within its term. Fields that are absent stay as they were.'),
  }),
  SubscriptionRenewed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'Recurring revenue is measured by billing, not by the partner that is measured by it.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            subscriptionId: Id.describe('The subscription.'),
            termStart: Instant.describe('When the new term starts.'),
            termEnd: Instant.optional().describe('When it ends; absent if none is set.'),
            quantity: Quantity.nullable().optional().describe('How many units in that term; null: that is not known.'),
            billingPeriod: BillingPeriod.optional(),
            auto: z.boolean().optional().describe('Whether it renewed automatically.'),
          }),
          ...forLead({
            price: Price.optional().describe('The price of all units for a billing period in that term.'),
            priceReason: PriceReason,
          }),
        })
        .describe('A subscription is renewed for a new term. If it is the anchor subscription, a new cycle begins.'),
  }),
  CancellationAnnounced: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'It ends the wait for a renewal, by which its partner is measured.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            subscriptionId: Id.optional().describe('The subscription that is cancelled.'),
            orderId: Id.optional().describe('The order that is cancelled, by any of its keys.'),
            effectiveAt: Instant.optional().describe('When it is to end; absent: at the end of its term.'),
            reason: Ref.optional().describe('Why: a code, or a reference to the text.'),
          }),
        )
        .describe(
          'A cancellation is announced, of a subscription or of the subscriptions of an order; of all, if neither is named. They do not renew.',
        ),
  }),
  SubscriptionEnded: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'Recurring revenue is measured by billing, not by the partner that is measured by it.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            subscriptionId: Id.describe('The subscription.'),
            effectiveAt: Instant.optional().describe('When it ends; absent: when it occurred.'),
            reason: z
              .enum(['unused', 'no_value', 'price', 'competitor', 'non_payment', 'merged', 'closed_business', 'other'])
              .optional()
              .describe('Why it ends.'),
            initiatedBy: Id.optional().describe('Who ends it.'),
          }),
        )
        .describe('A subscription ends.'),
  }),
  EngagementClosed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'It ends what a partner is measured by; of systems only CRMs are trusted with it.',
    data: () =>
      z
        .strictObject(forEveryone({ reason: Ref.optional().describe('Why: a code, or a reference to the text.') }))
        .describe('The work for the customer is over: the engagement ends, unless a subscription of it goes on.'),
  }),
};
