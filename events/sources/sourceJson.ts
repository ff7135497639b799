// How is a source's JSON read, with each number as the text that the source wrote?
import { type Instant, instantOf, parseDate, parseInstant } from '../instant.ts';

/** A number as text, exactly as the source wrote it. */
export class SourceNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Json = null | boolean | string | SourceNumber | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export type ReadJson =
  | { readonly ok: true; readonly json: Json }
  | { readonly ok: false; readonly reason: 'notJson' | 'nestedTooDeep'; readonly message: string };

/** Deeper messages are refused, so their readers may recurse. */
const deepest = 64;

const nestsTooDeep = (text: string): boolean => {
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (quoted) {
      if (character === '\\') index += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '[' || character === '{') {
      depth += 1;
      if (depth > deepest) return true;
    } else if (character === ']' || character === '}') depth -= 1;
  }
  return false;
};

/** The text without a byte order mark at its start, which JSON's parsers may ignore (RFC 8259, section 8.1). */
const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);

/** Parses text as JSON; numbers keep their source text, and a byte order mark is passed over. Never throws. */
export const readJson = (raw: string): ReadJson => {
  const text = withoutMark(raw);
  if (nestsTooDeep(text))
    return { ok: false, reason: 'nestedTooDeep', message: `the message nests deeper than ${deepest} levels` };
  try {
    const json: Json = JSON.parse(text, (_key, value, context?: { readonly source?: string }) =>
      typeof value === 'number' ? new SourceNumber(context?.source ?? String(value)) : value,
    );
    return { ok: true, json };
  } catch (error) {
    return { ok: false, reason: 'notJson', message: error instanceof Error ? error.message : String(error) };
  }
};

export const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json) && !(json instanceof SourceNumber);

export const isList = (json: Json | undefined): json is readonly Json[] => Array.isArray(json);

/** The value at a dotted path (`items.data.0.price`); undefined if there is none. Inherited members don't count. */
export const at = (json: Json | undefined, path: string): Json | undefined =>
  path.split('.').reduce<Json | undefined>((value, key) => {
    if (isList(value)) return /^\d{1,6}$/.test(key) ? value[Number(key)] : undefined;
    return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }, json);

/** The list at a path; empty if there is none. */
export const listAt = (json: Json | undefined, path: string): readonly Json[] => {
  const value = at(json, path);
  return isList(value) ? value : [];
};

/**
 * The text at a path, trimmed, or the number as the source wrote it. Undefined if the text is empty or the value is
 * neither.
 */
export const textAt = (json: Json | undefined, path: string): string | undefined => {
  const value = at(json, path);
  if (value instanceof SourceNumber) return value.text;
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : text;
};

export const flagAt = (json: Json | undefined, path: string): boolean | undefined => {
  const value = at(json, path);
  return typeof value === 'boolean' ? value : undefined;
};

/**
 * Decimal text in its shortest form, exactly: `84000.0` and `8.4E4` are `84000`. Undefined if the text is no number.
 */
export const decimalOf = (text: string): string | undefined => {
  const match = /^([+-]?)(\d{1,40})(?:\.(\d{0,40}))?(?:[eE]([+-]?\d{1,2}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const point = whole.length + Number(exponent);
  const digits = `${whole}${fraction}`.padEnd(Math.max(point, 0), '0');
  const padded = digits.padStart(digits.length + Math.max(-point, 0), '0');
  const cut = Math.max(point, 0);
  const integer = padded.slice(0, cut).replace(/^0+(?=\d)/, '') || '0';
  const rest = padded.slice(cut).replace(/0+$/, '');
  const shortest = rest === '' ? integer : `${integer}.${rest}`;
  return sign === '-' && shortest !== '0' ? `-${shortest}` : shortest;
};

/** A decimal number at a path, written as a number or as text. */
export const decimalAt = (json: Json | undefined, path: string): string | undefined => {
  const text = textAt(json, path);
  return text === undefined ? undefined : decimalOf(text);
};

/** A safe integer at a path; undefined if there is none. */
export const integerAt = (json: Json | undefined, path: string): number | undefined => {
  const decimal = decimalAt(json, path);
  const integer = decimal === undefined || decimal.includes('.') ? Number.NaN : Number(decimal);
  return Number.isSafeInteger(integer) ? integer : undefined;
};

/** The number that the text says, if no digit is lost when it is written again; undefined also if the text is no number. */
export const exactNumber = (text: string): number | undefined => {
  const decimal = decimalOf(text);
  if (decimal === undefined) return undefined;
  const number = Number(decimal);
  const digits = decimal.replace(/[-.]/g, '').replace(/^0+/, '').length;
  // The shortest text of the number; or more digits of it, as some senders write.
  const isKept =
    decimalOf(String(number)) === decimal || (digits <= 100 && decimalOf(number.toPrecision(digits)) === decimal);
  return isKept ? number : undefined;
};

/**
 * A measured number (not money): the nearest one, where only its fraction is longer than a number can be. Undefined if
 * an integer would lose digits, or if the text is no number.
 */
export const measuredNumber = (text: string): number | undefined => {
  const nearest = Number(decimalOf(text));
  return exactNumber(text) ?? (Number.isInteger(nearest) || Number.isNaN(nearest) ? undefined : nearest);
};

/** A measured number (not money) at a path; undefined if there is none, or if an integer would lose digits. */
export const numberAt = (json: Json | undefined, path: string): number | undefined =>
  measuredNumber(textAt(json, path) ?? '');

const yearTenThousand = 253_402_300_800_000;

/** Milliseconds since 1970 as an instant; undefined outside the years 1970 to 9999. */
export const instantOfMilliseconds = (milliseconds: number | undefined): Instant | undefined =>
  milliseconds !== undefined && milliseconds >= 0 && milliseconds < yearTenThousand
    ? instantOf(Math.floor(milliseconds))
    : undefined;

/** Seconds since 1970 at a path as an instant. */
export const secondsAt = (json: Json | undefined, path: string): Instant | undefined => {
  const seconds = integerAt(json, path);
  return seconds === undefined ? undefined : instantOfMilliseconds(seconds * 1000);
};

/** A time at a path, written as RFC 3339 text or as milliseconds since 1970. */
export const instantAt = (json: Json | undefined, path: string): Instant | undefined => {
  const value = at(json, path);
  if (value instanceof SourceNumber) return instantOfMilliseconds(integerAt(json, path));
  return typeof value === 'string' ? parseInstant(value.trim()) : undefined;
};

/**
 * A calendar date at a path, written as a date, as a time, or as milliseconds since 1970. A time keeps the day that it
 * was written with, whatever its offset. Undefined if nothing is there, or no date.
 */
export const dateAt = (json: Json | undefined, path: string): string | undefined => {
  const text = textAt(json, path);
  if (text === undefined) return undefined;
  return at(json, path) instanceof SourceNumber ? instantAt(json, path)?.slice(0, 10) : parseDate(text);
};

/** The value as plain JavaScript: a number becomes a JavaScript number, or stays text if digits would be lost. */
export const plain = (json: Json): unknown => {
  if (json instanceof SourceNumber) return measuredNumber(json.text) ?? json.text;
  if (isList(json)) return json.map(plain);
  if (isObject(json)) return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, plain(value)]));
  return json;
};

/** The object without its undefined members. */
export const defined = (members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
