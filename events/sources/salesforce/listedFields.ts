// Which fields does the header of a Salesforce change list, by name or as bitmaps?
import { at, isObject, type Json, type JsonObject, listAt } from '../sourceJson.ts';

/**
 * A list of the header: `changedFields`, `nulledFields` or `diffFields`. Names are in lower case, because Salesforce
 * takes them in any case. A relay that does not decode the Pub/Sub API's events sends bitmaps: the places of the fields
 * in a schema that the message does not hold. Of bitmaps only the number of fields is known.
 */
export type ListedFields =
  | { readonly as: 'names'; readonly names: readonly string[] }
  | { readonly as: 'bitmaps'; readonly count: number };

const bitmap = /^(?:\d+-)?0x([0-9a-f]*)$/i;

const bitsIn = (hex: string): number => [...hex].reduce((bits, digit) => bits + bitsOf(Number.parseInt(digit, 16)), 0);

const bitsOf = (digit: number): number => (digit & 1) + ((digit >> 1) & 1) + ((digit >> 2) & 1) + (digit >> 3);

/** The header's list of that name; empty if there is none. */
export const listedIn = (header: JsonObject, list: string): ListedFields => {
  const names = listAt(header, list).filter((name) => typeof name === 'string');
  const bitmaps = names.map((name) => bitmap.exec(name.trim())?.[1]).filter((hex) => hex !== undefined);
  return bitmaps.length > 0
    ? { as: 'bitmaps', count: bitsIn(bitmaps.join('')) }
    : { as: 'names', names: names.map((name) => name.trim().toLowerCase()) };
};

interface Counts {
  readonly values: number;
  readonly nulls: number;
}

const countsOf = (json: Json): Counts => {
  if (json === null) return { values: 0, nulls: 1 };
  if (!isObject(json)) return { values: 1, nulls: 0 };
  return Object.values(json)
    .map(countsOf)
    .reduce((sum, counts) => ({ values: sum.values + counts.values, nulls: sum.nulls + counts.nulls }), {
      values: 0,
      nulls: 0,
    });
};

/** What an update carries, where its header lists the changed fields as bitmaps. */
export type Carried =
  /** It lists names, so each field is looked up in them. */
  | 'listed'
  /** Each value is of a changed field, and each null is of a field that was cleared. */
  | 'changed'
  /** Each value is of a changed field; the nulls are of fields that did not change. */
  | 'valuesChanged'
  /** Which of the fields changed can't be told. */
  | 'unknown';

/**
 * Reads bitmaps without their schema, where counting is enough: an update carries the fields that changed. The message
 * may also hold a null for each field that did not change (as Avro decoders write it), and fields that the org added to
 * every event (enrichment). Then the numbers differ.
 */
export const carriedBy = (header: JsonObject, fields: JsonObject): Carried => {
  const changed = listedIn(header, 'changedFields');
  if (changed.as === 'names') return 'listed';
  const nulled = at(header, 'nulledFields') === undefined ? undefined : listedIn(header, 'nulledFields');
  const { values, nulls } = countsOf(fields);
  if (nulled === undefined)
    return nulls === 0 || values + nulls === changed.count ? fitting(values, changed) : 'unknown';
  if (nulled.as === 'names') return fitting(values + nulled.names.length, changed, 'valuesChanged');
  if (nulled.count === nulls) return fitting(values + nulls, changed);
  return nulled.count === 0 ? fitting(values, changed, 'valuesChanged') : 'unknown';
};

/** More fields than the bitmap holds: some of them did not change. */
const fitting = (fields: number, changed: { readonly count: number }, carried: Carried = 'changed'): Carried =>
  fields > changed.count ? 'unknown' : carried;
