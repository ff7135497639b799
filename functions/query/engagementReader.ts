// Which rows does an engagement have, now or as of a date?
// The queries of one engagement and of a flag call it; it reads the projection tables, and streams through the cache.
import { type TableName, tables } from '../../domain/rows/catalog.ts';
import { rowsInView } from '../../domain/rows/engagementRows.ts';
import { flags } from '../../domain/rows/flags.ts';
import type { Row } from '../../domain/rows/row.ts';
import type { KnownIds } from '../intake/knownIds.ts';
import type { CachedStreams } from '../store/cachedStreams.ts';
import { type EngagementAsked, type EngagementAt, engagementAt } from './engagementAt.ts';
import type { ReadRow, RowReader } from './rowReader.ts';

/** The rows of one engagement by table, in the order of their keys; the head is the row of `engagements`. */
export type EngagementRows = Readonly<Partial<Record<TableName, readonly ReadRow[]>>>;

export interface EngagementReader {
  /** The current head row; undefined where there is no such engagement. */
  head(tenantId: string, engagementId: string): Promise<ReadRow | undefined>;
  /** The current rows of those tables. */
  current(tenantId: string, engagementId: string, of: readonly TableName[]): Promise<EngagementRows>;
  /** Which engagement or party a text names. */
  readonly known: KnownIds;
  /** The engagement in its streams, as one request sees it. */
  at(asked: EngagementAsked): EngagementAt;
}

/** The tables whose rows belong to one engagement. */
export const tablesOfEngagement: readonly TableName[] = tables
  .filter(({ grain }) => grain === 'engagement')
  .map(({ name }) => name);

const readable = (row: Row): ReadRow => ({ rowKey: row.rowKey, ...row.columns });

const byKey = (a: Row, b: Row): number => (a.rowKey < b.rowKey ? -1 : 1);

/** Every row as of a date, computed by today's code. */
export const rowsAt = async (at: EngagementAt): Promise<EngagementRows> => {
  const { head, rows } = rowsInView(await at.view());
  const byTable = Map.groupBy([head, ...rows].sort(byKey), ({ table }) => table);
  return Object.fromEntries(tablesOfEngagement.map((table) => [table, (byTable.get(table) ?? []).map(readable)]));
};

/** Only the rows of its flags, as of a date. */
export const flagsAt = async (at: EngagementAt): Promise<readonly ReadRow[]> =>
  flags.rows((await at.view()).rowContext).map(readable);

const pageLength = 500;

/** Reads current rows from the tables, and rows as of a date from the streams. */
export const createEngagementReader = ({
  rows,
  cache,
  known,
}: {
  readonly rows: RowReader;
  readonly cache: CachedStreams;
  readonly known: KnownIds;
}): EngagementReader => {
  const rowsIn = async (table: TableName, tenantId: string, engagementId: string): Promise<readonly ReadRow[]> => {
    const found: ReadRow[] = [];
    let after: string | undefined;
    do {
      const page = await rows.page({ table, tenantId, prefix: `${engagementId}#`, after, limit: pageLength });
      found.push(...page.rows);
      after = page.end;
    } while (after !== undefined);
    return found;
  };

  return {
    known,
    head: (tenantId, engagementId) => rows.row('engagements', tenantId, engagementId),
    current: async (tenantId, engagementId, of) =>
      Object.fromEntries(
        await Promise.all(of.map(async (table) => [table, await rowsIn(table, tenantId, engagementId)] as const)),
      ),
    at: (asked) => engagementAt(cache, asked),
  };
};
