// Which fields stand around the data of every fact and every recorded event?
// These names are the storage format: new names may be added, but none may change.

import * as z from 'zod';
import { forEveryone, forSayer, forVendor } from './audience.ts';
import { builtOnce } from './builtOnce.ts';
import { holding } from './freeText.ts';
import { Instant } from './instant.ts';

const id = z.string().min(1).max(2048);

/** A thing in an outside system. `system` holds the account too if ids are unique only inside an account. */
export const Reference = z
  .strictObject(
    {
      system: holding('code', z.string().min(1).max(256)).describe(
        'The system; with the account, if ids are unique only inside an account.',
      ),
      kind: holding('code', z.string().min(1).max(128)).describe('The kind of thing, in the words of that system.'),
      id: holding('name', z.string().min(1).max(512)).describe('Its id in that system.'),
    },
    {
      error: ({ code, input }) =>
        code === 'invalid_type' && input !== undefined ? 'expected { "system", "kind", "id" }' : undefined,
    },
  )
  .describe('A thing in an outside system.');
export type Reference = z.infer<typeof Reference>;

const said = builtOnce(() => ({
  ...forEveryone({
    eventId: id.describe(
      'The id of the event. It is made of the fact, its place in the order of its source, the version of the mapping, and the data, so that a repetition adds nothing.',
    ),
    factId: id.describe(
      "The id of the fact, made of the source's own words. Restatements share it; the latest of them stands.",
    ),
    schemaVersion: z.int().min(1).describe('The version of the data.'),
    tenantId: z
      .string()
      .regex(/^[^/#\s]{1,128}$/, 'a tenant is 1 to 128 characters without slash, hash or white space')
      .describe('The organisation that runs the connections.'),
    occurredAt: Instant.describe('When it happened in the world.'),
  }),
  ...forSayer({
    claimedAt: z
      .string()
      .max(64)
      .optional()
      .describe(
        'The time that the source claimed, if it is not believable: before 2000, or over 24 h after its receipt.',
      ),
    source: id.describe(
      'Who says it: a system and its account, or people: `salesforce:00D…`, `people:…`; the system alone if its ids are unique over all its accounts.',
    ),
    sourceEventId: id.describe("The source's own id of the message or object."),
    sourceSeq: z
      .string()
      .max(128)
      .optional()
      .describe("Text that sorts in the source's own order; absent sorts first."),
    sourceState: z
      .strictObject({
        of: z.string().min(1).max(256).describe('The object, in the words of its source.'),
        was: z.string().min(1).max(64).optional().describe('A digest of its state before; absent if it was new.'),
        is: z.string().min(1).max(64).describe('A digest of its state from then on.'),
      })
      .optional()
      .describe('What its source says of the state before and after. It orders events of one instant.'),
    translation: z.int().min(0).optional().describe("The version of the connection's mapping that made the fact."),
    connectionCurrency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .optional()
      .describe("The connection's own currency (ISO 4217), for values in the data that name none."),
  }),
  ...forEveryone({
    reference: z
      .string()
      .min(1)
      .max(512)
      .optional()
      .describe('The reference by which the message, or the person, names the engagement, if it does.'),
  }),
  ...forSayer({ causationId: id.describe('What caused it: an event, a receipt, or the fact itself.') }),
  ...forEveryone({ correlationId: id.describe('What it belongs to: its stream.') }),
  ...forSayer({
    actor: z
      .string()
      .max(256)
      .optional()
      .describe(
        "The person who recorded it, if a person did: the token's subject; where that is an address or a name, the reference made of it.",
      ),
    saidBy: z
      .strictObject({
        role: z
          .enum(['vendor', 'partner', 'system'])
          .describe("The side: the tenant's own people, a partner, or a system."),
        partyId: z.string().min(1).max(128).optional().describe('The party that says it, if one does.'),
      })
      .optional()
      .describe(
        'On whose behalf it is said: from the token, or from a connection that is bound to a party. Absent: a system that is bound to no party.',
      ),
  }),
  ...forVendor({
    addressedTo: id
      .optional()
      .describe('The stream that the fact was meant for, where that engagement was merged into this one.'),
  }),
  ...forEveryone({ supersedes: id.optional().describe('The event that this one replaces. Only a person names one.') }),
}));

/** The envelope of a fact before it is recorded. Its subject is already a stream. */
export const factEnvelope = builtOnce(() => ({
  ...said(),
  ...forEveryone({ streamId: id.describe('The stream that it belongs to: `<tenant>/<kind>/<id>`.') }),
}));

/** The envelope of an event in its stream. */
export const recordedEnvelope = builtOnce(() => ({
  ...factEnvelope(),
  ...forEveryone({
    version: z.int().min(1).describe('Its number in the stream, from 1 without a gap.'),
    recordedAt: Instant.describe('When it was recorded here.'),
  }),
}));

export type FactEnvelope = Readonly<z.infer<z.ZodObject<ReturnType<typeof factEnvelope>>>>;
export type RecordedEnvelope = Readonly<z.infer<z.ZodObject<ReturnType<typeof recordedEnvelope>>>>;
