// Which rows of an engagement fit into one answer, and where do the next rows begin?
import type { TableName } from '../../domain/rows/catalog.ts';
import { type EngagementRows, tablesOfEngagement } from './engagementReader.ts';
import { fitting, type PagePlace } from './pageSize.ts';
import type { ReadRow } from './rowReader.ts';

export interface EngagementPage {
  readonly head: ReadRow | null;
  /** Every other table, with its rows on this page. */
  readonly tables: Readonly<Partial<Record<TableName, readonly ReadRow[]>>>;
  /** The cursor of the next page; undefined on the last. */
  readonly cursor: string | undefined;
}

interface PlacedRow {
  readonly table: TableName;
  readonly row: ReadRow;
  /** Where the row stands among all rows: by table, then by key. */
  readonly place: string;
}

const tablesBesideHead = tablesOfEngagement.filter((table) => table !== 'engagements');

/** A row's key begins with its engagement's id. The place leaves the id out, to be short enough for a cursor. */
const placeIn = (table: TableName, id: string, { rowKey }: ReadRow): string =>
  `${table}${String(rowKey).slice(id.length)}`;

/** The head, and the other rows from a place on. Every page holds the head, and the head counts for the page's size. */
export const engagementPage = (
  id: string,
  rows: EngagementRows,
  { after = '', cursorAt }: PagePlace,
): EngagementPage => {
  const head = rows.engagements?.[0] ?? null;
  const placed = tablesBesideHead
    .flatMap((table) => (rows[table] ?? []).map((row): PlacedRow => ({ table, row, place: placeIn(table, id, row) })))
    .filter(({ place }) => place > after)
    .sort((a, b) => (a.place < b.place ? -1 : 1));
  const beside = fitting([head, ...placed.map(({ row }) => row)].map((row) => JSON.stringify(row))) - 1;
  const shown = placed.slice(0, Math.max(beside, 1));
  const end = shown.length < placed.length ? shown.at(-1)?.place : undefined;
  const byTable = Map.groupBy(shown, ({ table }) => table);
  return {
    head,
    tables: Object.fromEntries(
      tablesBesideHead.map((table) => [table, (byTable.get(table) ?? []).map(({ row }) => row)]),
    ),
    cursor: end === undefined ? undefined : cursorAt(end),
  };
};
