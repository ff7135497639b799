// What is a row of a table, and how is its key made so that no two rows share one?
import { uuidOf } from '../../events/identifiers.ts';

export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [column: string]: Cell };

/** A row: its key inside the tenant, and its columns. Money is two columns, `…Minor` and `…Currency`. */
export interface Row<Columns = Readonly<Record<string, Cell>>> {
  /** The table's name in the catalog. */
  readonly table: string;
  /** The partition inside the tenant, for tables in which a partition is not a whole tenant (`ownTables.ts`). */
  readonly partition?: string;
  /** The owner's id (of the engagement, offer, campaign, party or group), then further parts, joined by `#`. */
  readonly rowKey: string;
  readonly columns: Columns;
}

/** The number of shards in the indexes of due heads and of groups. */
export const shardCount = 8;

/** All shards: `00` to `07`. */
export const shards: readonly string[] = Array.from({ length: shardCount }, (_, shard) =>
  String(shard).padStart(2, '0'),
);

/** The shard of an id: `00` to `07`. It never changes. */
export const shardOf = (id: string): string =>
  String(Number.parseInt(uuidOf('due', id).slice(0, 8), 16) % shardCount).padStart(2, '0');

/** In bytes of UTF-8, as DynamoDB counts. */
const longest = 100;
/** The most bytes that one UTF-16 unit of a text takes. */
const bytesOfUnit = 3;

const encoder = new TextEncoder();

const isLong = (text: string): boolean => text.length * bytesOfUnit > longest && encoder.encode(text).length > longest;

const keyPart = (part: string): string => {
  const escaped = part.replaceAll('%', '%25').replaceAll('#', '%23');
  return isLong(escaped) ? `%~${uuidOf('key', part)}` : escaped;
};

/**
 * A row's key: its owner's id unchanged, then the parts, joined by `#`. A `#` inside a part is escaped, and a part of
 * over 100 bytes is replaced by a UUID of it after `%~`, which no escaped part holds. An owner's id has at most 512 bytes, so that a key stays within DynamoDB's 1,024
 * bytes, and no two rows share one.
 */
export const rowKeyOf = (owner: string, ...parts: readonly string[]): string =>
  [owner, ...parts.map(keyPart)].join('#');

/** A count as text of four digits, so that comparing text compares numbers. */
export const padded = (count: number): string => String(count).padStart(4, '0');
