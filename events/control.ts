// Which facts tell the pipeline how external ids are linked, what to read again, and which policy holds?
// These names are the storage format: new names may be added, but none may change.

import * as z from 'zod';
import { forEveryone, forSayer, forVendor } from './audience.ts';
import { builtOnce } from './builtOnce.ts';
import { mergingEvents } from './control/merging.ts';
import { operatingEvents } from './control/operating.ts';
import { define, everyone } from './definition.ts';
import { Reference } from './envelope.ts';
import { Id, Ref } from './fields.ts';
import { streamKinds } from './identifiers.ts';
import { CalendarDate, Instant } from './instant.ts';
import { Price } from './money.ts';
import { Stage } from './stage.ts';

const RequiredHandoffs = builtOnce(() =>
  z
    .array(
      z.strictObject({
        fromStages: z.array(Stage).min(1).describe('The stages that may offer the handoff: any one of them is enough.'),
        toStage: Stage.describe('The stage that takes over.'),
        withinBusinessDays: z
          .int()
          .min(0)
          .max(260)
          .optional()
          .describe('The business days within which it must be offered; absent: 5.'),
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
    }),
);

export const LinkTarget = z
  .union(
    [
      z.strictObject({ stream: Id.describe('One of our streams: `<tenant>/<kind>/<id>`.') }),
      z.strictObject({ external: Reference.describe('Another external id; its own link is followed.') }),
    ],
    'expected one of ours, { "stream": "<tenant>/<kind>/<id>" }, or another external id, { "external": { "system", "kind", "id" } }',
  )
  .describe('What an external id is linked to: one of our streams, or another external id.');
export type LinkTarget = z.infer<typeof LinkTarget>;

const key = Id.describe('A key of that order or subscription.');
const Part = builtOnce(() =>
  z.union(
    [
      z.strictObject({ order: Id.describe('The order that the key belongs to.'), key }),
      z.strictObject({ subscription: Id.describe('The subscription that the key belongs to.'), key }),
    ],
    'expected { "order", "key" } or { "subscription", "key" }',
  ),
);

const Calendar = builtOnce(() =>
  z.strictObject({
    holidays: z.array(CalendarDate).max(1000).describe('The days that are not business days.'),
  }),
);

export const controlEvents = {
  IdentityLinked: define({
    version: 1,
    streams: ['identity'],
    saidBy: ['vendor', 'system'],
    because:
      "It decides to whose engagement messages go, so people of the vendor say it, and an adapter where a message itself names two ids. A sender's own word for it needs leave.",
    data: () =>
      z
        .strictObject(
          forVendor({
            external: Reference.describe('The external id that is linked.'),
            to: LinkTarget.describe('What it is linked to.'),
            part: Part()
              .optional()
              .describe('The part of the engagement that the id names; absent if it names the whole engagement.'),
            reason: Ref.describe('Why both are the same thing.'),
          }),
        )
        .describe(
          'An external id is linked to one of our streams, or to another id. Receipts that wait for the link are then translated again.',
        ),
  }),
  ReconciliationRequested: define({
    version: 1,
    streams: ['source'],
    saidBy: ['vendor', 'system'],
    because: 'An adapter concludes it where a message says that something changed, and not how.',
    data: () =>
      z
        .strictObject(
          forVendor({
            connectionId: Id.describe('The connection; it names the stream.'),
            subject: Reference.describe('What must be read again; the id `*` means everything of that kind.'),
            lacks: Id.optional().describe('The field that our facts about it lack; absent: any of them.'),
            reason: Ref.describe('Why our facts about it may be incomplete.'),
          }),
        )
        .describe('A source said that something changed, but not how. It must be read again.'),
  }),
  FactRetracted: define({
    version: 1,
    streams: streamKinds,
    saidBy: everyone,
    because:
      'It takes back what counts: a partner only what it said itself; the pipeline says it where a mended mapping no longer says a fact.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            eventId: Id.describe('The event that is taken back. It is in the same stream.'),
          }),
          ...forSayer({
            reason: Ref.describe('Why it is taken back: a code, or a reference to the text.'),
          }),
        })
        .describe('A recorded fact was wrong and is taken back, as if it had never been said. It can be said again.'),
  }),
  ClaimConfirmed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor'],
    because: 'Who is measured does not judge its own word.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            eventId: Id.describe('The event that a partner said. It is in the same stream.'),
            reason: Ref.describe('Why it is believed: a code, or a reference to the proof.'),
          }),
        )
        .describe(
          'The vendor believes what a partner said late. It counts from then on like the word of the vendor: the flag that it unmakes goes.',
        ),
  }),
  ClaimRejected: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor'],
    because: 'Who is measured does not judge its own word.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            eventId: Id.describe('The event that a partner said. It is in the same stream.'),
            reason: Ref.describe('Why it is not believed: a code, or a reference to the proof.'),
          }),
        )
        .describe('The vendor does not believe what a partner said. It counts as never said.'),
  }),
  PolicyPublished: define({
    version: 1,
    streams: ['policy'],
    saidBy: ['vendor'],
    because: 'It sets the thresholds by which partners are judged: only the vendor may.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            policyVersion: z
              .int()
              .min(1)
              .describe(
                'The version of the policy. Of several policies in force, the one with the greatest version holds.',
              ),
            effectiveFrom: Instant.describe('The instant from which it is in force.'),
            // Each pattern's file holds the schema of its thresholds, and their defaults.
            thresholds: z
              .record(Id, z.record(Id, z.union([z.number(), z.boolean()])))
              .default({})
              .describe(
                'Thresholds by rule, such as `{ "P1.3": { "days": 30 } }`; those left out keep their defaults.',
              ),
            handoffs: RequiredHandoffs()
              .optional()
              .describe(
                'The required handoffs, each pair of stages once; absent: sell or procure to deliver, deliver to report, report to renew.',
              ),
            lateClaimAfter: z
              .number()
              .min(0)
              .max(365)
              .optional()
              .describe(
                'The days after a flag is raised within which a partner may still say what unmakes it; absent: 0. What it says later is a claim, which the vendor confirms or rejects.',
              ),
            quietMonths: z
              .record(Id, z.array(z.int().min(1).max(12)).max(11))
              .optional()
              .describe('By segment of customers, the months (1 to 12) in which little use is no sign of anything.'),
            reportingDays: z
              .record(Id, z.number().positive().max(3650))
              .optional()
              .describe(
                'The days within which a report of value is due, by the tier of the customer, else of the lead partner; other tiers: the threshold of P4.1.',
              ),
            observedFrom: z
              .record(Id, z.union([Instant, z.literal('never')], 'expected an instant, or "never"'))
              .optional()
              .describe(
                'By event type, or `*` for all others, since when its events are recorded here: an instant, or `never`. Silence counts only from then; absent: since the first event of each engagement was recorded.',
              ),
            calendars: z.record(Id, Calendar()).optional().describe('Holidays by calendar: business days skip them.'),
          }),
          ...forVendor({
            smallDeals: z
              .array(Price)
              .max(50)
              .optional()
              .describe(
                'The amounts below which a deal on the direct route needs neither handoffs nor responsibilities, one for each currency; absent: none.',
              ),
            labourRates: z
              .array(Price)
              .max(50)
              .optional()
              .describe(
                "What an hour of a partner's work costs, one amount for each currency; absent: it is not known, and no margin is compared with its plan.",
              ),
          }),
        })
        .describe('The tenant sets the thresholds, required handoffs and calendars of its failure patterns.'),
  }),
  ...operatingEvents,
  ...mergingEvents,
};
