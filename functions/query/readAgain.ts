// Which records of a tenant's sources must be read again, and why?
// The routes of the read API call it; it reads the table of sources, and streams through the cache.
import { standing } from '../../domain/history.ts';
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { canonicalJson, type ExternalId, streamIdOf } from '../../events/identifiers.ts';
import { inParallel } from '../aws/parallel.ts';
import type { IdentityResolver } from '../intake/identityResolver.ts';
import type { SourceRows } from '../receipts/sourceRows.ts';
import type { CachedStreams } from '../store/cachedStreams.ts';
import { BrokenStream } from '../store/readCommits.ts';
import { openCursor, sealCursor } from './cursor.ts';

export interface RecordToRead {
  readonly connection: string;
  /** The record; the id `*` means every record of that kind. */
  readonly record: ExternalId;
  /** The field that our facts lack; null: any of them. */
  readonly lacks: string | null;
  readonly reason: string;
  /** When the change occurred that we could not read. */
  readonly since: string;
  /** The event that asks for it. */
  readonly eventId: string;
}

export interface ReadAgainFound {
  /** Oldest first, as they were recorded. */
  readonly readAgain: readonly RecordToRead[];
  /** For the next ones; absent where these were the last. */
  readonly cursor?: string;
}

/** What must be read again, after a cursor; undefined where the cursor belongs to another query. */
export type ReadAgain = (tenantId: string, cursor?: string) => Promise<ReadAgainFound | undefined>;

export interface ReadAgainSettings {
  readonly sources: SourceRows;
  readonly cache: CachedStreams;
  readonly identities: IdentityResolver;
  /** How many requests one page checks. */
  readonly atOnce?: number;
}

type Asked = RecordedOf<'ReconciliationRequested'>;

const placeOf = ({ recordedAt, eventId }: RecordedEvent): string => `${recordedAt} ${eventId}`;

const nameOf = ({ data: { subject, lacks } }: Asked): string => canonicalJson([subject, lacks ?? null]);

/** Of several requests about one thing, the newest; as they were recorded. */
const newestOf = (events: readonly RecordedEvent[]): readonly Asked[] => {
  const newest = new Map<string, Asked>();
  for (const event of events) if (event.type === 'ReconciliationRequested') newest.set(nameOf(event), event);
  return [...newest.values()];
};

/**
 * Whether an event says what a request asks for: something newer about that record, of the same source. A field that we
 * lack must be said; a person may say it too. An opening or a withdrawal says all of the record.
 */
const answers = (
  { data: { subject, lacks }, source, sourceSeq = '', recordedAt }: Asked,
  event: RecordedEvent,
): boolean => {
  const saysField = lacks === undefined || Object.hasOwn(event.data, lacks);
  if (event.actor !== undefined) return lacks !== undefined && saysField && event.recordedAt > recordedAt;
  const isNewer = event.source === source && (event.sourceSeq ?? '') > sourceSeq;
  const isOfRecord = event.sourceEventId.endsWith(`:${subject.id}`);
  const saysAll = event.type === 'EngagementOpened' || event.type === 'EngagementWithdrawn';
  return isNewer && isOfRecord && (saysField || saysAll);
};

const shown = ({ eventId, occurredAt, data }: Asked): RecordToRead => ({
  connection: data.connectionId,
  record: data.subject,
  lacks: data.lacks ?? null,
  reason: data.reason,
  since: occurredAt,
  eventId,
});

/** Each page checks so many requests and shows those that nothing newer answers, so it may hold fewer, or none. */
export const createReadAgain = ({ sources, cache, identities, atOnce = 100 }: ReadAgainSettings): ReadAgain => {
  /** The stream that holds what is said about a record; undefined where its links lead in a circle, or can't be read. */
  const streamOf = async (tenantId: string, record: ExternalId): Promise<string | undefined> => {
    try {
      const led = await identities.resolve(tenantId, { secondary: record });
      const found = 'stream' in led ? led : await identities.resolve(tenantId, { party: record });
      return 'stream' in found ? found.stream : undefined;
    } catch (error) {
      // An identity that can't be read hides only the answer to its own request.
      if (error instanceof BrokenStream) return undefined;
      throw error;
    }
  };

  const isAnswered = async (tenantId: string, asked: Asked): Promise<boolean> => {
    const stream = await streamOf(tenantId, asked.data.subject);
    if (stream === undefined) return false;
    const read = await cache.readAsFar([stream]);
    return standing(read.get(stream)?.history ?? { events: [] }).some((event) => answers(asked, event));
  };

  return async (tenantId, cursor) => {
    const bound = ['unmatched', tenantId];
    const after = cursor === undefined ? '' : openCursor(cursor, bound);
    if (after === undefined) return undefined;
    const streams = (await sources(tenantId)).map(({ connectionId }) => streamIdOf(tenantId, 'source', connectionId));
    const read = await cache.readAsFar(streams);
    const asked = [...read.values()]
      .flatMap(({ history }) => newestOf(standing(history)))
      .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
      .filter((event) => placeOf(event) > after);
    const page = asked.slice(0, atOnce);
    const open = await inParallel(page, 16, async (event) =>
      (await isAnswered(tenantId, event)) ? [] : [shown(event)],
    );
    const last = page.length < asked.length ? page.at(-1) : undefined;
    return { readAgain: open.flat(), ...(last !== undefined && { cursor: sealCursor(placeOf(last), bound) }) };
  };
};
