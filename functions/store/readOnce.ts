// What did the streams hold when we looked? Each is read once, consistently, however often it is asked for in one piece of work.
import type { CachedStreams, ReadStream } from './cachedStreams.ts';

export type StreamReads = Pick<CachedStreams, 'read'>;

/** A look through the cache: what it has read it does not read again. Whoever must see what came since looks anew. */
export const readOnce = (cache: StreamReads): StreamReads => {
  const seen = new Map<string, ReadStream>();
  return {
    read: async (streamIds) => {
      const wanted = [...streamIds];
      const unseen = wanted.filter((id) => !seen.has(id));
      if (unseen.length > 0) for (const [id, read] of await cache.read(unseen)) seen.set(id, read);
      return new Map(
        wanted.flatMap((id) => {
          const read = seen.get(id);
          return read === undefined ? [] : [[id, read] as const];
        }),
      );
    },
  };
};
