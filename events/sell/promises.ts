// Which facts settle what a proposal promised, and which register a deal for its partner?
// These names are the storage format: new names may be added, but none may change.
import * as z from 'zod';
import { forEveryone, forLead } from '../audience.ts';
import { define, everyone } from '../definition.ts';
import { Reference } from '../envelope.ts';
import { Id, Ref } from '../fields.ts';
import { CalendarDate } from '../instant.ts';

export const promiseEvents = {
  CommitmentSettled: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because:
      'Whoever made the promise knows how it was kept. After a flag was raised, its word is a claim until the vendor confirms it.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            commitmentId: Id.describe('The commitment of the proposal.'),
            how: z
              .enum(['delivered', 'withdrawn', 'changeOrder'])
              .describe(
                'How it was settled: it was delivered, it was withdrawn, or the customer agreed a change of the order.',
              ),
            reason: Ref.optional().describe('Why: a code, or a reference to the text.'),
          }),
        )
        .describe('A commitment of a proposal is settled: nothing more is owed for it.'),
  }),
  DealRegistered: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'It protects a deal for a partner against others, so no partner says it for itself.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            registrationId: Id.describe('The registration, unique in the engagement.'),
          }),
          ...forLead(
            {
              customer: Reference.describe('The customer whose deal is registered.'),
              partner: Reference.describe('The partner for whom it is protected.'),
              offerId: Id.optional().describe('The offer that is registered; absent: whatever the customer buys.'),
              protectedUntil: CalendarDate.optional().describe('The last day on which it is protected.'),
            },
            ['partner'],
          ),
        })
        .describe(
          'A deal with a customer is registered for a partner. Until its last day, it is protected against others.',
        ),
  }),
};
