// How does a test make facts and recorded events? By type and data, with ids made as the pipeline makes them.
import type * as z from 'zod';
import {
  catalog,
  definitionOf,
  type EventType,
  type Fact,
  type FactOf,
  type Parsed,
  parseFact,
  parseRecorded,
  type RecordedEvent,
  type RecordedOf,
} from '../../../events/catalog.ts';
import { canonicalJson, eventIdOf, factIdOf, streamIdOf, uuidOf } from '../../../events/identifiers.ts';
import { type Instant, parseInstant } from '../../../events/instant.ts';

export const tenantId = 'acme';
export const engagementId = 'e1';
/** The stream of facts that name no other. */
export const engagementStream = streamIdOf(tenantId, 'engagement', engagementId);

/** An event's data as a source would write it: what has a default may be left out. */
export type Said<T extends EventType> = z.input<(typeof catalog)[T]['data']>;

export interface FactOptions {
  /** RFC 3339, as short as `2026-03-01`, `2026-03-01T09:00` (UTC). */
  readonly at: string;
  /** Default: the engagement of these tests. Its tenant is the event's. */
  readonly stream?: string;
  /** The source's own id: equal ids of one type are one fact. Default: of type, data and `at`, so that a repetition is the same fact. */
  readonly sourceId?: string;
  readonly seq?: string;
  readonly translation?: number;
  /** `<system>:<account>`. Default `salesforce:00D000000000001AAA`, or the person's own. */
  readonly source?: string;
  /** The subject of the person who records it; absent for systems. */
  readonly actor?: string;
  readonly supersedes?: string;
  /** On whose behalf it is said; absent for a system that is bound to no party. */
  readonly saidBy?: Fact['saidBy'];
  /** The connection's currency. */
  readonly currency?: string;
}

export interface RecordedOptions extends FactOptions {
  /** Default: `at`. */
  readonly recordedAt?: string;
  /** Default: 1; `stream` numbers events as they come. */
  readonly version?: number;
}

/** Text as an instant; throws where a test wrote none. */
export const instant = (text: string): Instant => {
  const parsed = parseInstant(text);
  if (parsed === undefined) throw new Error(`not an instant: ${text}`);
  return parsed;
};

const isOf = <T extends EventType, E extends { readonly type: EventType }>(
  type: T,
  event: E,
): event is Extract<E, { readonly type: T }> => event.type === type;

const parsedAs = <E extends Fact | RecordedEvent, T extends EventType>(
  type: T,
  parsed: Parsed<E>,
): Extract<E, { readonly type: T }> => {
  if (!parsed.ok) throw new Error(`not a ${type}: ${JSON.stringify(parsed.issues)}`);
  if (!isOf(type, parsed.value)) throw new Error(`not a ${type}: ${parsed.value.type}`);
  return parsed.value;
};

const envelopeOf = (type: EventType, said: unknown, options: FactOptions): object => {
  const { actor, stream = engagementStream } = options;
  const tenant = stream.split('/')[0] ?? tenantId;
  const data = catalog[type].data.parse(said);
  const occurredAt = instant(options.at);
  const source = options.source ?? (actor === undefined ? 'salesforce:00D000000000001AAA' : `people:${actor}`);
  const [system = '', ...account] = source.split(':');
  const sourceId = options.sourceId ?? uuidOf(type, canonicalJson(data), occurredAt, stream);
  const factId = factIdOf({ tenantId: tenant, system, account: account.join(':'), sourceId, type });
  const eventId = eventIdOf({ factId, sourceSeq: options.seq, translation: options.translation, data });
  return {
    eventId,
    factId,
    type,
    schemaVersion: definitionOf(type)?.version ?? 1,
    streamId: stream,
    tenantId: tenant,
    occurredAt,
    source,
    sourceEventId: sourceId,
    ...(options.seq === undefined ? {} : { sourceSeq: options.seq }),
    ...(options.translation === undefined ? {} : { translation: options.translation }),
    ...(options.currency === undefined ? {} : { connectionCurrency: options.currency }),
    causationId: eventId,
    correlationId: stream,
    ...(actor === undefined ? {} : { actor }),
    ...(options.saidBy === undefined ? {} : { saidBy: options.saidBy }),
    ...(options.supersedes === undefined ? {} : { supersedes: options.supersedes }),
    data,
  };
};

/** A fact on its way to its stream, parsed as the pipeline parses it. */
export const fact = <T extends EventType>(type: T, said: Said<T>, options: FactOptions): FactOf<T> =>
  parsedAs<Fact, T>(type, parseFact(envelopeOf(type, said, options)));

/** An event as it stands in its stream, parsed as the pipeline parses it. */
export const recorded = <T extends EventType>(type: T, said: Said<T>, options: RecordedOptions): RecordedOf<T> =>
  parsedAs<RecordedEvent, T>(
    type,
    parseRecorded({
      ...envelopeOf(type, said, options),
      version: options.version ?? 1,
      recordedAt: instant(options.recordedAt ?? options.at),
    }),
  );

/** Events as their streams would hold them: versions count per stream, and recordedAt never goes back. */
export const stream = (events: readonly RecordedEvent[]): readonly RecordedEvent[] => {
  const last = new Map<string, RecordedEvent>();
  return events.map((event) => {
    const before = last.get(event.streamId);
    const recordedAt =
      before !== undefined && before.recordedAt > event.recordedAt ? before.recordedAt : event.recordedAt;
    const placed = { ...event, version: (before?.version ?? 0) + 1, recordedAt };
    last.set(event.streamId, placed);
    return placed;
  });
};
