// What do streams hold for one piece of work, which reads each of them once?
// The projector and the queries of one engagement call it; it reads streams through their cache.
import type { CachedStreams, ReadStream } from './cachedStreams.ts';

export type StreamReads = Pick<CachedStreams, 'read' | 'sourceStreams'>;

/** Reads of the cache in which a stream that can't be read to its end counts as far as it goes. */
export const asFar = (cache: Pick<CachedStreams, 'readAsFar' | 'sourceStreams'>): StreamReads => ({
  read: cache.readAsFar,
  sourceStreams: cache.sourceStreams,
});

/** A view of the cache that reads each stream once. A caller that must see later commits makes a new view. */
export const readOnce = (cache: StreamReads): StreamReads => {
  const seen = new Map<string, ReadStream>();
  return {
    sourceStreams: cache.sourceStreams,
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
