// Which events does a stream hold now, by a cache that one batch read brings up to date?
// The projector, the query handlers and the record handler call it; it reads the events table.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { historyOf } from '../../domain/history.ts';
import { batchGet, batchKeys } from '../aws/batchGet.ts';
import { type Commit, hashOf } from './commit.ts';
import { type EventStore, emptyTip, type Tip } from './eventStore.ts';
import { createHistoryCache, type KnownStream } from './historyCache.ts';
import { BrokenStream, follow } from './readCommits.ts';
import { createSourceStreams } from './sourceStreams.ts';

/** A stream as it was read: its history and its tip (version 0 for an empty stream). */
export interface ReadStream extends Pick<KnownStream, 'history' | 'tip'> {
  /** Why the rest of the stream can't be read; only `readAsFar` answers such a stream. */
  readonly broken?: BrokenStream;
}

/** Returns those streams that hold a commit after the given tip, read consistently. */
export type Grown = (tips: ReadonlyMap<string, Tip>) => Promise<ReadonlySet<string>>;

export interface GrownSettings {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly random: () => number;
}

const keyAttributes = {
  ProjectionExpression: '#stream, version',
  // `stream` is a reserved word of DynamoDB.
  ExpressionAttributeNames: { '#stream': 'stream' },
};

interface NextCommit {
  readonly stream: string;
  readonly version: number;
}

const nameOf = ({ stream, version }: NextCommit): string => `${version}@${stream}`;

/** Returns those of the commits that exist. */
const existing = async (
  { client, table, random }: GrownSettings,
  commits: readonly NextCommit[],
): Promise<ReadonlySet<string>> => {
  const found = new Set<string>();
  for (let start = 0; start < commits.length; start += batchKeys) {
    const keys = commits
      .slice(start, start + batchKeys)
      .map(({ stream, version }) => ({ stream: { S: stream }, version: { N: String(version) } }));
    for (const { stream, version } of await batchGet({ client, table, keys, only: keyAttributes, random })) {
      if (stream?.S !== undefined) found.add(nameOf({ stream: stream.S, version: Number(version?.N) }));
    }
  }
  return found;
};

/**
 * Asks DynamoDB for the commit that would follow each tip. One call covers a hundred streams, and it returns nothing for a
 * stream without a new commit, as most are. Callers that ask at the same time share the calls.
 */
export const createGrown = (settings: GrownSettings): Grown => {
  let gathering: { readonly wanted: Map<string, NextCommit>; readonly found: Promise<ReadonlySet<string>> } | undefined;

  const begin = () => {
    const wanted = new Map<string, NextCommit>();
    const found = new Promise((resolve) => setImmediate(resolve)).then(() => {
      gathering = undefined;
      return existing(settings, [...wanted.values()]);
    });
    return { wanted, found };
  };

  return async (tips) => {
    const asked = [...tips].map(([stream, tip]): NextCommit => ({ stream, version: tip.version + 1 }));
    if (asked.length === 0) return new Set();
    gathering ??= begin();
    const { wanted, found } = gathering;
    for (const commit of asked) wanted.set(nameOf(commit), commit);
    const there = await found;
    return new Set(asked.filter((commit) => there.has(nameOf(commit))).map(({ stream }) => stream));
  };
};

export interface CachedStreams {
  /** The streams with all events that they hold now, read consistently. Throws `BrokenStream` where one can't be read to its end. */
  read(streamIds: Iterable<string>): Promise<ReadonlyMap<string, ReadStream>>;
  /** The same, but a stream that can't be read to its end has the events before its fault, and names the fault. */
  readAsFar(streamIds: Iterable<string>): Promise<ReadonlyMap<string, ReadStream>>;
  /** The streams of the tenant's connections, which say when these were silent. */
  sourceStreams(tenantId: string): Promise<readonly string[]>;
  /** Adds a commit from the table's stream to the cache, if it directly follows the cached tip. This saves a query. */
  offer(commit: Pick<Commit, 'stream' | 'version' | 'text' | 'hash'>): void;
}

export interface CachedStreamsSettings {
  readonly store: EventStore;
  readonly grown: Grown;
  /** How many bytes of streams the cache holds; the least recently read stream leaves first. */
  readonly budgetBytes?: number;
}

const nothing = (): ReadStream => ({ history: historyOf([]), tip: emptyTip });

/** A cache over the store; it never returns an older state than that at the time of the call. */
export const createCachedStreams = ({
  store,
  grown,
  budgetBytes = 256 * 1024 ** 2,
}: CachedStreamsSettings): CachedStreams => {
  const streams = createHistoryCache(budgetBytes);
  const sources = createSourceStreams({ store });

  const load = async (streamId: string): Promise<ReadStream> => {
    const known = streams.get(streamId);
    try {
      const after = await store.load(streamId, known?.tip);
      return after.events.length === 0 ? (known ?? nothing()) : streams.put(streamId, known, after);
    } catch (error) {
      if (!(error instanceof BrokenStream)) throw error;
      const { before } = error;
      const kept = before.events.length === 0 ? (known ?? nothing()) : streams.put(streamId, known, before);
      return { history: kept.history, tip: kept.tip, broken: error };
    }
  };

  const readAsFar: CachedStreams['readAsFar'] = async (streamIds) => {
    const wanted = [...new Set(streamIds)];
    // A stream that is not cached counts as empty: most streams that an engagement names are empty.
    const before = new Map(wanted.map((id) => [id, streams.get(id) ?? nothing()] as const));
    const stale = await grown(new Map([...before].map(([id, { tip }]) => [id, tip])));
    const reads = [...before].map(async ([id, known]) => [id, stale.has(id) ? await load(id) : known] as const);
    return new Map(await Promise.all(reads));
  };

  return {
    sourceStreams: sources.of,
    offer: ({ stream, version, text, hash }) => {
      sources.heard(stream);
      const known = streams.get(stream);
      const tip = known?.tip ?? emptyTip;
      if (version !== tip.version + 1 || hash !== hashOf(tip.hash, text)) return;
      streams.put(stream, known, follow(stream, tip, [{ text, hash }]));
    },
    readAsFar,
    read: async (streamIds) => {
      const found = await readAsFar(streamIds);
      for (const { broken } of found.values()) if (broken !== undefined) throw broken;
      return found;
    },
  };
};
