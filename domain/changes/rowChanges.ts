// In which rows do two dates differ, and in which of their columns?
import { canonicalJson } from '../../events/identifiers.ts';
import type { Cell } from '../rows/row.ts';

/** A row by its key, as a reader sees it. */
export type KeyedRow = Readonly<Record<string, Cell>> & { readonly rowKey: Cell };

/** A column's cells at the two dates. */
export type ColumnChange = { readonly from: Cell; readonly to: Cell };

export interface RowChange {
  readonly rowKey: string;
  /** `added`: there is no such row at the earlier date; `removed`: none at the later one. */
  readonly change: 'added' | 'removed' | 'changed';
  /** The columns that differ; empty where the row was added or removed. */
  readonly columns: Readonly<Record<string, ColumnChange>>;
  /** The row at the later date, or as it was before it was removed. */
  readonly row: KeyedRow;
}

/** Columns that say by what a row was computed, and nothing about the engagement: a row that differs in these alone is the same. */
const bookkeeping: ReadonlySet<string> = new Set(['lastEventId', 'policyVersion', 'nextDueAt', 'dueShard']);

const differing = (from: KeyedRow, to: KeyedRow): Readonly<Record<string, ColumnChange>> =>
  Object.fromEntries(
    [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((column) => {
      const change: ColumnChange = { from: from[column] ?? null, to: to[column] ?? null };
      const same = bookkeeping.has(column) || canonicalJson(change.from) === canonicalJson(change.to);
      return same ? [] : [[column, change] as const];
    }),
  );

const byKey = (rows: readonly KeyedRow[]): ReadonlyMap<string, KeyedRow> =>
  new Map(rows.map((row) => [String(row.rowKey), row]));

/** What differs between the rows of one table at two dates, in the order of their keys. */
export const rowChanges = (from: readonly KeyedRow[], to: readonly KeyedRow[]): readonly RowChange[] => {
  const [before, after] = [byKey(from), byKey(to)];
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((rowKey): readonly RowChange[] => {
    const [was, is] = [before.get(rowKey), after.get(rowKey)];
    if (is === undefined) return was === undefined ? [] : [{ rowKey, change: 'removed', columns: {}, row: was }];
    if (was === undefined) return [{ rowKey, change: 'added', columns: {}, row: is }];
    const columns = differing(was, is);
    return Object.keys(columns).length === 0 ? [] : [{ rowKey, change: 'changed', columns, row: is }];
  });
};

const idsIn = (cell: Cell | undefined, found: Set<string>): void => {
  if (typeof cell === 'string') found.add(cell);
  else if (Array.isArray(cell)) for (const each of cell) idsIn(each, found);
  else if (typeof cell === 'object' && cell !== null) for (const each of Object.values(cell)) idsIn(each, found);
};

/** Of these event ids, those that a changed row cites, at either date. */
export const citedBy = ({ columns, row }: RowChange, eventIds: readonly string[]): readonly string[] => {
  const found = new Set<string>();
  for (const cell of Object.values(row)) idsIn(cell, found);
  for (const { from } of Object.values(columns)) idsIn(from, found);
  return eventIds.filter((id) => found.has(id));
};
