// Which list of events is the beginning of a longer one, so that what is known of that one needn't be found again?
import type { RecordedEvent } from '../events/catalog.ts';
import type { Instant } from '../events/instant.ts';

/** The longer list, and the last instant of which events were kept. */
export interface Cut {
  readonly from: readonly RecordedEvent[];
  readonly at: Instant;
}

const cuts = new WeakMap<readonly RecordedEvent[], Cut>();

/** Notes that a list is another one up to an instant. Both are in fold order, and neither changes. */
export const noteCut = (events: readonly RecordedEvent[], cut: Cut): void => {
  cuts.set(events, cut);
};

/** What a list was cut from; undefined for a list of its own. */
export const cutOf = (events: readonly RecordedEvent[]): Cut | undefined => cuts.get(events);
