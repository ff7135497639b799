// What does the pipeline itself need to be told? Which external ids are one thing, what must be read again, and which policy holds.
// These names are the storage format: they never change, they are only added to.
import * as z from 'zod';
import { forEveryone } from './audience.ts';
import { define } from './definition.ts';
import { Reference } from './envelope.ts';
import { Id, Ref } from './fields.ts';
import { CalendarDate, Instant } from './instant.ts';
import { Stage } from './stage.ts';

const RequiredHandoffs = z
  .array(
    z.strictObject({
      fromStages: z.array(Stage).min(1).describe('The stages of which any may offer it.'),
      toStage: Stage.describe('The stage that takes.'),
      withinBusinessDays: z.int().min(0).max(260).optional().describe('By when it is due; absent: 5.'),
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

export const LinkTarget = z
  .union([
    z.strictObject({ stream: Id.describe('A stream of ours: `<tenant>/<kind>/<id>`.') }),
    z.strictObject({ external: Reference.describe('Another external id, followed in its turn.') }),
  ])
  .describe('Where an external id leads: to a stream of ours, or to another external id.');
export type LinkTarget = z.infer<typeof LinkTarget>;

const key = Id.describe('The key by which that part is known.');
const Part = z.union([
  z.strictObject({ order: Id.describe('The order that it is a key of.'), key }),
  z.strictObject({ subscription: Id.describe('The subscription that it is a key of.'), key }),
]);

const Calendar = z.strictObject({ holidays: z.array(CalendarDate).max(1000).describe('The days that do not count.') });

export const controlEvents = {
  IdentityLinked: define({
    version: 1,
    streams: ['identity'],
    saidBy: ['vendor', 'system'],
    data: z
      .strictObject(
        forEveryone({
          external: Reference.describe('The external id that is linked.'),
          to: LinkTarget.describe('Where it leads.'),
          part: Part.optional().describe(
            'The part of an engagement that the id stands for, where it is not the whole.',
          ),
          reason: Ref.describe('Why they are one thing.'),
        }),
      )
      .describe('An external id is linked to a thing of ours; what waits for it flows.'),
  }),
  ReconciliationRequested: define({
    version: 1,
    streams: ['source'],
    saidBy: ['vendor', 'system'],
    data: z
      .strictObject(
        forEveryone({
          connectionId: Id.describe('The connection; it names the stream.'),
          subject: Reference.describe('What must be read again; the id `*` stands for everything of that kind.'),
          reason: Ref.describe('Why what we know of it may be incomplete.'),
        }),
      )
      .describe('A source said that something changed, and not what: it must be read again.'),
  }),
  PolicyPublished: define({
    version: 1,
    streams: ['policy'],
    saidBy: ['vendor'],
    data: z
      .strictObject(
        forEveryone({
          policyVersion: z.int().min(1).describe('The version of the policy; of those in force the greatest holds.'),
          effectiveFrom: Instant.describe('From when on it is in force.'),
          // Each pattern's file holds the schema of its thresholds, and their defaults.
          thresholds: z
            .record(Id, z.record(Id, z.union([z.number(), z.boolean()])))
            .default({})
            .describe('Thresholds by rule, such as `{ "P1.3": { "days": 30 } }`; those left out keep their defaults.'),
          handoffs: RequiredHandoffs.optional().describe(
            'The required handoffs, each pair of stages once; absent: sell or procure to deliver, deliver to report, report to renew.',
          ),
          calendars: z.record(Id, Calendar).optional().describe('Holidays by calendar: business days skip them.'),
        }),
      )
      .describe('The tenant sets what its failure patterns are measured by.'),
  }),
};
