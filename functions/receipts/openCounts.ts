// How many receipts of a tenant are open, and of which connections?
// Health and freshness call it; it queries the index of open receipts.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { queryPages } from '../aws/queryPages.ts';
import { openIdOf, openPartitionOf, openShards } from './receipt.ts';
import { connectionOfKey } from './receiptId.ts';

export interface OpenCounts {
  /** Receipts that are not translated yet. */
  readonly pending: number;
  /** Receipts that wait for a link, or for a correction. */
  readonly waiting: number;
  /** Of the waiting ones, those that end soon because they have waited so long. */
  readonly endingSoon: number;
  /** False where there are more than were counted. */
  readonly complete: boolean;
  /** The connections of the pending ones. */
  readonly pendingOf: ReadonlySet<string>;
}

/** Counts at most so many receipts of each of the four shards. What was received before `endsSoonBefore` ends soon. */
export type CountOpen = (tenantId: string, most: number, endsSoonBefore?: string) => Promise<OpenCounts>;

export const createCountOpen = ({
  client,
  table,
}: {
  readonly client: DynamoDBClient;
  readonly table: string;
}): CountOpen => {
  const inShard = async (shard: string, tenantId: string, most: number, before = ''): Promise<OpenCounts> => {
    const query = {
      TableName: table,
      IndexName: 'open',
      KeyConditionExpression: '#open = :open AND begins_with(openId, :tenant)',
      ProjectionExpression: '#partition, id, #status',
      ExpressionAttributeNames: { '#open': 'open', '#partition': 'partition', '#status': 'status' },
      ExpressionAttributeValues: {
        ':open': { S: openPartitionOf(tenantId, shard) },
        ':tenant': { S: openIdOf(tenantId, '') },
      },
      // The newest first, because old ones mostly wait.
      ScanIndexForward: false,
      Limit: most,
    };
    const pendingOf = new Set<string>();
    let [pending, all, endingSoon] = [0, 0, 0];
    for await (const { items, next } of queryPages({ client, query })) {
      const open = items.filter(({ status }) => status?.S === 'pending');
      for (const { partition } of open) pendingOf.add(connectionOfKey({ partition: partition?.S ?? '' }));
      pending += open.length;
      all += items.length;
      endingSoon += items.filter(({ id, status }) => status?.S === 'waiting' && (id?.S ?? '') < before).length;
      if (next !== undefined && all >= most)
        return { pending, waiting: all - pending, endingSoon, complete: false, pendingOf };
    }
    return { pending, waiting: all - pending, endingSoon, complete: true, pendingOf };
  };

  return async (tenantId, most, before) => {
    const shards = await Promise.all(openShards.map((shard) => inShard(shard, tenantId, most, before)));
    const sum = (of: (counts: OpenCounts) => number): number => shards.reduce((total, each) => total + of(each), 0);
    return {
      pending: sum(({ pending }) => pending),
      waiting: sum(({ waiting }) => waiting),
      endingSoon: sum(({ endingSoon }) => endingSoon),
      complete: shards.every(({ complete }) => complete),
      pendingOf: new Set(shards.flatMap(({ pendingOf }) => [...pendingOf])),
    };
  };
};
