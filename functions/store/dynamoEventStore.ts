// How are streams stored in DynamoDB, one item per commit?
// Every function that reads or appends to streams calls it; it reads and writes the events table.
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { batchGet, batchKeys } from '../aws/batchGet.ts';
import { queryPages } from '../aws/queryPages.ts';
import { type Commit, commitOf, shardKeyOf, tipOf } from './commit.ts';
import type { EventStore } from './eventStore.ts';
import { createLoadMany, type NextCommits } from './loadMany.ts';
import { eventsOf, follow, isOwnWrite, type StoredCommit } from './readCommits.ts';

type Item = Record<string, AttributeValue>;

/** A commit as an item of the events table. */
export const itemOf = (commit: Commit): Item => ({
  stream: { S: commit.stream },
  version: { N: String(commit.version) },
  count: { N: String(commit.count) },
  events: { S: commit.text },
  prevHash: { S: commit.prevHash },
  hash: { S: commit.hash },
  recordedAt: { S: commit.recordedAt },
  ...(commit.shard !== undefined && { shard: { S: commit.shard } }),
});

const texts = ['stream', 'events', 'prevHash', 'hash', 'recordedAt'] as const;
const numbers = ['version', 'count'] as const;

/** The attribute that an item of the events table lacks, or has in another type; undefined where it has all. */
export const lackedBy = (item: Item): string | undefined =>
  numbers.find((name) => item[name]?.N === undefined) ?? texts.find((name) => item[name]?.S === undefined);

const textOf = (item: Item, name: string): string => {
  const text = item[name]?.S;
  if (text === undefined) throw new Error(`an item of the events table lacks its attribute ${name}`);
  return text;
};

const numberOf = (item: Item, name: string): number => {
  const text = item[name]?.N;
  if (text === undefined) throw new Error(`an item of the events table lacks its attribute ${name}`);
  return Number(text);
};

/** An item of the events table as a commit; throws where an attribute is missing. */
export const commitOfItem = (item: Item): Commit => ({
  stream: textOf(item, 'stream'),
  version: numberOf(item, 'version'),
  count: numberOf(item, 'count'),
  text: textOf(item, 'events'),
  prevHash: textOf(item, 'prevHash'),
  hash: textOf(item, 'hash'),
  recordedAt: textOf(item, 'recordedAt'),
});

export interface DynamoEventStoreSettings {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** The most items of one page of `load` and of `streams`; absent: DynamoDB's own page (1 MB). */
  readonly pageSize?: number;
  /** 0 up to 1, for the jitter between calls; absent: `Math.random`. */
  readonly random?: () => number;
}

const limitOf = ({ pageSize }: DynamoEventStoreSettings) => (pageSize === undefined ? {} : { Limit: pageSize });

const commitsAfter = async (
  settings: DynamoEventStoreSettings,
  streamId: string,
  version: number,
): Promise<readonly StoredCommit[]> => {
  const query = {
    TableName: settings.table,
    ConsistentRead: true,
    KeyConditionExpression: '#stream = :stream AND #version > :version',
    // Every attribute costs the SDK time, and these two are all that `follow` needs.
    ProjectionExpression: '#events, #hash',
    ExpressionAttributeNames: { '#stream': 'stream', '#version': 'version', '#events': 'events', '#hash': 'hash' },
    ExpressionAttributeValues: { ':stream': { S: streamId }, ':version': { N: String(version) } },
    ...limitOf(settings),
  };
  const commits: StoredCommit[] = [];
  for await (const { items } of queryPages({ client: settings.client, query })) {
    // Where one is absent, `follow` says so.
    for (const item of items) commits.push({ text: item.events?.S ?? '', hash: item.hash?.S ?? '' });
  }
  return commits;
};

const chunksOf = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

/** Reads single commits, a hundred with a call. */
const nextCommits =
  ({ client, table, random = Math.random }: DynamoEventStoreSettings): NextCommits =>
  async (places) => {
    const calls = chunksOf(places, batchKeys).map((some) =>
      batchGet({
        ...{ client, table, random },
        keys: some.map(({ stream, version }) => ({ stream: { S: stream }, version: { N: String(version) } })),
        only: {
          ProjectionExpression: '#stream, #events, #hash',
          ExpressionAttributeNames: { '#stream': 'stream', '#events': 'events', '#hash': 'hash' },
        },
      }),
    );
    const items = (await Promise.all(calls)).flat();
    return new Map(
      items.map((item) => [
        textOf(item, 'stream'),
        // Where one is absent, `follow` says so.
        { text: item.events?.S ?? '', hash: item.hash?.S ?? '' },
      ]),
    );
  };

/** Returns the commit that already has this key; undefined where the put has succeeded. */
const put = async ({ client, table }: DynamoEventStoreSettings, commit: Commit): Promise<Commit | undefined> => {
  try {
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: itemOf(commit),
        ConditionExpression: 'attribute_not_exists(#version)',
        ExpressionAttributeNames: { '#version': 'version' },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return undefined;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException && error.Item !== undefined) return commitOfItem(error.Item);
    throw error;
  }
};

/**
 * The store on DynamoDB. Its only concurrency control is `attribute_not_exists` on the key (stream, version of the first
 * event). That is enough although a commit spans several versions. Every tip is the end of a commit, so a stale writer's next
 * version is the first version of the commit that came after its tip. The put fails on exactly that item.
 */
export const createDynamoEventStore = (settings: DynamoEventStoreSettings): EventStore => {
  const load: EventStore['load'] = async (streamId, from) =>
    follow(streamId, from, await commitsAfter(settings, streamId, from?.version ?? 0));

  return {
    load,
    loadMany: createLoadMany(load, nextCommits(settings)),

    append: async (streamId, tip, facts, now) => {
      const { commit, events } = commitOf({ streamId, tip, facts, now });
      const stored = await put(settings, commit);
      if (stored === undefined)
        return { outcome: 'appended', events, tip: tipOf(commit), bytes: Buffer.byteLength(commit.text) };
      // The SDK retries after a lost answer, so the stored commit may be our own.
      if (!isOwnWrite(stored, events)) return { outcome: 'conflict', next: follow(streamId, tip, [stored]) };
      return {
        outcome: 'appended',
        events: eventsOf(streamId, stored.text),
        tip: tipOf(stored),
        bytes: Buffer.byteLength(stored.text),
      };
    },

    streams: async (kind, shard, cursor) => {
      const key = shardKeyOf(kind, shard);
      const page = await settings.client.send(
        new QueryCommand({
          TableName: settings.table,
          IndexName: 'shards',
          KeyConditionExpression: '#shard = :shard AND #stream > :after',
          ExpressionAttributeNames: { '#shard': 'shard', '#stream': 'stream' },
          ExpressionAttributeValues: { ':shard': { S: key }, ':after': { S: cursor ?? ' ' } },
          ...limitOf(settings),
        }),
      );
      const streams = (page.Items ?? []).map((item) => textOf(item, 'stream'));
      const last = streams.at(-1);
      return { streams, ...(page.LastEvaluatedKey !== undefined && last !== undefined && { cursor: last }) };
    },
  };
};
