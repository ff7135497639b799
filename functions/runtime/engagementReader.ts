// What is an engagement now, or what was it at an earlier instant? Its rows as they stand, or computed again as of a date on either clock.
import { type Cuts, standing } from '../../domain/history.ts';
import { tables } from '../../domain/rows/catalog.ts';
import { rowsOf } from '../../domain/rows/engagementRows.ts';
import type { Row, TableName } from '../../domain/rows/row.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { streamIdOf } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import { loadContext } from './projectionContext.ts';
import type { ReadRow, RowReader } from './rowReader.ts';
import type { StreamCache } from './streamCache.ts';

/** A date to look at, and the clock on which it counts: when things occurred, or when they were known. */
export interface AsOf {
  readonly at: Instant;
  readonly clock: 'occurred' | 'recorded';
}

/** Every row of one engagement, by table. */
export type EngagementRows = Readonly<Partial<Record<TableName, readonly ReadRow[]>>>;

export interface EngagementReader {
  /** The rows as they stand; undefined where there is no such engagement. */
  current(tenantId: string, engagementId: string): Promise<EngagementRows | undefined>;
  /** The rows computed again by today's code as of a date; undefined where nothing was known of it by then. */
  asOf(tenantId: string, engagementId: string, asOf: AsOf): Promise<EngagementRows | undefined>;
  /** Its recorded events, in stream order; empty where there are none. */
  events(tenantId: string, engagementId: string): Promise<readonly RecordedEvent[]>;
}

const ofEngagement: readonly TableName[] = tables
  .map(({ name }) => name)
  .filter((name) => name !== 'parties' && name !== 'offers' && name !== 'campaigns');

const readable = (row: Row): ReadRow => ({ rowKey: row.rowKey, ...row.columns });

const cutsOf = ({ at, clock }: AsOf): Cuts =>
  clock === 'recorded' ? { recordedUntil: at, occurredUntil: at } : { occurredUntil: at };

/** Reads rows from the tables, and what was from the streams. */
export const createEngagementReader = ({
  rows,
  cache,
}: {
  readonly rows: RowReader;
  readonly cache: StreamCache;
}): EngagementReader => {
  const eventsOf = async (tenantId: string, engagementId: string): Promise<readonly RecordedEvent[]> => {
    const stream = streamIdOf(tenantId, 'engagement', engagementId);
    return (await cache.read([stream])).get(stream)?.history.events ?? [];
  };

  return {
    current: async (tenantId, engagementId) => {
      const head = await rows.row('engagements', tenantId, engagementId);
      if (head === undefined) return undefined;
      const others = await Promise.all(
        ofEngagement
          .filter((table) => table !== 'engagements')
          .map(async (table) => {
            const found: ReadRow[] = [];
            let after: Readonly<Record<string, string>> | undefined;
            do {
              const page = await rows.page({ table, tenantId, prefix: `${engagementId}#`, after, limit: 500 });
              found.push(...page.rows);
              after = page.end;
            } while (after !== undefined);
            return [table, found] as const;
          }),
      );
      return { engagements: [head], ...Object.fromEntries(others) };
    },

    asOf: async (tenantId, engagementId, asOf) => {
      const events = await eventsOf(tenantId, engagementId);
      const cuts = cutsOf(asOf);
      if (standing({ events }, cuts).length === 0) return undefined;
      const { context } = await loadContext(cache, {
        tenantId,
        events,
        now: asOf.at,
        recordedUntil: cuts.recordedUntil,
      });
      const { head, rows: others } = rowsOf({ events, context, now: asOf.at, cuts });
      const byTable = Map.groupBy([head, ...others], (row) => row.table);
      return Object.fromEntries([...byTable].map(([table, found]) => [table, found.map(readable)]));
    },

    events: eventsOf,
  };
};
