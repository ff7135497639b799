// Which streams does this process hold in memory, within a budget of bytes?
import { LRUCache } from 'lru-cache';
import { extend, type History, historyOf } from '../../domain/history.ts';
import type { Loaded, Tip } from './eventStore.ts';

export interface KnownStream {
  readonly history: History;
  readonly tip: Tip;
  /** The bytes of the text of its commits. */
  readonly bytes: number;
}

export interface HistoryCache {
  get(streamId: string): KnownStream | undefined;
  /**
   * Adds the events after `known` (absent: the whole stream), and keeps the longest history of the stream that it has seen. A
   * stream larger than the whole budget is not kept.
   */
  put(streamId: string, known: KnownStream | undefined, after: Loaded): KnownStream;
  /** The memory in use, in bytes, as it is estimated. */
  keptBytes(): number;
}

/** Events with their indexes take up to twice the bytes of their text; each stream adds about 1,000 bytes. */
const memoryOf = ({ bytes }: KnownStream): number => 1_000 + 2 * bytes;

/** A cache of at most `budgetBytes`. */
export const createHistoryCache = (budgetBytes: number): HistoryCache => {
  const streams = new LRUCache<string, KnownStream>({ maxSize: budgetBytes, sizeCalculation: memoryOf });

  return {
    get: (streamId) => streams.get(streamId),

    put: (streamId, known, { events, tip, bytes }) => {
      const reached = {
        history: known === undefined ? historyOf(events) : extend(known.history, events),
        tip,
        bytes: (known?.bytes ?? 0) + bytes,
      };
      const seen = streams.get(streamId);
      // Where two calls overlap, the slower one must not replace a longer history.
      if (seen === undefined || seen.tip.version <= tip.version) streams.set(streamId, reached);
      return reached;
    },

    keptBytes: () => streams.calculatedSize,
  };
};
