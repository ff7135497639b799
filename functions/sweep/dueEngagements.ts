// Which engagements change by time alone? Those whose next due instant has come, from the index of due instants.
import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { shardCount } from '../../domain/rows/row.ts';
import { streamIdOf } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';

export interface DueEngagementsSettings {
  readonly client: DynamoDBClient;
  /** The table of the engagements' head rows. */
  readonly table: string;
}

/** The partitions of the index of due instants: as many as the head rows are spread over, or timers would never fire. */
export const dueShards: readonly string[] = Array.from({ length: shardCount }, (_, shard) =>
  String(shard).padStart(2, '0'),
);

/** A shard's further engagements come with the next tick. */
const mostAShard = 2_000;

export interface DueEngagement {
  readonly stream: string;
  readonly dueAt: Instant;
}

/** The engagements of a shard whose `nextDueAt` is at or before `now`, the earliest first; at the most 2,000. */
export const createDueEngagements =
  ({ client, table }: DueEngagementsSettings) =>
  async (shard: string, now: string): Promise<readonly DueEngagement[]> => {
    const due: DueEngagement[] = [];
    let next: Record<string, AttributeValue> | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'due',
          KeyConditionExpression: 'ix_due = :shard AND nextDueAt <= :now',
          ProjectionExpression: 'tenantId, rowKey, nextDueAt',
          ExpressionAttributeValues: { ':shard': { S: shard }, ':now': { S: now } },
          ExclusiveStartKey: next,
        }),
      );
      for (const { tenantId, rowKey, nextDueAt } of page.Items ?? []) {
        if (tenantId?.S !== undefined && rowKey?.S !== undefined && nextDueAt?.S !== undefined) {
          due.push({ stream: streamIdOf(tenantId.S, 'engagement', rowKey.S), dueAt: nextDueAt.S });
        }
      }
      next = page.LastEvaluatedKey;
    } while (next !== undefined && due.length < mostAShard);
    return due;
  };
