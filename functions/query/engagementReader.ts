// What is an engagement now, or what was it at an earlier instant? Its rows as they stand, or computed again as of a date on either clock.
import { type Cuts, standing } from '../../domain/history.ts';
import type { TableName } from '../../domain/rows/catalog.ts';
import { tables } from '../../domain/rows/catalog.ts';
import { rowsOf } from '../../domain/rows/engagementRows.ts';
import type { Row } from '../../domain/rows/row.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { streamIdOf } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import { type LoadedContext, loadContext } from '../project/loadContext.ts';
import type { CachedStreams } from '../store/cachedStreams.ts';
import type { ReadRow, RowReader } from './rowReader.ts';

/** A date to look at, and the clock on which it counts: when things occurred, or when they were known. */
export interface AsOf {
  readonly at: Instant;
  readonly clock: 'occurred' | 'recorded';
}

/** The rows of one engagement by table, each table's in the order of their keys; the head is that of `engagements`. */
export type EngagementRows = Readonly<Partial<Record<TableName, readonly ReadRow[]>>>;

export interface EngagementReader {
  /** The head row as it stands; undefined where there is no such engagement. */
  head(tenantId: string, engagementId: string): Promise<ReadRow | undefined>;
  /** The rows of those tables as they stand. */
  current(tenantId: string, engagementId: string, of?: readonly TableName[]): Promise<EngagementRows>;
  /** The rows computed again by today's code as of a date; undefined where nothing was known of it by then. */
  asOf(tenantId: string, engagementId: string, asOf: AsOf): Promise<EngagementRows | undefined>;
  /** Its recorded events, in stream order; empty where there are none. */
  events(tenantId: string, engagementId: string): Promise<readonly RecordedEvent[]>;
  /** What surrounds these events now. */
  context(tenantId: string, events: readonly RecordedEvent[], now: Instant): Promise<LoadedContext>;
  /** The events of other streams that surround it, of any age. */
  around(basis: LoadedContext['basis']): Promise<readonly RecordedEvent[]>;
}

/** The tables whose rows belong to one engagement. */
export const tablesOfEngagement: readonly TableName[] = tables
  .map(({ name }) => name)
  .filter((name) => name !== 'parties' && name !== 'offers' && name !== 'campaigns');

const readable = (row: Row): ReadRow => ({ rowKey: row.rowKey, ...row.columns });

const byKey = (a: Row, b: Row): number => (a.rowKey < b.rowKey ? -1 : 1);

const cutsOf = ({ at, clock }: AsOf): Cuts =>
  clock === 'recorded' ? { recordedUntil: at, occurredUntil: at } : { occurredUntil: at };

const pageLength = 500;

/** Reads rows from the tables, and what was from the streams. */
export const createEngagementReader = ({
  rows,
  cache,
}: {
  readonly rows: RowReader;
  readonly cache: CachedStreams;
}): EngagementReader => {
  const eventsOf = async (tenantId: string, engagementId: string): Promise<readonly RecordedEvent[]> => {
    const stream = streamIdOf(tenantId, 'engagement', engagementId);
    return (await cache.read([stream])).get(stream)?.history.events ?? [];
  };

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

  const head: EngagementReader['head'] = (tenantId, engagementId) => rows.row('engagements', tenantId, engagementId);

  return {
    head,
    events: eventsOf,

    current: async (tenantId, engagementId, of = tablesOfEngagement) => {
      const found = of.map(async (table) => {
        if (table !== 'engagements') return [table, await rowsIn(table, tenantId, engagementId)] as const;
        const row = await head(tenantId, engagementId);
        return [table, row === undefined ? [] : [row]] as const;
      });
      return Object.fromEntries(await Promise.all(found));
    },

    asOf: async (tenantId, engagementId, asOf) => {
      const cuts = cutsOf(asOf);
      // What lies after the date is left out before the rows are made: they would wait for it.
      const events = standing({ events: await eventsOf(tenantId, engagementId) }, cuts);
      if (events.length === 0) return undefined;
      const { context } = await loadContext(cache, { tenantId, events, now: asOf.at, ...cuts });
      const computed = rowsOf({ events, context, now: asOf.at });
      const byTable = Map.groupBy([computed.head, ...computed.rows].sort(byKey), ({ table }) => table);
      return Object.fromEntries(tablesOfEngagement.map((table) => [table, (byTable.get(table) ?? []).map(readable)]));
    },

    context: (tenantId, events, now) => loadContext(cache, { tenantId, events, now }),

    around: async (basis) =>
      [...(await cache.read(Object.keys(basis))).values()].flatMap(({ history }) => history.events),
  };
};
