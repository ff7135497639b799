// Which rows do engagements give on the second level? What their rows feed, gathered group by group, through every rollup.
import type { Context } from '../../domain/context/context.ts';
import { rollups } from '../../domain/rollups/catalog.ts';
import type { Contribution, Fed, GroupRows, Rollup } from '../../domain/rollups/rollup.ts';
import { rowsOf } from '../../domain/rows/engagementRows.ts';
import type { Row } from '../../domain/rows/row.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { parseStreamId } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import { contextOf } from './contexts.ts';
import { instant, stream, tenantId } from './histories/events.ts';

/** What came to a group, in the order in which it came. */
export type Arrival = (fed: readonly Fed<unknown>[]) => readonly Fed<unknown>[];

export interface RolledUp {
  /** Rows of both levels. */
  readonly rows: readonly Row[];
  /** When each group of each rollup next changes by itself. */
  readonly due: readonly (Instant | undefined)[];
  /** What was fed, by rollup and group. */
  readonly fed: ReadonlyMap<string, readonly Fed<unknown>[]>;
}

/** As it is kept and read again. */
const stored = (data: unknown): unknown => JSON.parse(JSON.stringify(data));

type Owners = ReadonlyMap<string, readonly Row[]>;

const fedBy = (rollup: Rollup, owners: Owners): ReadonlyMap<string, readonly Fed<unknown>[]> => {
  const contributed = [...owners].flatMap(([owner, rows]) =>
    rollup.contribute(rows).map((contribution: Contribution) => ({ owner, contribution })),
  );
  const byGroup = Map.groupBy(contributed, ({ contribution }) => contribution.group);
  return new Map(
    [...byGroup].map(([group, fed]) => [
      group,
      fed.map(({ owner, contribution: { part, data } }) => ({ owner, part, data: stored(data) })),
    ]),
  );
};

/** Rolls up the rows of owners, each rollup at `now`. */
export const rollUp = (owners: Owners, now: Instant, arrive: Arrival = (fed) => fed): RolledUp => {
  const all = new Map(owners);
  const due: (Instant | undefined)[] = [];
  const allFed = new Map<string, readonly Fed<unknown>[]>();
  for (const rollup of rollups) {
    for (const [group, fed] of fedBy(rollup, all)) {
      const made: GroupRows = rollup.rowsOf({ tenantId, group, fed: arrive(fed), now });
      all.set(`${rollup.name} ${group}`, made.rows);
      due.push(made.nextDueAt);
      allFed.set(`${rollup.name} ${group}`, fed);
    }
  }
  return { rows: [...all.values()].flat(), due, fed: allFed };
};

/** The rows of engagements by their ids, given the events of all of them. */
export const engagementsAt = (now: string, events: readonly RecordedEvent[], context: Context = contextOf()): Owners =>
  new Map(
    [...Map.groupBy(stream(events), ({ streamId }) => streamId)].map(([streamId, own]) => {
      const { head, rows } = rowsOf({ events: own, context, now: instant(now) });
      return [parseStreamId(streamId).id, [head, ...rows]];
    }),
  );

/** The columns of a table's rows at an instant, by row key, given events of any engagements. */
export const monthsAt = (
  table: string,
  now: string,
  events: readonly RecordedEvent[],
  context?: Context,
): ReadonlyMap<string, Row['columns']> =>
  new Map(
    rollUp(engagementsAt(now, events, context), instant(now))
      .rows.filter((row) => row.table === table)
      .map(({ rowKey, columns }) => [rowKey, columns]),
  );
