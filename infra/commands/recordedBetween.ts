// Which commits were recorded in a stretch of time? No index says it: every stream is read from its end back to where the stretch begins.
import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { streamKinds } from '../../events/identifiers.ts';
import { inParallel } from '../../functions/aws/parallel.ts';
import { createDynamoEventStore } from '../../functions/store/dynamoEventStore.ts';
import { type WalkPlace, walkPage, walkStart } from '../../functions/store/streamPages.ts';

export interface CommitPlace {
  readonly stream: string;
  readonly version: number;
}

export interface Stretch {
  /** Instants; both are in it. */
  readonly from: string;
  readonly to: string;
}

const streamsAtOnce = 16;
const pageSize = 200;
/** Most streams have not grown since: their newest commit says so. */
const commitsAtOnce = [1, 50] as const;

async function* ofStream(
  { client, table }: { readonly client: DynamoDBClient; readonly table: string },
  stream: string,
  { from, to }: Stretch,
): AsyncGenerator<CommitPlace> {
  let next: Record<string, AttributeValue> | undefined;
  let limit: number = commitsAtOnce[0];
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: '#stream = :stream',
        ProjectionExpression: '#version, recordedAt',
        ExpressionAttributeNames: { '#stream': 'stream', '#version': 'version' },
        ExpressionAttributeValues: { ':stream': { S: stream } },
        ScanIndexForward: false,
        Limit: limit,
        ExclusiveStartKey: next,
      }),
    );
    for (const { version, recordedAt } of page.Items ?? []) {
      const at = recordedAt?.S ?? '';
      if (at < from) return;
      if (at <= to) yield { stream, version: Number(version?.N) };
    }
    next = page.LastEvaluatedKey;
    limit = commitsAtOnce[1];
  } while (next !== undefined);
}

/** The commits of the stretch, a page of streams at a time; a page may hold none. */
export async function* recordedBetween(
  client: DynamoDBClient,
  table: string,
  stretch: Stretch,
): AsyncGenerator<readonly CommitPlace[]> {
  const store = createDynamoEventStore({ client, table, pageSize });
  for (let place: WalkPlace | undefined = walkStart(streamKinds); place !== undefined; ) {
    const page = await walkPage({ store, kinds: streamKinds, pageSize }, place);
    const found = await inParallel(page.streams, streamsAtOnce, (stream) =>
      Array.fromAsync(ofStream({ client, table }, stream, stretch)),
    );
    yield found.flat();
    place = page.next;
  }
}
