// How does what a message says become a fact, with ids, a believable time, and checked data?
import { believableTime } from '../../events/believableTime.ts';
import { catalog, type Fact, type Issue, parseFact } from '../../events/catalog.ts';
import type { EventDefinition } from '../../events/definition.ts';
import { freeTextRefusals, isFreeText, leftOutText, withoutFreeText } from '../../events/freeText.ts';
import { eventIdOf, factIdOf, idTooLong, parseStreamId } from '../../events/identifiers.ts';
import { parseInstant } from '../../events/instant.ts';
import { addressIn, addressRefusal, holdsAddress } from '../../events/personalData.ts';
import { factAccountOf } from '../../events/sources/catalog.ts';
import { engagementReference, withNormalExternalIds } from '../../events/sources/externalIds.ts';
import { parseSaid } from '../../events/sources/saidData.ts';
import type { Connection, SourceFact, Subject } from '../../events/sources/source.ts';
import { measuredNumber } from '../../events/sources/sourceJson.ts';
import { textIssues } from '../../events/unicodeText.ts';
import { withoutUnknownKeys } from '../../events/unknownKeys.ts';
import type { Receipt } from '../receipts/receipt.ts';
import { bytesOf, eventBytesLimit } from '../store/commit.ts';
import { linkProblems } from './linkRules.ts';

/** A fact without its stream: `streamId` and `correlationId` are set once its subject is resolved. */
export interface Draft {
  readonly fact: Fact;
  readonly subject: Subject;
  /** The path of its event in the message; empty where the message is one event. */
  readonly part: string;
  /** The paths of what the source said beside the fields of the type. */
  readonly unknownKeys: readonly string[];
  /** The paths of the free texts that were left out of its data. */
  readonly freeTexts: readonly string[];
}

export type Drafted =
  | { readonly ok: true; readonly draft: Draft }
  | { readonly ok: false; readonly reason: string; readonly issues: readonly Issue[] };

const longestClaim = 64;

/**
 * Stands for a stream's id. It is as long as the longest id to which a subject can lead, so that the draft's size is not
 * measured too small: a stage would refuse the fact later.
 */
const unresolved = 'unresolved'.padEnd(530, '.');

/** On whose behalf the connection speaks, if it is bound to a partner. */
const saidByOf = ({ partner }: Connection): Pick<Fact, 'saidBy'> =>
  partner === undefined ? {} : { saidBy: { role: 'partner', partyId: partner } };

/** What the source wrote in place of a time; a sentence or an address is not kept. */
const keptClaim = (claimed: string): string =>
  isFreeText(claimed) || holdsAddress(claimed) ? leftOutText : claimed.slice(0, longestClaim).toWellFormed();

/** The claimed time where it is believable; else the receipt's time, with the claim in `claimedAt`. */
const timeOf = (
  claimed: string,
  { message: { receivedAt } }: Receipt,
  connection: Connection,
): Pick<Fact, 'occurredAt' | 'claimedAt'> => {
  const instant = parseInstant(claimed);
  const { saidBy } = saidByOf(connection);
  const occurredAt = instant === undefined ? undefined : believableTime(instant, { receivedAt, saidBy });
  return occurredAt === undefined ? { occurredAt: receivedAt, claimedAt: keptClaim(claimed) } : { occurredAt };
};

/** The reference that the message itself names, beside a primary id or as its subject: never what links say. */
const referenceIn = ({ reference, subject }: SourceFact): Pick<Fact, 'reference'> => {
  const named = reference ?? ('secondary' in subject ? subject.secondary : undefined);
  const { system, kind } = engagementReference('');
  return named?.system === system && named.kind === kind ? { reference: named.id } : {};
};

type Refused = Extract<Drafted, { readonly ok: false }>;

/** Refuses an address in anything that the event would hold, and an id that is a sentence. What an adapter derives has words of ours. */
const personalData = (said: SourceFact, data: unknown, source: string): Refused | undefined => {
  const { subject, reference, sourceId, sourceSeq, sourceState } = said;
  const address = addressIn({ data, subject, reference, sourceId, sourceSeq, sourceState, source });
  if (address !== undefined) {
    return { ok: false, reason: 'addressInData', issues: [{ path: address.join('.'), message: addressRefusal }] };
  }
  const ids = { subject: Object.values(subject), reference: reference?.id, sourceId };
  for (const [path, held] of Object.entries(ids)) {
    const texts = [held].flat().map((id) => (typeof id === 'object' ? id.id : (id ?? '')));
    if (texts.some((id) => isFreeText(id, 'name'))) {
      return { ok: false, reason: 'freeTextInData', issues: [{ path, message: freeTextRefusals.name }] };
    }
  }
  return undefined;
};

/** The issue of a subject whose id is too long for a stream. Ids of other subjects are made here, and are short. */
const subjectIssues = ({ type, data }: Fact, subject: Subject): readonly Issue[] => {
  if (!('stream' in subject)) return [];
  const { kind, id } = parseStreamId(subject.stream);
  const message = idTooLong(kind, id);
  const field = `${kind}Id`;
  return message === undefined ? [] : [{ path: Object.hasOwn(data, field) ? `${type}.${field}` : 'subject', message }];
};

/**
 * Makes the draft of one fact of a receipt; keys that the catalog does not know, and free texts, are left out and named. Refuses,
 * with issues, data that does not match the catalog, an address whatever the source, an id that is a sentence, a link that leads
 * out of the tenant, and an event that is too large.
 */
export const draftOf = (said: SourceFact, receipt: Receipt, connection: Connection): Drafted => {
  const { type, sourceId, sourceSeq, discriminator, subject, part = '' } = said;
  const definition: EventDefinition = catalog[type];
  const reading = { schema: definition.data, numberOf: measuredNumber };
  const whole = parseSaid({ ...reading, said: said.data });
  const { data: known, unknownKeys } = whole.ok
    ? { data: said.data, unknownKeys: [] }
    : withoutUnknownKeys(definition.data, said.data);
  const read = unknownKeys.length === 0 ? whole : parseSaid({ ...reading, said: known });
  const broken = textIssues({ sourceId, sourceSeq, discriminator, subject, reference: said.reference, data: known });
  if (broken.length > 0) return { ok: false, reason: `notUnicode: ${type}`, issues: broken };
  if (!read.ok) {
    const issues = read.issues.map(({ path, message }) => ({ path: path === '' ? type : `${type}.${path}`, message }));
    // Left out first, such a key may be what the sender meant by a field that is missing.
    const unknown = unknownKeys.map((path) => ({ path: `${type}.${path}`, message: 'unknown field' }));
    return { ok: false, reason: `notThisFact: ${type}`, issues: [...issues, ...unknown] };
  }
  const { tenantId } = connection;
  const account = factAccountOf(connection);
  const source = account === '' ? connection.source : `${connection.source}:${account}`;
  const personal = personalData(said, read.value, source);
  if (personal !== undefined) return personal;
  const cleared =
    said.derived === true
      ? { ok: true as const, data: read.value, freeTexts: [] }
      : withoutFreeText(definition.data, read.value, tenantId);
  if (!cleared.ok) {
    const issues = cleared.issues.map(({ path, message }) => ({ path: `data.${path}`, message }));
    return { ok: false, reason: 'freeTextInData', issues };
  }
  const { freeTexts } = cleared;
  // Before the digest is computed, so that every spelling of an external id gives the same event.
  const data = withNormalExternalIds(cleared.data);
  const translation = connection.mapping.version;
  const factId = factIdOf({ tenantId, system: connection.source, account, sourceId, type, discriminator });
  const parsed = parseFact({
    eventId: eventIdOf({ factId, sourceSeq, translation, data }),
    factId,
    type,
    schemaVersion: definition.version,
    tenantId,
    streamId: unresolved,
    ...timeOf(said.occurredAt, receipt, connection),
    source,
    sourceEventId: sourceId,
    ...(sourceSeq !== undefined && { sourceSeq }),
    ...(said.sourceState !== undefined && { sourceState: said.sourceState }),
    translation,
    ...(connection.currency !== undefined && { connectionCurrency: connection.currency }),
    ...saidByOf(connection),
    ...referenceIn(said),
    causationId: receipt.id,
    correlationId: unresolved,
    data,
  });
  if (!parsed.ok) return { ok: false, reason: `notThisFact: ${type}`, issues: parsed.issues };
  const tooLong = subjectIssues(parsed.value, subject);
  if (tooLong.length > 0) return { ok: false, reason: `idTooLong: ${type}`, issues: tooLong };
  const links = linkProblems(parsed.value);
  if (links.length > 0) return { ok: false, reason: 'linkInvalid', issues: links };
  const bytes = bytesOf(parsed.value);
  if (bytes > eventBytesLimit) {
    const message = `the ${type} would have ${bytes} bytes; ${eventBytesLimit} are allowed`;
    return { ok: false, reason: 'eventTooLarge', issues: [{ path: type, message }] };
  }
  return { ok: true, draft: { fact: parsed.value, subject, part, unknownKeys, freeTexts } };
};

/** The fact with its stream. Its correlation id is the stream's id. */
export const placed = ({ fact }: Draft, streamId: string): Fact => ({ ...fact, streamId, correlationId: streamId });
