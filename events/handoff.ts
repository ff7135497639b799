// What is said when one stage hands over to the next? Offered, accepted, rejected: facts of the stage that takes.
// These names are the storage format: they never change, they are only added to.
import * as z from 'zod';
import { define, everyone } from './definition.ts';
import { Id, Ref } from './fields.ts';
import { Instant } from './instant.ts';
import { Stage } from './stage.ts';

const pair = { handoffId: Id, fromStage: Stage, toStage: Stage };

export const handoffEvents = {
  HandoffOffered: define({
    version: 1,
    streams: ['engagement', 'campaign'],
    saidBy: everyone,
    data: z.strictObject({
      ...pair,
      fromOwner: Ref.optional(),
      toOwner: Ref.optional(),
      expectations: z
        .array(z.strictObject({ textRef: Ref, due: Instant.optional() }))
        .max(100)
        .default([]),
      contextRef: Ref.optional(),
      contextHash: Id.optional(),
      openRisks: z.array(Ref).max(100).default([]),
      escalationPath: Ref.optional(),
      self: z.boolean().optional(),
    }),
  }),
  HandoffAccepted: define({
    version: 1,
    streams: ['engagement', 'campaign'],
    saidBy: everyone,
    data: z.strictObject({ ...pair, by: Ref.optional() }),
  }),
  HandoffRejected: define({
    version: 1,
    streams: ['engagement', 'campaign'],
    saidBy: everyone,
    data: z.strictObject({ ...pair, by: Ref.optional(), missing: z.array(Ref).max(100).default([]) }),
  }),
};
