// Which receipts of a tenant are pending or waiting, and why?
// The routes of the read API call it; it queries the index of open receipts.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { queryPages } from '../aws/queryPages.ts';
import { pendingShards } from './receipt.ts';

const Waiting = z.object({
  id: z.string(),
  source: z.string(),
  connectionId: z.string(),
  receivedAt: z.string(),
  status: z.string(),
  reason: z.string().optional(),
});

export interface Unmatched {
  readonly receipt: string;
  readonly source: string;
  readonly connection: string;
  readonly receivedAt: string;
  readonly status: string;
  /** Why it waits; null while it is pending. */
  readonly reason: string | null;
}

export interface UnmatchedFound {
  /** Oldest first. */
  readonly items: readonly Unmatched[];
  /** False where there are more than are listed. */
  readonly complete: boolean;
}

export type UnmatchedReceipts = (tenantId: string) => Promise<UnmatchedFound>;

const most = 500;
/** The most pages of a shard. A page of the index is a megabyte, with receipts of all tenants. */
const mostPages = 20;

/** The oldest receipts that are pending or waiting, 500 at the most. */
export const createUnmatched = ({
  client,
  table,
}: {
  readonly client: DynamoDBClient;
  readonly table: string;
}): UnmatchedReceipts => {
  const inShard = async (shard: string, tenantId: string): Promise<UnmatchedFound> => {
    const query = {
      TableName: table,
      IndexName: 'pending',
      KeyConditionExpression: 'pending = :shard',
      FilterExpression: 'tenantId = :tenant',
      ExpressionAttributeValues: { ':shard': { S: shard }, ':tenant': { S: tenantId } },
    };
    const found: Unmatched[] = [];
    let pages = 0;
    for await (const { items, next } of queryPages({ client, query })) {
      for (const item of items) {
        const { id, source, connectionId, receivedAt, status, reason } = Waiting.parse(unmarshall(item));
        found.push({ receipt: id, source, connection: connectionId, receivedAt, status, reason: reason ?? null });
      }
      pages += 1;
      if (next !== undefined && (pages === mostPages || found.length > most)) return { items: found, complete: false };
    }
    return { items: found, complete: true };
  };

  return async (tenantId) => {
    const shards = await Promise.all(pendingShards.map((shard) => inShard(shard, tenantId)));
    // A receipt's id begins with the instant at which it was received.
    const items = shards.flatMap((shard) => shard.items).sort((a, b) => (a.receipt < b.receipt ? -1 : 1));
    return { items: items.slice(0, most), complete: items.length <= most && shards.every(({ complete }) => complete) };
  };
};
