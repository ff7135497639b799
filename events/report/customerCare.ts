// Which facts say how a customer is served: tickets, satisfaction and advisories?
// These names are the storage format: new names may be added, but none may change.
import * as z from 'zod';
import { forEveryone, forLead } from '../audience.ts';
import { define, everyone } from '../definition.ts';
import { Id, PersonRef } from '../fields.ts';

const ticketId = Id.describe('The ticket, unique in the engagement.');

export const customerCareEvents = {
  TicketOpened: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because: 'Whoever supports the customer takes its tickets.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            ticketId,
            subscriptionId: Id.optional().describe('The subscription that it concerns.'),
            priority: Id.optional().describe('Its priority, in the words of its source.'),
            kind: Id.optional().describe('What kind of ticket it is, in the words of its source.'),
            channel: Id.optional().describe('How it came, in the words of its source.'),
          }),
        )
        .describe('The customer asks for support.'),
  }),
  TicketProgressed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because: 'Whoever supports the customer works on its tickets.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            ticketId,
            status: z
              .enum(['in_progress', 'waiting_customer', 'resolved', 'reopened', 'closed', 'merged'])
              .describe('What it is from then on.'),
            mergedInto: Id.optional().describe('The ticket that it was merged into.'),
          }),
        )
        .describe('A ticket progresses.'),
  }),
  SatisfactionRecorded: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'Who is measured does not say how satisfied its customer is.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            scale: z.enum(['nps', 'csat']).describe('The scale: nps from 0 to 10, csat from 1 to 5.'),
            score: z.number().min(0).max(10).describe('What the customer answered, on that scale.'),
          }),
          ...forLead({
            respondentRef: PersonRef.optional().describe('A reference to the person who answered.'),
          }),
        })
        .describe('The customer says how satisfied it is.'),
  }),
  AdvisoryIssued: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'The marketplace or the vendor issues it, not the partner that it warns.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            advisoryId: Id.optional().describe('The advisory; absent: the one of that kind about the same thing.'),
            orderId: Id.optional().describe('The order that it is about, by any of its keys.'),
            subscriptionId: Id.optional().describe('The subscription that it is about.'),
            kind: Id.describe('What it warns of, as a code.'),
            status: z.enum(['issued', 'resolved']).describe('Whether it is issued, or settled.'),
          }),
        )
        .describe('Somebody warns of something that endangers an order or a subscription, or says that it is settled.'),
  }),
};
