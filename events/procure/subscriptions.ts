// Which facts begin a subscription, and stop it for a while?
// These names are the storage format: new names may be added, but none may change.
import * as z from 'zod';
import { forEveryone, forLead } from '../audience.ts';
import { define } from '../definition.ts';
import { Reference } from '../envelope.ts';
import { BillingPeriod, ComponentKind, Id, PriceReason, Quantity, Ref, Route } from '../fields.ts';
import { Instant } from '../instant.ts';
import { Price } from '../money.ts';

/** Fields of a suspension and of its end. */
const paused = {
  subscriptionId: Id.describe('The subscription.'),
  effectiveAt: Instant.optional().describe('When it takes effect; absent: when it occurred.'),
  reason: Ref.optional().describe('Why: a code, or a reference to the text.'),
};

export const subscriptionEvents = {
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
};
