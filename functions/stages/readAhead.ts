// How does a stage learn in few calls what others have written to the streams of a batch?
// The stage handler calls it before it records facts; it reads the events table through the event store.
import type { Fact } from '../../events/catalog.ts';
import { type EventStore, emptyTip, type Tip } from '../store/eventStore.ts';
import type { HistoryCache, KnownStream } from '../store/historyCache.ts';

export interface ReadAheadSettings {
  readonly store: Pick<EventStore, 'loadMany'>;
  /** The cache of `recordFacts`. */
  readonly cache: HistoryCache;
}

/** Brings the cached streams of facts up to date, all with the same calls. */
export type ReadAhead = (facts: readonly Fact[]) => Promise<void>;

/**
 * Each stage and record write to the same streams, so that a cached stream is often old. Decided on what is old, a fact costs a
 * refused put and a read. A fact that its cached stream holds already needs no read. A stream that can't be read is left as it is.
 */
export const createReadAhead =
  ({ store, cache }: ReadAheadSettings): ReadAhead =>
  async (facts) => {
    const before = new Map<string, KnownStream | undefined>();
    for (const fact of facts) {
      const known = cache.get(fact.streamId);
      if (known === undefined || known.history.saying(fact).length === 0) before.set(fact.streamId, known);
    }
    const tips = new Map([...before].map(([stream, known]): [string, Tip] => [stream, known?.tip ?? emptyTip]));
    if (tips.size === 0) return;
    for (const [stream, after] of await store.loadMany(tips)) {
      const known = before.get(stream);
      if (known === undefined || after.events.length > 0) cache.put(stream, known, after);
    }
  };
