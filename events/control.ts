// What does the pipeline itself need to be told? Which external ids are one thing, what must be read again, and which policy holds.
// These names are the storage format: they never change, they are only added to.
import * as z from 'zod';
import { define } from './definition.ts';
import { Reference } from './envelope.ts';
import { Id, Ref } from './fields.ts';
import { CalendarDate, Instant } from './instant.ts';
import { Stage } from './stage.ts';

const RequiredHandoffs = z
  .array(
    z.strictObject({
      fromStages: z.array(Stage).min(1),
      toStage: Stage,
      withinBusinessDays: z.int().min(0).max(260).optional(),
    }),
  )
  .max(20)
  .superRefine((pairs, context) => {
    const required = new Set<string>();
    for (const [index, { fromStages, toStage }] of pairs.entries()) {
      for (const fromStage of fromStages) {
        const handoff = `${fromStage} to ${toStage}`;
        if (required.has(handoff)) {
          context.addIssue({
            code: 'custom',
            path: [index, 'fromStages'],
            message: `the handoff from ${handoff} is required twice: name each pair of stages once`,
          });
        }
        required.add(handoff);
      }
    }
  });

/** Where an external id leads: to a stream of ours, or to another external id. */
export const LinkTarget = z.union([z.strictObject({ stream: Id }), z.strictObject({ external: Reference })]);
export type LinkTarget = z.infer<typeof LinkTarget>;

export const controlEvents = {
  IdentityLinked: define({
    version: 1,
    streams: ['identity'],
    saidBy: ['vendor', 'system'],
    data: z.strictObject({
      external: Reference,
      to: LinkTarget,
      part: z.union([z.strictObject({ order: Id, key: Id }), z.strictObject({ subscription: Id, key: Id })]).optional(),
      reason: Ref,
    }),
  }),
  ReconciliationRequested: define({
    version: 1,
    streams: ['source'],
    saidBy: ['vendor', 'system'],
    data: z.strictObject({ connectionId: Id, subject: Reference, reason: Ref }),
  }),
  PolicyPublished: define({
    version: 1,
    streams: ['policy'],
    saidBy: ['vendor'],
    data: z.strictObject({
      policyVersion: z.int().min(1),
      effectiveFrom: Instant,
      /** Thresholds by rule, such as `{ "P1.3": { "days": 30 } }`; each pattern's file holds their schema and defaults. */
      thresholds: z.record(Id, z.record(Id, z.union([z.number(), z.boolean()]))).default({}),
      /** The required handoffs, each pair of stages once; absent: the design's three pairs. */
      handoffs: RequiredHandoffs.optional(),
      /** Holidays by calendar: business days skip them. */
      calendars: z.record(Id, z.strictObject({ holidays: z.array(CalendarDate).max(1000) })).optional(),
    }),
  }),
};
