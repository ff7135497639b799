// What has a connection still to read again? The reconciliations that its source asked for.
import type { RecordedEvent, RecordedOf } from '../events/catalog.ts';

/** The reconciliations requested, in fold order. */
export const foldSource = (events: readonly RecordedEvent[]): readonly RecordedOf<'ReconciliationRequested'>[] =>
  events.filter((event) => event.type === 'ReconciliationRequested');
