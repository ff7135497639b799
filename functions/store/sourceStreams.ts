// Which streams do the connections of a tenant have?
// The cache of streams calls it; it reads the shard index of the events table, and remembers what it found.
import { parseStreamId } from '../../events/identifiers.ts';
import type { EventStore } from './eventStore.ts';
import { type WalkPlace, walkPage, walkStart } from './streamPages.ts';

export interface SourceStreams {
  /** The streams of the tenant's connections, as the index knew them a minute ago at most, and those that this process has heard of. */
  of(tenantId: string): Promise<readonly string[]>;
  /** Adds a stream that this process has heard of, if it is a connection's. */
  heard(streamId: string): void;
}

export interface SourceStreamsSettings {
  readonly store: Pick<EventStore, 'streams'>;
  /** Milliseconds of any clock that never stands still. */
  readonly time?: () => number;
}

/** How long a listing is used. Streams never go, so an old listing lacks at most the first silence of a connection, which sweep follows twice. */
const listedFor = 60_000;
const pageSize = 1_000;

interface Known {
  readonly streams: Set<string>;
  listedAt: number | undefined;
  listing: Promise<void> | undefined;
}

export const createSourceStreams = ({
  store,
  time = () => performance.now(),
}: SourceStreamsSettings): SourceStreams => {
  const byTenant = new Map<string, Known>();

  const knownOf = (tenantId: string): Known => {
    const known = byTenant.get(tenantId) ?? { streams: new Set(), listedAt: undefined, listing: undefined };
    byTenant.set(tenantId, known);
    return known;
  };

  const list = async (tenantId: string, known: Known): Promise<void> => {
    const listedAt = time();
    const walk = { store, kinds: ['source'] as const, pageSize, prefix: `${tenantId}/source/` };
    for (let from: WalkPlace | undefined = walkStart(walk.kinds); from !== undefined; ) {
      const page = await walkPage(walk, from);
      for (const stream of page.streams) known.streams.add(stream);
      from = page.next;
    }
    known.listedAt = listedAt;
  };

  return {
    of: async (tenantId) => {
      const known = knownOf(tenantId);
      if (known.listedAt === undefined || time() - known.listedAt >= listedFor) {
        known.listing ??= list(tenantId, known).finally(() => {
          known.listing = undefined;
        });
        await known.listing;
      }
      return [...known.streams].sort();
    },
    heard: (streamId) => {
      const { tenantId, kind } = parseStreamId(streamId);
      if (kind === 'source') knownOf(tenantId).streams.add(streamId);
    },
  };
};
