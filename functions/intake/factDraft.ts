// How does what a message says become a fact? With ids made of the source's own words, a believable time, and data that the catalog parses.
import { definitionOf, type Fact, type Issue, issuesOf, parseFact } from '../../events/catalog.ts';
import { eventIdOf, factIdOf } from '../../events/identifiers.ts';
import { addMilliseconds, type Instant, parseInstant } from '../../events/instant.ts';
import { withNormalExternalIds } from '../../events/sources/externalIds.ts';
import type { Connection, SourceFact, Subject } from '../../events/sources/source.ts';
import { bytesOf, eventBytesLimit } from '../store/commit.ts';
import { linkProblems } from './linkRules.ts';
import type { Receipt } from './receipt.ts';

/** A fact that does not know its stream yet: `streamId` and `correlationId` are its subject's, once that is resolved. */
export interface Draft {
  readonly fact: Fact;
  readonly subject: Subject;
  readonly said: SourceFact;
}

export type Drafted =
  | { readonly ok: true; readonly draft: Draft }
  | { readonly ok: false; readonly reason: string; readonly issues: readonly Issue[] };

const earliest = '2000-01-01T00:00:00.000Z';
const furthestAheadMs = 24 * 3_600_000;
const longestClaim = 64;

/** A stream's id is long at the most; a draft's size is measured with one of this length. */
const unresolved = 'unresolved'.padEnd(200, '.');

/** The claimed time where it can be believed, else the receipt's, with the claim kept (decision 7). */
const timeOf = (claimed: string, receivedAt: Instant): Pick<Fact, 'occurredAt' | 'claimedAt'> => {
  const instant = parseInstant(claimed);
  const believable =
    instant !== undefined && instant >= earliest && instant <= addMilliseconds(receivedAt, furthestAheadMs);
  return believable ? { occurredAt: instant } : { occurredAt: receivedAt, claimedAt: claimed.slice(0, longestClaim) };
};

/**
 * Makes the draft of one fact of a receipt; refuses, with the issues, data that is not what the catalog says, and a link that
 * leads out of the tenant.
 */
export const draftOf = (said: SourceFact, receipt: Receipt, connection: Connection): Drafted => {
  const { type, sourceId, sourceSeq, discriminator } = said;
  const definition = definitionOf(type);
  const read = definition?.data.safeParse(said.data);
  if (read?.success === false) {
    const issues = issuesOf(read.error).map(({ path, message }) => ({ path: `${type}.${path}`, message }));
    return { ok: false, reason: `notThisFact: ${type}`, issues };
  }
  // Before the digest: the same thing is said however its id was spelled.
  const data = withNormalExternalIds(read?.data);
  const { tenantId, account } = connection;
  const factId = factIdOf({ tenantId, system: connection.source, account, sourceId, type, discriminator });
  const parsed = parseFact({
    eventId: eventIdOf(factId, data),
    factId,
    type,
    schemaVersion: definition?.version ?? 1,
    tenantId,
    streamId: unresolved,
    ...timeOf(said.occurredAt, receipt.message.receivedAt),
    source: `${connection.source}:${account}`,
    sourceEventId: sourceId,
    ...(sourceSeq !== undefined && { sourceSeq }),
    translation: connection.mapping.version,
    ...(connection.currency !== undefined && { connectionCurrency: connection.currency }),
    causationId: receipt.id,
    correlationId: unresolved,
    data,
  });
  if (!parsed.ok) return { ok: false, reason: `notThisFact: ${type}`, issues: parsed.issues };
  const links = linkProblems(parsed.value);
  if (links.length > 0) return { ok: false, reason: 'linkInvalid', issues: links };
  const bytes = bytesOf(parsed.value);
  if (bytes > eventBytesLimit) {
    const message = `the ${type} would have ${bytes} bytes; ${eventBytesLimit} are allowed`;
    return { ok: false, reason: 'eventTooLarge', issues: [{ path: type, message }] };
  }
  return { ok: true, draft: { fact: parsed.value, subject: said.subject, said } };
};

/** The fact in its stream. What concerns one stream has one correlation id: the stream's. */
export const placed = ({ fact }: Draft, streamId: string): Fact => ({ ...fact, streamId, correlationId: streamId });
