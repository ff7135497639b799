// What does a Salesforce change say about one field: nothing, a value, that it is empty, or what can't be read?
import { Id } from '../../fields.ts';
import type { ExternalId } from '../../identifiers.ts';
import { Currency, DealValue } from '../../money.ts';
import { addressIn } from '../../personalData.ts';
import { partnerReference, salesforceId } from '../externalIds.ts';
import type { Connection } from '../source.ts';
import {
  at,
  dateAt,
  decimalAt,
  flagAt,
  integerAt,
  type Json,
  type JsonObject,
  numberAt,
  textAt,
} from '../sourceJson.ts';
import type { Change } from './change.ts';
import { externalOf } from './external.ts';

/** What a change says about one field, which `field` names as the org does. */
export type Field<T> = { readonly field: string } & (
  | { readonly says: 'nothing' }
  | { readonly says: 'value'; readonly value: T }
  | { readonly says: 'cleared' }
  | { readonly says: 'unreadable'; readonly why: string }
);

/** Reads the member `value`; undefined if it can't be read. */
type Reader<T> = {
  readonly read: (held: JsonObject) => T | undefined;
  readonly expected: string;
  readonly shows: boolean;
};

const reader = <T>(expected: string, read: (held: JsonObject) => T | undefined, shows = false): Reader<T> => ({
  read,
  expected,
  shows,
});

const parsed = (schema: { safeParse(text: string | undefined): { success: boolean } }, text: string | undefined) =>
  schema.safeParse(text).success ? text : undefined;

const codeIn = (held: JsonObject): string | undefined => {
  const text = parsed(Id, textAt(held, 'value'));
  return addressIn(text) === undefined ? text : undefined;
};

const idIn = (held: JsonObject): string | undefined => salesforceId(textAt(held, 'value') ?? '');

/** How values are read. Only a value that can't be a person's words is shown where it can't be read. */
export const readers = {
  /** A code: free text (of several lines, or over 256 characters) and a person's address are not read. */
  code: reader('expected text on one line, of at most 256 characters, without an e-mail address', codeIn),
  date: reader('expected a day of the calendar', (held) => dateAt(held, 'value'), true),
  amount: reader(
    'expected a decimal number, of at most 15 digits before and 9 after its point',
    (held) => parsed(DealValue.shape.amount, decimalAt(held, 'value')),
    true,
  ),
  currency: reader('expected an ISO 4217 code', (held) => parsed(Currency, textAt(held, 'value')?.toUpperCase()), true),
  number: reader('expected a number', (held) => numberAt(held, 'value'), true),
  flag: reader('expected true or false', (held) => flagAt(held, 'value')),
  /** In an org without picklists for state and country it is free text. */
  country: reader('expected an ISO 3166-1 code', (held) => /^[A-Z]{2}$/.exec(codeIn(held)?.toUpperCase() ?? '')?.[0]),
  version: reader(
    'expected a whole number from 1',
    (held) => ((integerAt(held, 'value') ?? 0) > 0 ? integerAt(held, 'value') : undefined),
    true,
  ),
};

const idExpected = 'expected a Salesforce id of 15 or 18 characters';

/** Reads a lookup: the other record. */
export const recordOf = (connection: Connection, kind: string): Reader<ExternalId> =>
  reader(idExpected, (held) => {
    const id = idIn(held);
    return id === undefined ? undefined : externalOf(connection, kind, id);
  });

/** Reads a partner: a lookup to its account, else the code that people chose. */
export const partnerOf = (connection: Connection): Reader<ExternalId> =>
  reader(readers.code.expected, (held) => {
    const code = codeIn(held);
    const id = code?.startsWith('001') === true ? salesforceId(code) : undefined;
    if (id !== undefined) return externalOf(connection, 'Account', id);
    return code === undefined ? undefined : partnerReference(code);
  });

/** The value at a path, also under its whole dotted name. Empty text is null, as Salesforce stores it. */
const carried = (fields: JsonObject, path: string): Json | undefined => {
  const value = Object.hasOwn(fields, path) ? fields[path] : at(fields, path);
  const point = path.lastIndexOf('.');
  if (value === undefined && point > 0) return at(fields, path.slice(0, point)) === null ? null : undefined;
  return typeof value === 'string' && value.trim() === '' ? null : value;
};

const isWithin = (path: string, listed: string): boolean => path === listed || path.startsWith(`${listed}.`);

type State = { readonly says: 'nothing' | 'cleared' } | { readonly value: Json } | { readonly why: string };

const updated = (change: Change, path: string, value: Json | undefined): State => {
  const { changedFields, nulledFields, diffFields, carries } = change;
  const isNulled = nulledFields.as === 'names' && nulledFields.names.some((listed) => isWithin(path, listed));
  if (changedFields.as === 'names') {
    const { names } = changedFields;
    const isTouched = names.some((listed) => isWithin(path, listed) || isWithin(listed, path));
    if (names.length > 0 && !isTouched && !isNulled) return { says: 'nothing' };
    if (value === null) return { says: 'cleared' };
    if (value === undefined && !isNulled && names.includes(path)) {
      return { why: 'changedFields lists it, but the message holds no value' };
    }
  }
  if (value === undefined || value === null) {
    return { says: isNulled || (value === null && carries === 'changed') ? 'cleared' : 'nothing' };
  }
  if (isNulled) return { why: 'nulledFields lists it, but the message holds a value' };
  const isDifference = diffFields.as === 'names' && diffFields.names.includes(path);
  return isDifference ? { why: 'the message holds a difference in place of the value' } : { value };
};

const longestShown = 40;

/** The value's beginning, for the reason of a request. An event may hold no address, and no half of an emoji. */
const shown = (value: Json): string => {
  const text = textAt({ value }, 'value') ?? typeof value;
  if (addressIn(text) !== undefined) return 'text with an e-mail address';
  return JSON.stringify(text).slice(0, longestShown).toWellFormed();
};

const readState = <T>(field: string, state: State, { read, expected, shows }: Reader<T>): Field<T> => {
  if ('says' in state) return { field, says: state.says };
  if ('why' in state) return { field, says: 'unreadable', why: state.why };
  const value = read({ value: state.value });
  if (value !== undefined) return { field, says: 'value', value };
  return { field, says: 'unreadable', why: shows ? `${expected}, not ${shown(state.value)}` : expected };
};

/** Reads a field that a message holds, whether it changed or not. The names in `fields` are in lower case. */
export const readHeld = <T>(fields: JsonObject, field: string, reads: Reader<T>): Field<T> => {
  const value = carried(fields, field.toLowerCase());
  return readState(field, value === undefined || value === null ? { says: 'nothing' } : { value }, reads);
};

/**
 * Reads a field. A creation says the fields that it holds; an update says those that it lists as changed (of a compound
 * field, its parts). An update with no list says the fields that it holds.
 */
export const readField = <T>(change: Change, field: string, reads: Reader<T>): Field<T> => {
  if (change.changeType !== 'UPDATE') return readHeld(change.fields, field, reads);
  const path = field.toLowerCase();
  return readState(field, updated(change, path, carried(change.fields, path)), reads);
};

/** The value, if the change says one. */
export const valueIn = <T>(field: Field<T>): T | undefined => (field.says === 'value' ? field.value : undefined);

/** The value; null if the change clears the field. */
export const orNull = <T>(field: Field<T>): T | null | undefined => (field.says === 'cleared' ? null : valueIn(field));
