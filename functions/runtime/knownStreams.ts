// Which streams does this process know already? Their histories with the tips they reach, the least recently used forgotten first.
import { extend, type History, historyOf } from '../../domain/history.ts';
import type { Loaded, Tip } from './eventStore.ts';

export interface KnownStream {
  readonly history: History;
  readonly tip: Tip;
}

export interface KnownStreams {
  get(streamId: string): KnownStream | undefined;
  /** Adds what came after `known` (nothing known: the whole stream) and keeps the furthest that was seen. */
  put(streamId: string, known: KnownStream | undefined, after: Loaded): KnownStream;
}

/** A cache of at most `capacity` streams. */
export const createKnownStreams = (capacity: number): KnownStreams => {
  const streams = new Map<string, KnownStream>();

  const keep = (streamId: string, known: KnownStream): void => {
    streams.delete(streamId);
    streams.set(streamId, known);
    const oldest = streams.keys().next();
    if (streams.size > capacity && oldest.done !== true) streams.delete(oldest.value);
  };

  return {
    get: (streamId) => {
      const known = streams.get(streamId);
      if (known !== undefined) keep(streamId, known);
      return known;
    },

    put: (streamId, known, { events, tip }) => {
      const history = known === undefined ? historyOf(events) : extend(known.history, events);
      const seen = streams.get(streamId);
      // Of two calls that overlap, the slower one must not take the stream back.
      if (seen === undefined || seen.tip.version <= tip.version) keep(streamId, { history, tip });
      return { history, tip };
    },
  };
};
