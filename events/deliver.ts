// Which facts does Deliver record about the start of work, deviations, milestones and effort?
// These names are the storage format: new names may be added, but none may change.
import * as z from 'zod';
import { forEveryone, forLead, forParties } from './audience.ts';
import { define, everyone } from './definition.ts';
import { Reference } from './envelope.ts';
import { Id, Minutes, PersonRef, Ref } from './fields.ts';
import { Instant } from './instant.ts';

export const deliverEvents = {
  DeliveryStarted: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because: 'Whoever delivers knows when it begins, and by which template.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            plannedMinutes: Minutes.optional().describe('The effort that is planned.'),
            plannedGoLive: Instant.optional().describe('When the customer should go live.'),
          }),
          ...forLead({
            templateRef: Ref.optional().describe('The delivery template; absent if the work follows none.'),
            templateVersion: Id.optional().describe('The version of the template.'),
            configFingerprint: Id.optional().describe(
              'A digest of the configuration: equal configurations have equal digests.',
            ),
          }),
        })
        .describe('Delivery begins: the engagement enters Deliver.'),
  }),
  DeviationRecorded: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because: 'Whoever delivers knows what it departs from.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            kind: z
              .enum(['customisation', 'scope_gap'])
              .describe(
                'Customisation is work outside the template; a scope gap is a promise that nobody planned for.',
              ),
            commitmentId: Id.optional().describe('The commitment of the proposal that it concerns.'),
            minutes: Minutes.optional().describe('The effort that it takes.'),
            feature: Id.optional().describe(
              'What is added or changed, as the code that a later version of the offer may list.',
            ),
            reason: Ref.optional().describe('Why: a code, or a reference to the text.'),
          }),
          ...forLead({
            approvedBy: PersonRef.optional().describe('A reference to the person who approved it.'),
          }),
        })
        .describe('Delivery departs from its template or its scope.'),
  }),
  MilestoneReached: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because: 'Whoever delivers reaches it.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            milestone: z
              .enum([
                'implemented',
                'automation_configured',
                'governance_established',
                'users_onboarded',
                'go_live',
                'first_value',
              ])
              .describe('What is reached.'),
          }),
        )
        .describe('Delivery reaches a milestone; with go_live the engagement enters Report.'),
  }),
  WorkLogged: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because: 'Whoever works logs the work.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            workId: Id.describe('The entry of the time sheet.'),
            category: z
              .enum(['presales', 'implementation', 'managed', 'support', 'internal'])
              .describe('What it was for.'),
            minutes: Minutes.describe('How long it took.'),
          }),
          ...forLead({
            billable: z.boolean().optional().describe('Whether the customer pays for it.'),
            personRef: PersonRef.optional().describe('A reference to the person who worked.'),
          }),
        })
        .describe('Work on the engagement is logged.'),
  }),
  CapacityDeclared: define({
    version: 1,
    streams: ['party'],
    saidBy: everyone,
    because: 'Only who delivers knows how much it can deliver. The system of a partner says it of that partner alone.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            party: Reference.describe('The organisation that delivers; it names the stream.'),
          }),
          ...forParties(['party'], {
            month: z
              .string()
              .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'expected a month such as 2026-04')
              .describe('The month that it is for.'),
            availableMinutes: Minutes.describe('The minutes of work that it can do in that month.'),
            team: Id.optional().describe('The team, as a code; absent: the whole organisation.'),
          }),
        })
        .describe('An organisation declares how much it can deliver in a month. What it says later replaces it.'),
  }),
};
