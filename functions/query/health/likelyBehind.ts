// Which streams of a tenant have the likeliest heads to be behind, of however many?
// Health calls it; it queries the newest receipts, and a few streams of the shard index.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { StreamKind } from '../../../events/identifiers.ts';
import { batchGet } from '../../aws/batchGet.ts';
import { keyOfReceiptId } from '../../receipts/receiptId.ts';
import type { ReceiptLists } from '../../receipts/receiptLists.ts';
import type { SourceRows } from '../../receipts/sourceRows.ts';
import { shardCount } from '../../store/commit.ts';
import { createDynamoEventStore } from '../../store/dynamoEventStore.ts';

export interface LikelyBehindSettings {
  readonly client: DynamoDBClient;
  readonly eventsTable: string;
  readonly receiptsTable: string;
  readonly lists: ReceiptLists;
  readonly sources: SourceRows;
  readonly random: () => number;
}

const mostReceipts = 25;
/** The most streams of each of the two ways to find some. */
const mostStreams = 60;
/** A page of the shard index has no fewer than these. */
const ofKindAtRandom = 30;
const kinds: readonly StreamKind[] = ['engagement', 'party', 'offer', 'campaign'];

/** After every instant. */
const endOfTime = '~';

/**
 * Finds them by a bounded number of reads. The table's stream brings commits to project in their order, so the newest receipts
 * show first that rows lag; the streams at random show what was lost or changed long ago.
 */
export const createLikelyBehind = (settings: LikelyBehindSettings) => {
  const { client, eventsTable, receiptsTable: table, lists, sources, random } = settings;
  const store = createDynamoEventStore({ client, table: eventsTable, pageSize: ofKindAtRandom });

  const ofNewestReceipts = async (tenantId: string): Promise<readonly string[]> => {
    const connections = async () => (await sources(tenantId)).map(({ connectionId }) => connectionId);
    const { items } = await lists({ tenantId, connections, from: '', before: endOfTime, limit: mostReceipts });
    const keys = items.flatMap(({ receipt }) => keyOfReceiptId(tenantId, receipt) ?? []);
    if (keys.length === 0) return [];
    const found = await batchGet({
      ...{ client, table, random },
      keys: keys.map(({ partition, id }) => ({ partition: { S: partition }, id: { S: id } })),
      only: { ProjectionExpression: '#streams', ExpressionAttributeNames: { '#streams': 'streams' } },
    });
    return found.flatMap(({ streams }) => streams?.L?.flatMap(({ S }) => S ?? []) ?? []);
  };

  const atRandom = async (tenantId: string, kind: StreamKind): Promise<readonly string[]> => {
    const shard = Math.floor(random() * shardCount);
    const prefix = `${tenantId}/${kind}/`;
    const listed = async (after: string): Promise<readonly string[]> =>
      (await store.streams(kind, shard, after)).streams.filter((stream) => stream.startsWith(prefix));
    // Most ids begin with a random number.
    const place = Math.floor(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0');
    const found = await listed(`${prefix}${place}`);
    return found.length > 0 ? found : await listed(prefix);
  };

  return async (tenantId: string): Promise<readonly string[]> => {
    const [newest, ...some] = await Promise.all([
      ofNewestReceipts(tenantId),
      ...kinds.map((kind) => atRandom(tenantId, kind)),
    ]);
    return [...new Set([newest, some.flat()].flatMap((each) => each.slice(0, mostStreams)))];
  };
};
