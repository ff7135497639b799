// When does any row of an engagement next change without a new fact? At the earliest turn that a table, the context or a dated fact names.
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import { engagementTables } from './catalog.ts';
import type { RowContext } from './rowContext.ts';

/**
 * The earliest instant after now (decision 12): a turn of any table, a turn of the context, a fact dated ahead. `events`
 * are all that stand, also those ahead. Undefined where there is none.
 */
export const nextDueAt = (rowContext: RowContext, events: readonly RecordedEvent[]): Instant | undefined => {
  const instants = [
    ...engagementTables.flatMap(({ turns }) => turns(rowContext)),
    ...rowContext.context.turns,
    ...events.map((event) => event.occurredAt),
  ];
  return instants.reduce<Instant | undefined>(
    (next, at) => (at !== undefined && at > rowContext.now && (next === undefined || at < next) ? at : next),
    undefined,
  );
};
