// What is a projection table, and what is a row of it? Names, keys, indexes and columns, and plain JSON values.
import type * as z from 'zod';

export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [column: string]: Cell };

/** A row: its key inside the tenant, and its columns. Money is two columns, `…Minor` and `currency`. */
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
