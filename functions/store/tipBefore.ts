// Where did a stream stand at an instant? Its last commit before it, read backwards and without the events.
import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Instant } from '../../events/instant.ts';
import type { Tip } from './eventStore.ts';

/** The tip of a stream before an instant; undefined where nothing was recorded by then. */
export type TipBefore = (stream: string, until: Instant) => Promise<Tip | undefined>;

/** Most streams rest: their newest commit is old enough. */
const commitsAtOnce = [2, 100] as const;

const tipOfItem = (item: Record<string, AttributeValue>): Tip => {
  const [version, count, hash, recordedAt] = [item.version?.N, item.count?.N, item.hash?.S, item.recordedAt?.S];
  if (version === undefined || count === undefined || hash === undefined || recordedAt === undefined) {
    throw new Error('an item of the events table lacks its version, count, hash or recordedAt');
  }
  return { version: Number(version) + Number(count) - 1, hash, recordedAt };
};

export const createTipBefore = ({
  client,
  table,
}: {
  readonly client: DynamoDBClient;
  readonly table: string;
}): TipBefore => {
  return async (stream, until) => {
    let next: Record<string, AttributeValue> | undefined;
    let [limit]: readonly number[] = commitsAtOnce;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: '#stream = :stream',
          ProjectionExpression: '#version, #count, #hash, #recordedAt',
          ExpressionAttributeNames: {
            '#stream': 'stream',
            '#version': 'version',
            '#count': 'count',
            '#hash': 'hash',
            '#recordedAt': 'recordedAt',
          },
          ExpressionAttributeValues: { ':stream': { S: stream } },
          ScanIndexForward: false,
          Limit: limit,
          ExclusiveStartKey: next,
        }),
      );
      const tip = (page.Items ?? []).map(tipOfItem).find(({ recordedAt }) => recordedAt < until);
      if (tip !== undefined) return tip;
      next = page.LastEvaluatedKey;
      limit = commitsAtOnce[1];
    } while (next !== undefined);
    return undefined;
  };
};
