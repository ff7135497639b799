// Which engagements change by time alone? Those whose next due instant has come, from the index of due instants.
import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { streamIdOf } from '../../events/identifiers.ts';

export interface DueEngagementsSettings {
  readonly client: DynamoDBClient;
  /** The table of the engagements' head rows. */
  readonly table: string;
}

/** How many partitions the index of due instants has. */
export const dueShards = ['00', '01', '02', '03', '04', '05', '06', '07'] as const;

/** A shard's further engagements come with the next tick. */
const mostAShard = 2_000;

/** The streams of a shard whose `nextDueAt` is at or before `now`, the earliest first; at the most 2,000. */
export const createDueEngagements =
  ({ client, table }: DueEngagementsSettings) =>
  async (shard: (typeof dueShards)[number], now: string): Promise<readonly string[]> => {
    const streams: string[] = [];
    let next: Record<string, AttributeValue> | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'due',
          KeyConditionExpression: 'ix_due = :shard AND nextDueAt <= :now',
          ProjectionExpression: 'tenantId, rowKey',
          ExpressionAttributeValues: { ':shard': { S: shard }, ':now': { S: now } },
          ExclusiveStartKey: next,
        }),
      );
      for (const { tenantId, rowKey } of page.Items ?? []) {
        if (tenantId?.S !== undefined && rowKey?.S !== undefined) {
          streams.push(streamIdOf(tenantId.S, 'engagement', rowKey.S));
        }
      }
      next = page.LastEvaluatedKey;
    } while (next !== undefined && streams.length < mostAShard);
    return streams;
  };
