// How do facts, events and streams get ids that don't depend on the order of arrival?
import { hash } from 'node:crypto';

/** Throughline's own namespace for UUIDv5 (RFC 9562, section 5.5). */
const namespace = Buffer.from('6f1c1d0e6a2b5d0c9b1e7f4e2a9c5d31', 'hex');

/**
 * UUIDv5 of the parts, in order. Each part has its length before it, so that two lists of parts never give one text.
 */
export const uuidOf = (...parts: readonly string[]): string => {
  const name = parts.map((part) => `${part.length}:${part}`).join('');
  const bytes = hash('sha1', Buffer.concat([namespace, Buffer.from(name)]), 'buffer').subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/** JSON with sorted keys and without undefined members: equal data has equal text. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    let members = '';
    for (const key of Object.keys(value).sort()) {
      const member: unknown = Reflect.get(value, key);
      if (member !== undefined)
        members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
    }
    return `{${members}}`;
  }
  return JSON.stringify(value) ?? 'null';
};

/** What a fact's id is made of: the source's own words, never the order of arrival. */
export interface FactOrigin {
  readonly tenantId: string;
  readonly system: string;
  readonly account: string;
  /** The source's own id of the message, or of the object that the fact is keyed on. */
  readonly sourceId: string;
  readonly type: string;
  /** The catalog's field or record name if one message says several facts of a type; else empty. */
  readonly discriminator?: string | undefined;
}

/** The fact's id: the same for every delivery and every restatement of it. */
export const factIdOf = (origin: FactOrigin): string =>
  uuidOf(
    'fact',
    origin.tenantId,
    origin.system,
    origin.account,
    origin.sourceId,
    origin.type,
    origin.discriminator ?? '',
  );

/** What an event's id is made of. `occurredAt` is left out. */
export interface EventOrigin {
  readonly factId: string;
  readonly sourceSeq?: string | undefined;
  readonly translation?: number | undefined;
  readonly data: unknown;
}

/** The event's id: a repetition has the same one; a value that comes back later has another. */
export const eventIdOf = ({ factId, sourceSeq = '', translation = 0, data }: EventOrigin): string =>
  uuidOf('event', factId, sourceSeq, String(translation), canonicalJson(data));

/** An id that an outside system gave to one of its things. */
export interface ExternalId {
  readonly system: string;
  readonly kind: string;
  readonly id: string;
}

/** The kinds of stream. */
export const streamKinds = ['engagement', 'offer', 'campaign', 'party', 'identity', 'source', 'policy'] as const;
export type StreamKind = (typeof streamKinds)[number];

/** A stream's id: `{tenant}/{kind}/{id}`. The tenant holds no slash; the id may hold any character. */
export const streamIdOf = (tenantId: string, kind: StreamKind, id: string): string => `${tenantId}/${kind}/${id}`;

/**
 * The parts of a stream's id. Throws if the text is no stream id, which is a bug: only `streamIdOf` makes stream ids.
 */
export const parseStreamId = (streamId: string): { tenantId: string; kind: StreamKind; id: string } => {
  const [tenantId, kind, ...rest] = streamId.split('/');
  const known = streamKinds.find((candidate) => candidate === kind);
  if (tenantId === undefined || tenantId === '' || known === undefined || rest.length === 0)
    throw new Error(`not a stream id: ${streamId}`);
  return { tenantId, kind: known, id: rest.join('/') };
};

/**
 * The most bytes of the id in a stream's id. Every id of an engagement or a party can stand in a path. The ids stand in sort
 * keys beside the tenant or beside parts of rows, and DynamoDB's sort keys end at 1,024 bytes.
 */
export const longestId: Readonly<Record<StreamKind, number>> = {
  engagement: 128,
  party: 128,
  offer: 512,
  campaign: 512,
  identity: 512,
  source: 512,
  policy: 512,
};

/** What is wrong with the length of an id of that kind, in bytes of UTF-8; undefined where it fits. */
export const idTooLong = (kind: StreamKind, id: string): string | undefined => {
  const bytes = Buffer.byteLength(id);
  return bytes > longestId[kind]
    ? `the id of this ${kind} has ${bytes} bytes; ${longestId[kind]} are allowed, in UTF-8`
    : undefined;
};

/** The identity stream of an external id. Its first commit is conditional, so the id is unique in its tenant. */
export const identityStreamOf = (tenantId: string, external: ExternalId): string =>
  streamIdOf(tenantId, 'identity', uuidOf('identity', external.system, external.kind, external.id));

/** The stream of a pair of currencies: its rates of exchange. */
export const fxStreamOf = (tenantId: string, base: string, quote: string): string =>
  streamIdOf(tenantId, 'policy', `fx-${base}-${quote}`);

/** The engagement's stream that a primary external id opens, unless its identity stream holds a link. */
export const derivedEngagementOf = (tenantId: string, external: ExternalId): string =>
  streamIdOf(tenantId, 'engagement', uuidOf('engagement', tenantId, external.system, external.kind, external.id));

/** The party's stream that an external id means, unless its identity stream holds a link. */
export const derivedPartyOf = (tenantId: string, external: ExternalId): string =>
  streamIdOf(tenantId, 'party', uuidOf('party', tenantId, external.system, external.kind, external.id));
