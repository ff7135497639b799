// What was the tip of a stream before an instant?
// Seal calls it; it queries the events table.
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Instant } from '../../events/instant.ts';
import { queryItems } from '../aws/queryPages.ts';
import type { Tip } from './eventStore.ts';

/** The tip of a stream before an instant; undefined where nothing was recorded by then. */
export type TipBefore = (stream: string, until: Instant) => Promise<Tip | undefined>;

/** How many commits a page reads. The first page is short, because most streams have no commit after the instant. */
const commitsOf = (page: number): number => (page === 0 ? 2 : 100);

const tipOfItem = (stream: string, item: Record<string, AttributeValue>): Tip => {
  const [version, count, hash, recordedAt] = [item.version?.N, item.count?.N, item.hash?.S, item.recordedAt?.S];
  if (version === undefined || count === undefined || hash === undefined || recordedAt === undefined) {
    throw new Error(
      `${stream}: an item lacks its version, count, hash or recordedAt; no day can be sealed before that is mended`,
    );
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
    const query = {
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
    };
    for await (const item of queryItems({ client, query, limitOf: commitsOf })) {
      const tip = tipOfItem(stream, item);
      if (tip.recordedAt < until) return tip;
    }
    return undefined;
  };
};
