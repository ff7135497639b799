// Which row of its table does a stored item hold?
import { convertToNative } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { type ColumnsNamed, type TableName, tableNamed } from '../../domain/rows/catalog.ts';
import type { Cell } from '../../domain/rows/row.ts';
import type { Table } from '../../domain/rows/table.ts';
import type { Item } from '../aws/batchGet.ts';

/**
 * A row of a table as it is read. Any column may be null: an older release may have written the row, and a partner gets null
 * where it may not see a value.
 */
export type RowOf<Name extends TableName> = {
  readonly [Column in keyof ColumnsNamed<Name>]: ColumnsNamed<Name>[Column] | null;
} & { readonly rowKey: string };

type Cells = Readonly<Record<string, Cell>>;

interface Column {
  readonly name: string;
  readonly schema: z.ZodType<Cell>;
  /** What stands for the column where the item lacks it. Nulls are not stored, so an item lacks many. */
  readonly absent: Cell;
}

const parsedBy = (schema: z.ZodType<Cell>, cell: Cell | undefined): Cell => {
  const parsed = z.safeParse(schema, cell);
  return parsed.success ? (parsed.data ?? null) : null;
};

const columnsKnown = new Map<string, readonly Column[]>();

const columnsIn = ({ name: table, columns }: Table): readonly Column[] => {
  const known = columnsKnown.get(table);
  if (known !== undefined) return known;
  const made = Object.entries(columns.shape).map(
    ([name, schema]): Column => ({ name, schema, absent: parsedBy(schema, undefined) }),
  );
  columnsKnown.set(table, made);
  return made;
};

/** Each column by itself, with null where it is of another type. */
const oneByOne = (columns: readonly Column[], cells: Cells): Cells =>
  Object.fromEntries(columns.map(({ name, schema }) => [name, parsedBy(schema, cells[name])]));

/**
 * An item as a row of its table: each column that the table declares, with null where it is absent or of another type (another
 * release may have written it). What else the item holds, such as the state of a head, is not looked at. All columns are parsed at
 * once, for which zod has one compiled function, and one by one where that fails; TypeScript can't follow this, so this parser has
 * one cast.
 */
export const readRow = <Name extends TableName>(name: Name, item: Item): RowOf<Name> => {
  const table: Table | undefined = tableNamed(name);
  const columns = table === undefined ? [] : columnsIn(table);
  const cells: Record<string, Cell> = {};
  for (const column of columns) {
    const stored = item[column.name];
    cells[column.name] = stored === undefined ? column.absent : convertToNative(stored);
  }
  const whole = table?.columns.safeParse(cells);
  return { rowKey: item.rowKey?.S ?? '', ...(whole?.data ?? oneByOne(columns, cells)) } as RowOf<Name>;
};
