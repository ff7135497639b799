// What is a projection table, and what is a row of it? Names, keys, indexes and columns, and plain JSON values.
import type * as z from 'zod';
import { uuidOf } from '../../events/identifiers.ts';

export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [column: string]: Cell };

/** A row: its key inside the tenant, and its columns. Money is two columns, `…Minor` and `…Currency`. */
export interface Row {
  readonly table: TableName;
  /** Begins with the engagement's (offer's, campaign's, party's) id; parts joined by `#`. */
  readonly rowKey: string;
  readonly columns: Readonly<Record<string, Cell>>;
}

export const tableNames = [
  'engagements',
  'stage_history',
  'handoffs',
  'order_legs',
  'subscriptions',
  'flags',
  'deadlines',
  'parties',
  'offers',
  'campaigns',
] as const;
export type TableName = (typeof tableNames)[number];

/**
 * An index: rows whose `columns` are all present (not null) stand in it, under the tenant and those columns' values,
 * sorted by `sort` (absent: by `rowKey`). One `acrossTenants` leaves the tenant out: only the pipeline itself reads it.
 */
export interface TableIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly sort?: string;
  readonly acrossTenants?: true;
}

export interface Table {
  readonly name: TableName;
  /** What one row is, in a sentence that an analyst reads. */
  readonly describes: string;
  readonly indexes: readonly TableIndex[];
  /** The columns: a row's `columns` parse with it. */
  readonly columns: z.ZodObject;
}

/** Columns that every row carries, whatever its table. */
export const carriedBy = ['leadPartnerId', 'lastEventId', 'policyVersion'] as const;

/** The index that every table has: a partner's own rows. */
export const byLeadPartner: TableIndex = { name: 'byLeadPartner', columns: ['leadPartnerId'] };

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
