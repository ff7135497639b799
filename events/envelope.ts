// What surrounds every fact and every recorded event? The envelope; its names are the storage format: they never change, they are only added to.
import * as z from 'zod';
import { Instant } from './instant.ts';

const id = z.string().min(1).max(2048);

/** A thing of an outside system: `system` carries the account where ids are unique only inside it. */
export const Reference = z
  .strictObject({
    system: z.string().min(1).max(256).describe('The system, with the account where ids are unique only inside it.'),
    kind: z.string().min(1).max(128).describe('The kind of thing, in the words of that system.'),
    id: z.string().min(1).max(512).describe('Its id in that system.'),
  })
  .describe('A thing of an outside system.');
export type Reference = z.infer<typeof Reference>;

const said = {
  eventId: id.describe('The event: made of its fact and of what it says, so that to repeat it adds nothing.'),
  factId: id.describe(
    "The fact: made of its source's own words; restatements share it, and of them the latest stands.",
  ),
  schemaVersion: z.int().min(1).describe('The version of the data.'),
  tenantId: z
    .string()
    .regex(/^[^/#\s]{1,128}$/, 'a tenant is 1 to 128 characters without slash, hash or white space')
    .describe('The organisation that runs the connections.'),
  occurredAt: Instant.describe('When it happened in the world.'),
  claimedAt: z
    .string()
    .max(64)
    .optional()
    .describe('What the source claimed, where that is not believable: before 2000, or over 24 h after its receipt.'),
  source: id.describe('Who says it: `salesforce:00D…`, `stripe:acct_…`, `people:…`.'),
  sourceEventId: id.describe("The source's own id of the message or object."),
  sourceSeq: z
    .string()
    .max(128)
    .optional()
    .describe("Text whose plain comparison is the source's own order; absent sorts first."),
  translation: z.int().min(0).optional().describe("The version of the connection's mapping that made the fact."),
  connectionCurrency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional()
    .describe("The connection's own currency (ISO 4217), for values of the data that name none."),
  causationId: id.describe('What brought it about: an event, a receipt, or the fact itself.'),
  correlationId: id.describe('What it belongs to: its stream.'),
  actor: z
    .string()
    .max(256)
    .optional()
    .describe("Who recorded it, where a person did: the token's subject, never a name."),
  supersedes: id.optional().describe('The event that a person says this one replaces.'),
};

/** The envelope of a fact on its way to a stream: its subject is resolved. */
export const factEnvelope = { ...said, streamId: id.describe('The stream that it stands in: `<tenant>/<kind>/<id>`.') };

/** The envelope of an event in its stream. */
export const recordedEnvelope = {
  ...factEnvelope,
  version: z.int().min(1).describe('Its place in the stream, from 1 without a gap.'),
  recordedAt: Instant.describe('When it became known here.'),
};

const FactEnvelope = z.object(factEnvelope);
export type FactEnvelope = Readonly<z.infer<typeof FactEnvelope>>;
const RecordedEnvelope = z.object(recordedEnvelope);
export type RecordedEnvelope = Readonly<z.infer<typeof RecordedEnvelope>>;
