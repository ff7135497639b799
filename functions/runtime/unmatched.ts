// What was received and still waits, and for what? The tenant's pending receipts.
import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';

const Waiting = z.object({
  id: z.string(),
  tenantId: z.string(),
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
  readonly reason: string | null;
}

const pendingShards = ['00', '01', '02', '03'] as const;
const most = 500;

/** The receipts that are pending or waiting, oldest first, at the most 500. */
export const createUnmatched =
  ({ client, table }: { readonly client: DynamoDBClient; readonly table: string }) =>
  async (tenantId: string): Promise<readonly Unmatched[]> => {
    const perShard = await Promise.all(
      pendingShards.map(async (shard) => {
        const found: Unmatched[] = [];
        let next: Record<string, AttributeValue> | undefined;
        do {
          const answer = await client.send(
            new QueryCommand({
              TableName: table,
              IndexName: 'pending',
              KeyConditionExpression: 'pending = :shard',
              ExpressionAttributeValues: { ':shard': { S: shard } },
              ExclusiveStartKey: next,
            }),
          );
          for (const item of answer.Items ?? []) {
            const waiting = Waiting.parse(unmarshall(item));
            if (waiting.tenantId !== tenantId) continue;
            const { id, source, connectionId, receivedAt, status, reason } = waiting;
            found.push({ receipt: id, source, connection: connectionId, receivedAt, status, reason: reason ?? null });
          }
          next = answer.LastEvaluatedKey;
        } while (next !== undefined && found.length < most);
        return found;
      }),
    );
    return perShard
      .flat()
      .sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1))
      .slice(0, most);
  };
