// Which commits were recorded in a time range? No index says it, so every stream is read backwards until the range begins.
// `npm run redrive` calls it; it reads the events table.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { streamKinds } from '../../../events/identifiers.ts';
import { inParallel } from '../../../functions/aws/parallel.ts';
import { queryItems } from '../../../functions/aws/queryPages.ts';
import { createDynamoEventStore } from '../../../functions/store/dynamoEventStore.ts';
import { type WalkPlace, walkPage, walkStart } from '../../../functions/store/streamPages.ts';

export interface CommitPlace {
  readonly stream: string;
  readonly version: number;
}

export interface Stretch {
  /** The first and the last instant of the range; both belong to it. */
  readonly from: string;
  readonly to: string;
}

const streamsAtOnce = 16;
const pageSize = 200;
/** Most streams have no commit in the range: their newest commit is older. */
const commitsOf = (page: number): number => (page === 0 ? 1 : 50);

async function* ofStream(
  { client, table }: { readonly client: DynamoDBClient; readonly table: string },
  stream: string,
  { from, to }: Stretch,
): AsyncGenerator<CommitPlace> {
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: '#stream = :stream',
    ProjectionExpression: '#version, recordedAt',
    ExpressionAttributeNames: { '#stream': 'stream', '#version': 'version' },
    ExpressionAttributeValues: { ':stream': { S: stream } },
    ScanIndexForward: false,
  };
  for await (const { version, recordedAt } of queryItems({ client, query, limitOf: commitsOf })) {
    const at = recordedAt?.S ?? '';
    if (at < from) return;
    if (at <= to) yield { stream, version: Number(version?.N) };
  }
}

/** The commits of the range, one page of streams at a time; a page may hold none. */
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
