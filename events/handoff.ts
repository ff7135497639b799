// Which facts record that one stage hands over to the next?
// These names are the storage format: new names may be added, but none may change.
import * as z from 'zod';
import { forEveryone, forLead } from './audience.ts';
import { define, everyone } from './definition.ts';
import { Id, PersonRef, Quantity, Ref } from './fields.ts';
import { CalendarDate, Instant } from './instant.ts';
import { Stage } from './stage.ts';

const pair = {
  handoffId: Id.describe('The id of the handoff, unique in its stream.'),
  fromStage: Stage.describe('The stage that hands over.'),
  toStage: Stage.describe('The stage that takes over; it owns the fact.'),
};

const Expectation = z.strictObject({
  ...forLead({ textRef: Ref.describe('A reference to the expectation.') }),
  ...forEveryone({ due: Instant.optional().describe('The instant by which it must be met.') }),
});

const RampStep = z.strictObject({
  from: CalendarDate.describe('The day from which so many units are to be used.'),
  activeUnits: Quantity.describe('The units that are to be used from then on.'),
});

const By = PersonRef.describe('A reference to the person who answers.');

export const handoffEvents = {
  HandoffOffered: define({
    version: 1,
    streams: ['engagement', 'campaign'],
    saidBy: everyone,
    because: 'Whoever hands over offers it.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            ...pair,
            expectations: z.array(Expectation).max(100).default([]).describe('What is expected of the next stage.'),
            self: z.boolean().optional().describe('Whether the same owner hands over and takes over.'),
            acceptBy: Instant.optional().describe('The instant by which it is to be answered.'),
            ramp: z
              .array(RampStep)
              .max(60)
              .optional()
              .describe('How usage is to grow, where the customer starts in stages: adoption is held against it.'),
          }),
          ...forLead({
            fromOwner: PersonRef.optional().describe('A reference to the owner who hands over.'),
            toOwner: PersonRef.optional().describe('A reference to the owner who takes over.'),
            contextRef: Ref.optional().describe('A reference to the context: what the next stage has to know.'),
            contextHash: Id.optional().describe('A digest of the context.'),
            openRisks: z.array(Ref).max(100).default([]).describe('References to the risks that remain.'),
            escalationPath: Ref.optional().describe(
              'A reference to the text that says whom to contact about a problem.',
            ),
          }),
        })
        .describe('A stage offers its work to a later stage, with the new owner, the expectations and the context.'),
  }),
  HandoffAccepted: define({
    version: 1,
    streams: ['engagement', 'campaign'],
    saidBy: everyone,
    because: 'Whoever takes over answers it.',
    data: () =>
      z
        .strictObject({ ...forEveryone({ ...pair }), ...forLead({ by: By.optional() }) })
        .describe('The stage that takes over accepts the handoff.'),
  }),
  HandoffRejected: define({
    version: 1,
    streams: ['engagement', 'campaign'],
    saidBy: everyone,
    because: 'Whoever takes over answers it.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            ...pair,
          }),
          ...forLead({
            by: By.optional(),
            missing: z.array(Ref).max(100).default([]).describe('References to what the offer lacks.'),
          }),
        })
        .describe('The stage that takes over rejects the handoff, and says what is missing.'),
  }),
};
