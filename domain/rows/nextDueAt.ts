// When does any row of an engagement next change without a new fact?
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import { outageTurns } from '../context/outages.ts';
import { engagementTables } from './catalog.ts';
import type { RowContext } from './rowContext.ts';

/**
 * The earliest instant after now that a table's turns, the context's turns, its outages or a fact dated ahead name. `events` are all
 * standing events, also those dated ahead. Undefined if there is no such instant.
 */
export const nextDueAt = (rowContext: RowContext, events: readonly RecordedEvent[]): Instant | undefined => {
  const instants = [
    ...engagementTables.flatMap(({ turns }) => turns(rowContext)),
    ...rowContext.context.turns,
    ...outageTurns(rowContext.context.outages),
    ...events.map((event) => event.occurredAt),
  ];
  return instants.reduce<Instant | undefined>(
    (next, at) => (at !== undefined && at > rowContext.now && (next === undefined || at < next) ? at : next),
    undefined,
  );
};
