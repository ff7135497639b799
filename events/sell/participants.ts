// Which facts say who takes part in an engagement, and who answers for what?
// These names are the storage format: new names may be added, but none may change.
import * as z from 'zod';
import { forEveryone, forLead } from '../audience.ts';
import { define, everyone } from '../definition.ts';
import { Reference } from '../envelope.ts';
import { Id, PartyRole, Responsibility } from '../fields.ts';
import { Instant } from '../instant.ts';

const invitationId = Id.describe('The invitation, unique in the engagement.');

export const participantEvents = {
  ParticipantInvited: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because: 'Whoever leads the engagement invites whom it needs. An invitation alone makes nobody responsible.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({ invitationId }),
          ...forLead(
            {
              org: Reference.optional().describe('The organisation that is invited.'),
              role: PartyRole.optional(),
              expiresAt: Instant.optional().describe('When the invitation expires without an answer.'),
            },
            ['org'],
          ),
        })
        .describe('An organisation is invited to take part in the engagement.'),
  }),
  ParticipantJoined: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because:
      'Whoever leads the engagement knows who takes part. After a flag was raised, its word is a claim until the vendor confirms it.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            invitationId: Id.optional().describe('The invitation that it answers; absent if there was none.'),
            org: Reference.describe('The organisation that takes part.'),
            role: PartyRole.optional(),
            responsibilities: z
              .array(Responsibility)
              .max(5)
              .default([])
              .describe(
                'What it answers for from then on; this replaces what was said of it before. None: it takes part, and answers for nothing.',
              ),
            from: Instant.optional().describe('When it begins to answer for them; absent: when it occurred.'),
            until: Instant.optional().describe('When it no longer does; absent: until something else is said.'),
          }),
        )
        .describe('An organisation takes part in the engagement, or answers for something else from then on.'),
  }),
  ParticipantDeclined: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because: 'Whoever leads the engagement learns of the answer.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            invitationId: Id.describe('The invitation that it answers.'),
            reason: z.enum(['declined', 'expired']).describe('Whether it was declined, or expired without an answer.'),
          }),
        )
        .describe('An invited organisation does not take part.'),
  }),
};
