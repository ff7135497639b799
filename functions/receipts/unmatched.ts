// Which receipts of a tenant are pending or waiting, and why?
// The routes of the read API call it; it queries the index of open receipts.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { queryPages } from '../aws/queryPages.ts';
import { openIdOf, openPartitionOf, openShards } from './receipt.ts';
import { type ListedReceipt, listedIn } from './receiptLists.ts';
import { waitsUntil } from './waitingAge.ts';
import { waysOut } from './waysOut.ts';

export interface Unmatched extends ListedReceipt {
  /** What would free it: sentences with the request to send; empty where no link would. */
  readonly waysOut: readonly string[];
  /** When it ends as expired if it still waits then. */
  readonly waitsUntil: string;
}

export interface UnmatchedFound {
  /** Oldest first. */
  readonly items: readonly Unmatched[];
  /** False where there are more than are listed. */
  readonly complete: boolean;
}

export type UnmatchedReceipts = (tenantId: string) => Promise<UnmatchedFound>;

const most = 500;

/** The oldest receipts that are pending or waiting, 500 at the most. */
export const createUnmatched = ({
  client,
  table,
  waitingDays,
}: {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly waitingDays: number;
}): UnmatchedReceipts => {
  const inShard = async (shard: string, tenantId: string): Promise<UnmatchedFound> => {
    const query = {
      TableName: table,
      IndexName: 'open',
      KeyConditionExpression: '#open = :open AND begins_with(openId, :tenant)',
      ExpressionAttributeNames: { '#open': 'open' },
      ExpressionAttributeValues: {
        ':open': { S: openPartitionOf(tenantId, shard) },
        ':tenant': { S: openIdOf(tenantId, '') },
      },
      Limit: most,
    };
    const found: Unmatched[] = [];
    for await (const { items, next } of queryPages({ client, query })) {
      found.push(
        ...items.map(listedIn).map((listed) => ({
          ...listed,
          waysOut: waysOut(listed.reason ?? undefined, tenantId),
          waitsUntil: waitsUntil(listed.receivedAt, waitingDays),
        })),
      );
      if (next !== undefined && found.length >= most) return { items: found, complete: false };
    }
    return { items: found, complete: true };
  };

  return async (tenantId) => {
    const shards = await Promise.all(openShards.map((shard) => inShard(shard, tenantId)));
    const items = shards.flatMap((shard) => shard.items).sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1));
    return { items: items.slice(0, most), complete: items.length <= most && shards.every(({ complete }) => complete) };
  };
};
