// What surrounds every fact and every recorded event? The envelope; its names are the storage format: they never change, they are only added to.
import * as z from 'zod';
import { Instant } from './instant.ts';

const id = z.string().min(1).max(2048);

/** A thing of an outside system: `system` carries the account where ids are unique only inside it. */
export const Reference = z.strictObject({
  system: z.string().min(1).max(256),
  kind: z.string().min(1).max(128),
  id: z.string().min(1).max(512),
});
export type Reference = z.infer<typeof Reference>;

const said = {
  eventId: id,
  factId: id,
  schemaVersion: z.int().min(1),
  tenantId: z.string().regex(/^[^/#\s]{1,128}$/, 'a tenant is 1 to 128 characters without slash, hash or white space'),
  occurredAt: Instant,
  /** What the source claimed, where the claim was not believable (before 2000, or over 24 h after its receipt). */
  claimedAt: z.string().max(64).optional(),
  /** Who says it: `salesforce:00D…`, `stripe:acct_…`, `people:…`. */
  source: id,
  sourceEventId: id,
  /** Text whose plain comparison is the source's own order; absent sorts first. */
  sourceSeq: z.string().max(128).optional(),
  /** The version of the connection's mapping that made the fact. */
  translation: z.int().min(0).optional(),
  /** The connection's own currency (ISO 4217), for values of the data that name none. */
  connectionCurrency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  causationId: id,
  correlationId: id,
  /** Who recorded it, where a person did: the token's subject, never a name. */
  actor: z.string().max(256).optional(),
  /** The event that a person says this one replaces. */
  supersedes: id.optional(),
};

/** The envelope of a fact on its way to a stream: its subject is resolved. */
export const factEnvelope = { ...said, streamId: id };

/** The envelope of an event in its stream: `version` counts from 1 without a gap. */
export const recordedEnvelope = { ...factEnvelope, version: z.int().min(1), recordedAt: Instant };

const FactEnvelope = z.object(factEnvelope);
export type FactEnvelope = Readonly<z.infer<typeof FactEnvelope>>;
const RecordedEnvelope = z.object(recordedEnvelope);
export type RecordedEnvelope = Readonly<z.infer<typeof RecordedEnvelope>>;
