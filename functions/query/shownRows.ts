// What does a reader see of a table's rows, at the moment when they are read?
// All that answers rows calls it; it reads the table `arr_quartiles` where a severity depends on other engagements.
import { type TableName, tableNamed } from '../../domain/rows/catalog.ts';
import { type Compared, comparedIn, withSeverity } from '../../domain/rows/severityShown.ts';
import type { Table } from '../../domain/rows/table.ts';
import type { Instant } from '../../events/instant.ts';
import { callsAtOnce, inParallel } from '../aws/parallel.ts';
import type { Caller } from '../http/caller.ts';
import type { ReadRow } from './rowReader.ts';
import { rowWhenRead } from './rowWhenRead.ts';
import { rowFor } from './visibility/partnerView.ts';
import type { Thresholds } from './visibility/quartiles.ts';

export interface RowsRead {
  readonly table: TableName;
  readonly rows: readonly ReadRow[];
  /** Now, or the date that was asked for. */
  readonly at: Instant;
}

/** The span of the instants at which each group is compared. */
const spansOf = (compared: readonly (Compared | undefined)[]) =>
  [
    ...Map.groupBy(
      compared.filter((each) => each !== undefined),
      ({ group }) => group,
    ),
  ].map(([group, own]) => {
    const instants = own.map(({ at }) => at).sort();
    return { group, from: instants[0] ?? '', to: instants.at(-1) ?? '' };
  });

/** Rows that the reader may see so, with the severities that are shown: see `domain/rows/severityShown.ts`. */
export const withSeverities = async (
  thresholds: Thresholds,
  { table: name, rows, at }: RowsRead,
): Promise<readonly ReadRow[]> => {
  const table: Table | undefined = tableNamed(name);
  const columns = table?.severity;
  if (columns === undefined) return rows;
  const compared = rows.map((row) => comparedIn(columns, row, at));
  const found = await inParallel(spansOf(compared), callsAtOnce, async ({ group, ...span }) => {
    return [group, await thresholds(group, span)] as const;
  });
  const thresholdOf = new Map(found);
  return rows.map((row, index) => {
    const own = compared[index];
    const threshold = own === undefined ? null : (thresholdOf.get(own.group)?.(own.at) ?? null);
    return withSeverity(columns, row, { minor: own?.minor, threshold });
  });
};

/** Rows as they are shown to a reader: with what is computed when they are read, and without what it may not see. */
export const shownRows = async (
  thresholds: Thresholds,
  reader: Caller,
  { table, rows, at }: RowsRead,
): Promise<readonly ReadRow[]> =>
  await withSeverities(thresholds, {
    table,
    at,
    rows: rows.map((row) => rowFor(reader, table, rowWhenRead(table, row, at))),
  });
