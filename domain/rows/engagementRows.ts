// Which rows does an engagement have at an instant? From its recorded events and context: what stands, the fold, the verdicts, the rows.
import type { RecordedEvent } from '../../events/catalog.ts';
import { parseStreamId } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import type { Context } from '../context/context.ts';
import { foldEngagement } from '../engagement/engagement.ts';
import { standing } from '../history.ts';
import { engagementTables } from './catalog.ts';
import { nextDueAt } from './nextDueAt.ts';
import type { Row } from './row.ts';
import { type RowContext, rowContextAt } from './rowContext.ts';

export interface EngagementSource {
  /** The events of the engagement's stream, at least one, in any order: all that are recorded, or those that stood by a date. */
  readonly events: readonly RecordedEvent[];
  readonly context: Context;
  readonly now: Instant;
}

/** An engagement as its rows see it. */
export interface EngagementView {
  readonly rowContext: RowContext;
  /** All that stands, also what lies ahead. */
  readonly stands: readonly RecordedEvent[];
}

export interface EngagementRows {
  /** The row of `engagements`: every engagement has one, also one whose facts all lie ahead. */
  readonly head: Row;
  /** Every other row, of all tables. */
  readonly rows: readonly Row[];
  /** When any of them next changes without a new fact; also in the head row. */
  readonly nextDueAt: Instant | undefined;
}

/**
 * Sees an engagement at an instant: what stands and has occurred by then, folded, with its verdicts; beside it all that
 * stands, also what lies ahead. StageEntered is left out: it follows from facts, and rows rest on facts alone. Throws on
 * no events (a bug: a stream without events has no rows).
 */
export const engagementViewOf = ({ events, context, now }: EngagementSource): EngagementView => {
  const streamId = events[0]?.streamId;
  if (streamId === undefined) throw new Error('rows of an engagement need at least one recorded event');
  const { tenantId, id } = parseStreamId(streamId);
  const stands = standing({ events }).filter(({ type }) => type !== 'StageEntered');
  const occurred = stands.filter((event) => event.occurredAt <= now);
  const engagement = { ...foldEngagement(occurred, now), streamId, tenantId, engagementId: id };
  return { rowContext: rowContextAt({ engagement, context, now }), stands };
};

/** The rows, each of a table and key of its own. Throws, with the row's id, where two share theirs (a bug of the domain). */
export const withOwnKeys = (rows: readonly Row[]): readonly Row[] => {
  const taken = new Set<string>();
  for (const { table, rowKey } of rows) {
    const id = `${table}|${rowKey}`;
    if (taken.has(id)) throw new Error(`two rows are ${id}: what tells them apart must stand in their key`);
    taken.add(id);
  }
  return rows;
};

/** The rows in a view. Throws on two rows of one key (a bug). */
export const rowsInView = ({ rowContext, stands }: EngagementView): EngagementRows => {
  const due = nextDueAt(rowContext, stands);
  const [head, ...rows] = engagementTables.flatMap((table) => table.rows({ ...rowContext, nextDueAt: due }));
  if (head === undefined) throw new Error('the first table of engagements gives no head row');
  return { head, rows: withOwnKeys(rows), nextDueAt: due };
};

/**
 * The rows of an engagement at `now`, the same whatever the order of arrival (laws 2 and 4). Throws on no events, and on
 * two rows of one key (bugs).
 */
export const rowsOf = (source: EngagementSource): EngagementRows => rowsInView(engagementViewOf(source));
