// How is a message of a Salesforce org read as a change or a platform event?
import type { Issue } from '../../catalog.ts';
import { epochOf } from '../../instant.ts';
import { salesforceId } from '../externalIds.ts';
import { at, instantAt, integerAt, isObject, type JsonObject, listAt, readJson, textAt } from '../sourceJson.ts';
import { type Carried, carriedBy, type ListedFields, listedIn } from './listedFields.ts';

/** A changed record. */
export interface ListedRecord {
  /** Its place in the header's `recordIds`. */
  readonly place: number;
  /** An id of 18 characters; `*` if the event names no single record. */
  readonly record: string;
}

/** One change of one or several records of an object. */
export interface Change {
  readonly kind: 'change';
  readonly entity: string;
  /** CREATE, UPDATE, DELETE, UNDELETE or a GAP. */
  readonly changeType: string;
  readonly records: readonly ListedRecord[];
  /** The places of ids that are no Salesforce ids. */
  readonly unusableIds: readonly number[];
  /** The header's path in the message. */
  readonly path: string;
  readonly changedFields: ListedFields;
  readonly nulledFields: ListedFields;
  /** Fields of which the message holds a difference (a text of several lines) in place of the value. */
  readonly diffFields: ListedFields;
  readonly carries: Carried;
  /** With names in lower case, because Salesforce takes them in any case. */
  readonly fields: JsonObject;
  readonly occurredAt: string;
  /** Commit time, commit number and sequence number, padded so that the text sorts in the order of commits. */
  readonly sourceSeq: string;
  /** Names the change in its transaction. It is the same through Event Relay and AppFlow. */
  readonly changeKey: string;
}

/** A platform event, which the org itself defined. */
export interface PlatformEvent {
  readonly kind: 'platformEvent';
  readonly name: string;
  /** With names in lower case. */
  readonly fields: JsonObject;
}

export type ReadChange =
  | { readonly ok: true; readonly said: Change | PlatformEvent; readonly org: string | undefined }
  | { readonly ok: false; readonly reason: string; readonly issues: readonly Issue[] };

const failed = (reason: string, path: string, message: string): ReadChange => ({
  ok: false,
  reason,
  issues: [{ path, message }],
});

/** What a refused id of a record should have been. */
export const idExpected = 'expected Salesforce ids of 15 or 18 characters';

const digits = (text: string | undefined, length: number): string =>
  (text !== undefined && /^\d+$/.test(text) ? text : '0').padStart(length, '0').slice(-length);

/**
 * The org that a partner event source's name holds (`aws.partner/salesforce.com/{org}/{channel}`). AppFlow's name holds
 * none.
 */
export const orgOfBus = (eventSource: string): string | undefined => {
  const org = /^aws\.partner\/salesforce\.com\/([^/]+)\//.exec(eventSource)?.[1];
  return org === undefined ? undefined : (salesforceId(org) ?? org);
};

/** The id of no record. */
const emptyId = /^0{15}(?:AAA)?$/;

/**
 * The changed records, each once, and the places of ids that are no Salesforce ids. A wildcard (`001*`), and
 * an overflow (whose only id is the empty one), mean all records of the object: `*`.
 */
const recordsOf = (ids: readonly unknown[]): Pick<Change, 'records' | 'unusableIds'> => {
  if (ids.length === 0) return { records: [{ place: 0, record: '*' }], unusableIds: [] };
  const read = ids.map((id) => {
    if (typeof id !== 'string') return undefined;
    return id.includes('*') || emptyId.test(id) ? '*' : salesforceId(id);
  });
  const firstPlaces = new Map<string, number>();
  for (const [place, record] of read.entries()) {
    if (record !== undefined && !firstPlaces.has(record)) firstPlaces.set(record, place);
  }
  return {
    records: [...firstPlaces].map(([record, place]) => ({ place, record })),
    unusableIds: read.flatMap((record, place) => (record === undefined ? [place] : [])),
  };
};

const inLowerCase = (fields: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name.toLowerCase(), isObject(value) ? inLowerCase(value) : value]),
  );

const readHeader = (header: JsonObject, payload: JsonObject, path: string): Change | ReadChange => {
  const entity = textAt(header, 'entityName');
  const changeType = textAt(header, 'changeType');
  const transaction = textAt(header, 'transactionKey');
  const committed = instantAt(header, 'commitTimestamp');
  const listed = recordsOf(listAt(header, 'recordIds'));
  if (entity === undefined) return failed('headerIncomplete', `${path}.entityName`, 'the object is not named');
  if (changeType === undefined) return failed('headerIncomplete', `${path}.changeType`, 'the change is not named');
  if (transaction === undefined) {
    return failed('headerIncomplete', `${path}.transactionKey`, 'without it the change has no id');
  }
  if (listed.records.length === 0) return failed('recordIdUnusable', `${path}.recordIds`, idExpected);
  const sequence = String(integerAt(header, 'sequenceNumber') ?? 0);
  const { ChangeEventHeader: _header, ...fields } = payload;
  return {
    kind: 'change',
    entity,
    changeType,
    ...listed,
    path,
    changedFields: listedIn(header, 'changedFields'),
    nulledFields: listedIn(header, 'nulledFields'),
    diffFields: listedIn(header, 'diffFields'),
    carries: carriedBy(header, fields),
    fields: inLowerCase(fields),
    occurredAt: committed ?? textAt(header, 'commitTimestamp') ?? '',
    sourceSeq: [
      digits(committed === undefined ? undefined : String(epochOf(committed)), 15),
      digits(textAt(header, 'commitNumber'), 20),
      digits(sequence, 6),
    ].join('.'),
    changeKey: `${entity}:${transaction}:${sequence}`,
  };
};

/** Reads the EventBridge envelope. Event Relay puts the record under `detail.payload`, AppFlow flat under `detail`. */
export const readChange = (body: string): ReadChange => {
  const read = readJson(body);
  if (!read.ok) return failed(read.reason, '', read.message);
  const detail = at(read.json, 'detail');
  const payload = at(detail, 'payload');
  const record = isObject(payload) ? payload : detail;
  if (!isObject(record)) return failed('notAnEvent', 'detail', 'expected an EventBridge event with a detail');
  const path = isObject(payload) ? 'detail.payload' : 'detail';
  const org = orgOfBus(textAt(read.json, 'source') ?? '');
  const header = at(record, 'ChangeEventHeader');
  if (isObject(header)) {
    const said = readHeader(header, record, `${path}.ChangeEventHeader`);
    return 'kind' in said ? { ok: true, said, org } : said;
  }
  const name = textAt(read.json, 'detail-type');
  return name?.endsWith('__e') === true
    ? { ok: true, said: { kind: 'platformEvent', name, fields: inLowerCase(record) }, org }
    : failed('notAnEvent', path, 'expected a ChangeEventHeader, or a detail-type that names a platform event (…__e)');
};
