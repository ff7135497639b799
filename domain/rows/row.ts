// What is a row of a table? Its table, its key, and plain JSON values; and how a key is made so that no two rows share one.
import { uuidOf } from '../../events/identifiers.ts';

export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [column: string]: Cell };

/** A row: its key inside the tenant, and its columns. Money is two columns, `…Minor` and `…Currency`. */
export interface Row<Columns = Readonly<Record<string, Cell>>> {
  /** The table's name in the catalog. */
  readonly table: string;
  /** Of tables whose partitions are not whole tenants (`ownTables.ts`): the partition inside the tenant. */
  readonly partition?: string;
  /** Begins with the id of whose row it is (the engagement, offer, campaign, party or group); parts joined by `#`. */
  readonly rowKey: string;
  readonly columns: Columns;
}

/** In how many shards heads wait for their instants, and groups are listed. */
export const shardCount = 8;

/** All of them: `00` to `07`. */
export const shards: readonly string[] = Array.from({ length: shardCount }, (_, shard) =>
  String(shard).padStart(2, '0'),
);

/** The shard of whatever has this id: `00` to `07`, the same for ever. */
export const shardOf = (id: string): string =>
  String(Number.parseInt(uuidOf('due', id).slice(0, 8), 16) % shardCount).padStart(2, '0');

const longest = 100;

const keyPart = (part: string): string =>
  part.length > longest ? uuidOf('key', part) : part.replaceAll('%', '%25').replaceAll('#', '%23');

/**
 * A row's key: its owner's id as it is, then the parts, joined by `#`. A `#` inside a part is escaped, and a part of over
 * 100 characters is replaced by a UUID of it: a key stays within DynamoDB's 1,024 bytes, and no two rows share one.
 */
export const rowKeyOf = (owner: string, ...parts: readonly string[]): string =>
  [owner, ...parts.map(keyPart)].join('#');

/** A count as text of four digits, so that comparing text compares numbers. */
export const padded = (count: number): string => String(count).padStart(4, '0');
