// What is said when one stage hands over to the next? Offered, accepted, rejected: facts of the stage that takes.
// These names are the storage format: they never change, they are only added to.
import * as z from 'zod';
import { forEveryone } from './audience.ts';
import { define, everyone } from './definition.ts';
import { Id, Ref } from './fields.ts';
import { Instant } from './instant.ts';
import { Stage } from './stage.ts';

const pair = {
  handoffId: Id.describe('The handoff, unique in its stream.'),
  fromStage: Stage.describe('The stage that gives.'),
  toStage: Stage.describe('The stage that takes; it owns the fact.'),
};

const Expectation = z.strictObject({
  textRef: Ref.describe('Where the expectation is written down.'),
  due: Instant.optional().describe('By when it is to be met.'),
});

const By = Ref.describe('A reference to who answers.');

export const handoffEvents = {
  HandoffOffered: define({
    version: 1,
    streams: ['engagement', 'campaign'],
    saidBy: everyone,
    data: z
      .strictObject(
        forEveryone({
          ...pair,
          fromOwner: Ref.optional().describe('A reference to who gives.'),
          toOwner: Ref.optional().describe('A reference to who takes.'),
          expectations: z.array(Expectation).max(100).default([]).describe('What is expected of the next stage.'),
          contextRef: Ref.optional().describe('Where what the next stage has to know is kept.'),
          contextHash: Id.optional().describe('A digest of that context.'),
          openRisks: z.array(Ref).max(100).default([]).describe('Where the risks that remain are written down.'),
          escalationPath: Ref.optional().describe('Where it is written whom to turn to.'),
          self: z.boolean().optional().describe('Whether giver and taker are the same.'),
        }),
      )
      .describe('A stage offers its work to a later one: with a new owner, what is expected, and the context.'),
  }),
  HandoffAccepted: define({
    version: 1,
    streams: ['engagement', 'campaign'],
    saidBy: everyone,
    data: z
      .strictObject(forEveryone({ ...pair, by: By.optional() }))
      .describe('The stage that takes accepts the handoff.'),
  }),
  HandoffRejected: define({
    version: 1,
    streams: ['engagement', 'campaign'],
    saidBy: everyone,
    data: z
      .strictObject(
        forEveryone({
          ...pair,
          by: By.optional(),
          missing: z.array(Ref).max(100).default([]).describe('Where what the offer lacks is written down.'),
        }),
      )
      .describe('The stage that takes rejects the handoff, and says what is missing.'),
  }),
};
