// Which events does a stream hold by now? A warm cache that one batched, consistent read brings up to date.
import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { extend, type History, historyOf } from '../../domain/history.ts';
import { type EventStore, emptyTip, type Tip } from './eventStore.ts';

/** A stream as read: its history and where it ends (version 0 for a stream that holds nothing). */
export interface ReadStream {
  readonly history: History;
  readonly tip: Tip;
}

/** Which of the streams hold more than their tip says, read consistently. */
export type Grown = (tips: ReadonlyMap<string, Tip>) => Promise<ReadonlySet<string>>;

const batchSize = 100;

/**
 * Asks DynamoDB for the commit that would follow each tip: a hundred streams cost one call, and those that stand
 * still, most of them, answer with nothing.
 */
export const createGrown =
  ({ client, table }: { readonly client: DynamoDBClient; readonly table: string }): Grown =>
  async (tips) => {
    const grown = new Set<string>();
    const all = [...tips].map(([stream, tip]) => ({ stream: { S: stream }, version: { N: String(tip.version + 1) } }));
    for (let start = 0; start < all.length; start += batchSize) {
      let keys = all.slice(start, start + batchSize);
      while (keys.length > 0) {
        const answer = await client.send(
          new BatchGetItemCommand({
            RequestItems: {
              [table]: {
                Keys: keys,
                ConsistentRead: true,
                ProjectionExpression: '#stream',
                // A reserved word of DynamoDB's.
                ExpressionAttributeNames: { '#stream': 'stream' },
              },
            },
          }),
        );
        for (const item of answer.Responses?.[table] ?? []) if (item.stream?.S !== undefined) grown.add(item.stream.S);
        keys = (answer.UnprocessedKeys?.[table]?.Keys ?? []).flatMap(({ stream, version }) =>
          stream?.S !== undefined && version?.N !== undefined
            ? [{ stream: { S: stream.S }, version: { N: version.N } }]
            : [],
        );
      }
    }
    return grown;
  };

export interface StreamCache {
  /** The streams as they stand now, read consistently. */
  read(streamIds: Iterable<string>): Promise<ReadonlyMap<string, ReadStream>>;
}

export interface StreamCacheSettings {
  readonly store: EventStore;
  readonly grown: Grown;
  /** How many streams are kept, the least recently read going first. */
  readonly capacity?: number;
}

/** A cache over the store; what it answers is never older than the call. */
export const createStreamCache = ({ store, grown, capacity = 4000 }: StreamCacheSettings): StreamCache => {
  const cached = new Map<string, ReadStream>();

  const keep = (streamId: string, read: ReadStream): void => {
    cached.delete(streamId);
    cached.set(streamId, read);
    for (const oldest of cached.keys()) {
      if (cached.size <= capacity) break;
      cached.delete(oldest);
    }
  };

  const load = async (streamId: string): Promise<ReadStream> => {
    const known = cached.get(streamId);
    const loaded = await store.load(streamId, known === undefined || known.tip.version === 0 ? undefined : known.tip);
    if (known === undefined)
      return { history: historyOf(loaded.events), tip: loaded.events.length === 0 ? emptyTip : loaded.tip };
    return loaded.events.length === 0 ? known : { history: extend(known.history, loaded.events), tip: loaded.tip };
  };

  return {
    read: async (streamIds) => {
      const wanted = [...new Set(streamIds)];
      const tips = new Map(
        wanted.flatMap((id) => {
          const known = cached.get(id);
          return known === undefined ? [] : [[id, known.tip] as const];
        }),
      );
      const stale = tips.size === 0 ? new Set<string>() : await grown(tips);
      const reads = await Promise.all(
        wanted.map(async (id) => {
          const known = cached.get(id);
          return [id, known !== undefined && tips.has(id) && !stale.has(id) ? known : await load(id)] as const;
        }),
      );
      for (const [id, read] of reads) keep(id, read);
      return new Map(reads);
    },
  };
};
