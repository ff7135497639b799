// What is a rollup?
import type * as z from 'zod';
import type { Instant } from '../../events/instant.ts';
import type { Row } from '../rows/row.ts';
import type { ColumnsOf, Table } from '../rows/table.ts';

/** What one owner of rows (an engagement, or a group of the level below) feeds to one group. */
export interface Contribution<Data = unknown> {
  /** The group: an id that its rollup gives it, unique in the tenant. */
  readonly group: string;
  /** Tells this contribution apart from others of the same owner to the same group. */
  readonly part: string;
  /**
   * Decides the bucket of the contribution. Contributions that belong together, such as those of one customer, have the
   * same text.
   */
  readonly spreadBy: string;
  readonly data: Data;
}

/** A contribution as it is read for its group, with the id of the owner that fed it. */
export interface Fed<Data> {
  readonly owner: string;
  readonly part: string;
  readonly data: Data;
}

export interface Group<Data> {
  readonly tenantId: string;
  readonly group: string;
  /** All contributions to the group, in any order. */
  readonly fed: readonly Fed<Data>[];
  readonly now: Instant;
}

export interface GroupRows {
  /** All rows of the group, of the one table that the rollup writes. */
  readonly rows: readonly Row[];
  /** When any of the rows next changes by time alone; undefined if none does. */
  readonly nextDueAt: Instant | undefined;
}

/**
 * One rollup: the rows of a table feed small contributions to groups, and the rows of a group are a function of its
 * contributions.
 */
export interface Rollup {
  readonly name: string;
  /** What a group is and what its rows say, in one sentence for engineers. */
  readonly describes: string;
  /** The table whose rows feed it: one of engagements (the first level), or one that another rollup writes. */
  readonly over: Table;
  /** A further table whose rows feed it; absent for most. */
  readonly alsoOver?: Table | undefined;
  /** The table that it writes, whose grain is `group`. */
  readonly writes: Table;
  /** The number of partitions over which a group's contributions are spread. */
  readonly buckets: number;
  /**
   * The contributions of an owner's rows of `over` and `alsoOver`. It is pure: equal rows give equal contributions. Rows
   * of other tables are ignored.
   */
  contribute(rows: readonly Row[]): readonly Contribution[];
  /**
   * The group's rows at an instant, the same for any order of its contributions. Throws if a contribution is not what
   * `contribute` makes (a bug).
   */
  rowsOf(group: Group<unknown>): GroupRows;
}

/** What the rows of one table contribute. */
interface Feeding<Over extends Table, Fed> {
  readonly over: Over;
  contribute(rows: readonly Row<ColumnsOf<Over>>[]): readonly Contribution<Fed>[];
}

interface Defined<Over extends Table, Data extends z.ZodType, Also extends Table>
  extends Omit<Rollup, 'over' | 'alsoOver' | 'contribute' | 'rowsOf'>,
    Feeding<Over, z.output<Data>> {
  /** A further table that feeds the same groups. */
  readonly also?: Feeding<Also, z.output<Data>>;
  /** What a contribution holds. It is kept as JSON. Who only feeds a group never builds it. */
  readonly data: () => Data;
  rowsOf(group: Group<z.output<Data>>): GroupRows;
}

const isRowOf =
  <Of extends Table>(table: Of) =>
  (row: Row): row is Row<ColumnsOf<Of>> =>
    row.table === table.name;

/**
 * Defines a rollup. Its contributions, its heads, the work of its queue and its rebuild derive from it by the catalog.
 */
export const defineRollup = <Over extends Table, Data extends z.ZodType, Also extends Table>({
  over,
  also,
  data,
  contribute,
  rowsOf,
  ...rollup
}: Defined<Over, Data, Also>): Rollup => ({
  ...rollup,
  over,
  alsoOver: also?.over,
  contribute: (rows) => [
    ...contribute(rows.filter(isRowOf(over))),
    ...(also === undefined ? [] : also.contribute(rows.filter(isRowOf(also.over)))),
  ],
  rowsOf: ({ fed, ...group }) =>
    rowsOf({ ...group, fed: fed.map((each) => ({ ...each, data: data().parse(each.data) })) }),
});
