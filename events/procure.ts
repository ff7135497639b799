// Which facts does Procure record about orders, the subscriptions that they start, and money?
// These names are the storage format: new names may be added, but none may change.
import * as z from 'zod';
import { forEveryone, forLead, forParties } from './audience.ts';
import { define } from './definition.ts';
import { Reference } from './envelope.ts';
import { Id, Ref } from './fields.ts';
import { Instant } from './instant.ts';
import { Money, Price } from './money.ts';
import { orderEvents } from './procure/orders.ts';
import { subscriptionEvents } from './procure/subscriptions.ts';

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

export const procureEvents = {
  ...orderEvents,
  ...subscriptionEvents,
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
              ticketId: Id.optional().describe('The ticket that it concerns.'),
              kind: z
                .enum(['charge', 'credit', 'refund', 'fee', 'payout', 'accrual', 'withholding'])
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
