// What does a table declare whose rows nobody stores: they are made of another table's rows when somebody reads them?
import * as z from 'zod';
import { builtOnce } from '../../events/builtOnce.ts';
import type { Cell } from './row.ts';
import type { Columns, Shapes, Table } from './table.ts';

type Cells = Readonly<Record<string, Cell>>;

/** A row as it is read: its key, and its cells. */
export type DerivedRow<Column extends string = string> = Readonly<Record<Column | 'rowKey', Cell>>;

export interface DerivedTable<Name extends string = string, Shape extends Shapes = Shapes> extends Table<Name, Shape> {
  readonly grain: 'flag';
  /** None: the rows are found by those of the other table. */
  readonly indexes: readonly [];
  /**
   * The rows that a row of the other table holds, in order. It is given that row as the reader sees it, so that no reader finds here
   * what is hidden there.
   */
  readonly rowsIn: (row: Cells) => readonly DerivedRow[];
}

/** Defines such a table. The read API, exports and documents derive from it by the catalog; nothing is projected. */
export const defineDerivedTable = <const Name extends string, Declare extends () => Shapes>(
  declared: Omit<DerivedTable<Name>, 'grain' | 'indexes' | 'columns' | 'rowsIn'> & {
    readonly columns: Declare;
    readonly rowsIn: (row: Cells) => readonly DerivedRow<Extract<keyof Columns<Declare>, string>>[];
  },
): DerivedTable<Name> => {
  const columns = builtOnce(() => z.strictObject(declared.columns()));
  return {
    ...declared,
    grain: 'flag',
    indexes: [],
    get columns() {
      return columns();
    },
  };
};
