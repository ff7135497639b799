// Which streams does this process know already? Their histories with the tips they reach, within so many bytes; the least recently used go first.
import { LRUCache } from 'lru-cache';
import { extend, type History, historyOf } from '../../domain/history.ts';
import type { Loaded, Tip } from './eventStore.ts';

export interface KnownStream {
  readonly history: History;
  readonly tip: Tip;
  /** Of the text of its commits. */
  readonly bytes: number;
}

export interface HistoryCache {
  get(streamId: string): KnownStream | undefined;
  /**
   * Adds what came after `known` (nothing known: the whole stream) and keeps the furthest that was seen. A stream of more
   * than the whole budget is not kept.
   */
  put(streamId: string, known: KnownStream | undefined, after: Loaded): KnownStream;
  /** What is kept, in bytes of memory, as it is reckoned. */
  keptBytes(): number;
}

/** Events with their indexes take up to twice the bytes of their text, and a stream some more around them. */
const memoryOf = ({ bytes }: KnownStream): number => 1_000 + 2 * bytes;

/** A cache of at most so many bytes. */
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
      // Of two calls that overlap, the slower one must not take the stream back.
      if (seen === undefined || seen.tip.version <= tip.version) streams.set(streamId, reached);
      return reached;
    },

    keptBytes: () => streams.calculatedSize,
  };
};
