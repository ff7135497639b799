// Which engagements change by time alone? Those whose next due instant has come, from the index of due instants.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { shardCount } from '../../domain/rows/row.ts';
import { streamIdOf } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import { queryItems } from '../aws/queryPages.ts';

export interface DueEngagementsSettings {
  readonly client: DynamoDBClient;
  /** The table of the engagements' head rows. */
  readonly table: string;
  /** So many of a shard at once, where it is not 2,000; the further ones come with the next tick. */
  readonly most?: number;
}

/** The partitions of the index of due instants: as many as the head rows are spread over, or timers would never fire. */
export const dueShards: readonly string[] = Array.from({ length: shardCount }, (_, shard) =>
  String(shard).padStart(2, '0'),
);

export interface DueEngagement {
  readonly stream: string;
  readonly dueAt: Instant;
}

/** The engagements of a shard whose `nextDueAt` is at or before `now`, the earliest first. */
export type DueEngagements = (shard: string, now: Instant) => Promise<readonly DueEngagement[]>;

export const createDueEngagements =
  ({ client, table, most = 2_000 }: DueEngagementsSettings): DueEngagements =>
  async (shard, now) => {
    const query = {
      TableName: table,
      IndexName: 'due',
      KeyConditionExpression: 'ix_due = :shard AND nextDueAt <= :now',
      ProjectionExpression: 'tenantId, rowKey, nextDueAt',
      ExpressionAttributeValues: { ':shard': { S: shard }, ':now': { S: now } },
      Limit: most,
    };
    const due: DueEngagement[] = [];
    for await (const { tenantId, rowKey, nextDueAt } of queryItems({ client, query })) {
      if (tenantId?.S !== undefined && rowKey?.S !== undefined && nextDueAt?.S !== undefined) {
        due.push({ stream: streamIdOf(tenantId.S, 'engagement', rowKey.S), dueAt: nextDueAt.S });
      }
      if (due.length === most) break;
    }
    return due;
  };
