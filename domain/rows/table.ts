// What does a projection table declare?
import * as z from 'zod';
import { builtOnce } from '../../events/builtOnce.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Context } from '../context/context.ts';
import { type Cell, type Row, rowKeyOf } from './row.ts';
import type { RowContext } from './rowContext.ts';
import type { SeverityColumns } from './severityShown.ts';

/**
 * An index. It holds the rows whose `columns` are all present (not null), by the tenant and the values of these
 * columns.
 */
export interface TableIndex<Column extends string = string> {
  readonly name: string;
  readonly columns: readonly Column[];
  /** The column that sorts it; absent: `rowKey`. */
  readonly sort?: Column;
  /** Only the pipeline itself reads it, not people and systems that ask for rows. */
  readonly readBy?: 'pipeline';
  /** The index key leaves out the tenant, so only the pipeline itself may read it. */
  readonly acrossTenants?: true;
}

/** A row as a table's `rows` makes it. `key` has a text for each key part that the table names. */
export interface MadeRow<Part extends string, Columns> {
  readonly key: Readonly<Record<Part, string>>;
  readonly columns: Columns;
}

/** Columns by name; each holds plain JSON. */
export type Shapes = Readonly<Record<string, z.ZodType<Cell>>>;

type Made<Shape extends Shapes> = z.output<z.ZodObject<Shape, z.core.$strict>>;

/** A row's columns, by the function that declares its table's columns. */
export type Columns<Declare extends () => Shapes> = Made<ReturnType<Declare>>;

interface Declared<Name extends string, Part extends string, Shape extends Shapes> {
  readonly name: Name;
  /** What one row is, in one sentence for analysts. */
  readonly describes: string;
  /** The names of the key's parts, in order; the first is the owner's id. */
  readonly key: readonly [Part, ...Part[]];
  /**
   * The columns. Each declares who sees it (`events/audience.ts`); a column that declares nothing is for the vendor
   * alone. They are built when somebody first asks for them: most processes make rows, and never look at the columns.
   */
  readonly columns: () => Shape;
  readonly indexes: readonly TableIndex<Extract<keyof Shape, string>>[];
  /** The column that says `not_yours` if other columns of the row are hidden. */
  readonly reasonColumn?: Extract<keyof Shape, string>;
  readonly whenRead?: WhenRead;
  readonly severity?: SeverityColumns<Extract<keyof Shape, string>>;
}

/**
 * The columns that change from one day to the next without an event. They are null in the stored row, so that no day
 * writes it anew, and are computed from its other columns when it is read, as of now or of an earlier date.
 */
export type WhenRead = (row: Readonly<Record<string, Cell>>, at: Instant) => Readonly<Record<string, Cell>>;

/** The recorded events of an offer's, a campaign's or a party's stream, in any order, and the links that resolve references. */
export interface ReferenceSource {
  readonly events: readonly RecordedEvent[];
  readonly links: Context['links'];
}

/** What a table's rows belong to: engagements, the streams around them, groups (which rollups write), or flags (which hold them). */
export type Grain = 'engagement' | 'offer' | 'campaign' | 'party' | 'group' | 'flag';
export type ReferenceGrain = Exclude<Grain, 'engagement' | 'group' | 'flag'>;

export interface Table<Name extends string = string, Shape extends Shapes = Shapes> {
  readonly name: Name;
  readonly describes: string;
  readonly grain: Grain;
  readonly key: readonly string[];
  readonly columns: z.ZodObject<Shape, z.core.$strict>;
  readonly indexes: readonly TableIndex[];
  readonly reasonColumn?: string;
  readonly whenRead?: WhenRead;
  /** The columns by which a severity is shown; absent: the table has none. */
  readonly severity?: SeverityColumns;
}

export interface EngagementTable<Name extends string = string, Shape extends Shapes = Shapes>
  extends Table<Name, Shape> {
  readonly grain: 'engagement';
  readonly rows: (rowContext: RowContext) => readonly Row<Made<Shape>>[];
  /** The instants, past and future, at which time alone changes a row. */
  readonly turns: (rowContext: RowContext) => readonly (Instant | undefined)[];
}

export interface ReferenceTable<Name extends string = string, Shape extends Shapes = Shapes>
  extends Table<Name, Shape> {
  readonly grain: ReferenceGrain;
  readonly rows: (source: ReferenceSource) => readonly Row<Made<Shape>>[];
}

export interface GroupTable<Name extends string = string, Shape extends Shapes = Shapes, Part extends string = string>
  extends Table<Name, Shape> {
  readonly grain: 'group';
  /** Makes a row of the table, for the rollup that writes it. */
  readonly row: (made: MadeRow<Part, Made<Shape>>) => Row<Made<Shape>>;
}

/** A row's columns, as its table declares them. */
export type ColumnsOf<T extends Table> = z.output<T['columns']>;

/** The index of heads by the instant at which they change. Sweep reads it, across tenants. */
export const due: TableIndex<'dueShard' | 'nextDueAt'> = {
  name: 'due',
  columns: ['dueShard'],
  sort: 'nextDueAt',
  acrossTenants: true,
};

/** The index that every table has: the rows of one lead partner. */
export const byLeadPartner: TableIndex<'leadPartnerId'> = { name: 'byLeadPartner', columns: ['leadPartnerId'] };

type Engagements<Name extends string, Part extends string, Shape extends Shapes> = Declared<Name, Part, Shape> & {
  readonly grain: 'engagement';
  readonly rows: (rowContext: RowContext) => readonly MadeRow<Part, Made<Shape>>[];
  readonly turns: EngagementTable['turns'];
};
type References<Name extends string, Part extends string, Shape extends Shapes> = Declared<Name, Part, Shape> & {
  readonly grain: ReferenceGrain;
  readonly rows: (source: ReferenceSource) => readonly MadeRow<Part, Made<Shape>>[];
};
type Groups<Name extends string, Part extends string, Shape extends Shapes> = Declared<Name, Part, Shape> & {
  readonly grain: 'group';
};

const rowsIn =
  <Part extends string, Made extends object>(table: string, parts: readonly [Part, ...Part[]]) =>
  ({ key, columns }: MadeRow<Part, Made>): Row<Made> => {
    const [owner, ...others] = parts;
    return { table, rowKey: rowKeyOf(key[owner], ...others.map((part) => key[part])), columns };
  };

/**
 * Defines a table. The template's tables and indexes, grants, rows, the read API, a partner's view, exports and
 * documents derive from it by the catalog.
 */
export function defineTable<const Name extends string, const Part extends string, Shape extends Shapes>(
  declared: Engagements<Name, Part, Shape>,
): EngagementTable<Name, Shape>;
export function defineTable<const Name extends string, const Part extends string, Shape extends Shapes>(
  declared: References<Name, Part, Shape>,
): ReferenceTable<Name, Shape>;
export function defineTable<const Name extends string, const Part extends string, Shape extends Shapes>(
  declared: Groups<Name, Part, Shape>,
): GroupTable<Name, Shape, Part>;
export function defineTable<const Name extends string, const Part extends string, Shape extends Shapes>(
  declared: Engagements<Name, Part, Shape> | References<Name, Part, Shape> | Groups<Name, Part, Shape>,
): EngagementTable<Name, Shape> | ReferenceTable<Name, Shape> | GroupTable<Name, Shape, Part> {
  const columns = builtOnce(() => z.strictObject(declared.columns()));
  const row = rowsIn<Part, Made<Shape>>(declared.name, declared.key);
  switch (declared.grain) {
    case 'engagement':
      return {
        ...declared,
        get columns() {
          return columns();
        },
        rows: (rowContext: RowContext) => declared.rows(rowContext).map(row),
      };
    case 'offer':
    case 'campaign':
    case 'party':
      return {
        ...declared,
        get columns() {
          return columns();
        },
        rows: (source: ReferenceSource) => declared.rows(source).map(row),
      };
    case 'group':
      return {
        ...declared,
        get columns() {
          return columns();
        },
        row,
      };
    default:
      return declared satisfies never;
  }
}
