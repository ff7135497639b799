// Which streams of a tenant have the likeliest heads to be behind, of however many?
// Health calls it; it queries the index of due heads, the newest receipts, and a few streams of the shard index.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { StreamKind } from '../../../events/identifiers.ts';
import type { Instant } from '../../../events/instant.ts';
import { batchGet } from '../../aws/batchGet.ts';
import { createDueHeads } from '../../project/dueHeads.ts';
import { type HeadPlace, streamOfHead } from '../../project/headPlace.ts';
import { keyOfReceiptId } from '../../receipts/receiptId.ts';
import type { ReceiptLists } from '../../receipts/receiptLists.ts';
import type { SourceRows } from '../../receipts/sourceRows.ts';
import { shardCount } from '../../store/commit.ts';
import { createDynamoEventStore } from '../../store/dynamoEventStore.ts';

export interface LikelyBehind {
  /** The heads whose due instant has passed, at most 500 of each table's shard. A head that is half written is due. */
  readonly overdue: readonly HeadPlace[];
  /** The streams of some of these, those of the newest receipts, and some at random. */
  readonly streams: readonly string[];
}

export interface LikelyBehindSettings {
  readonly client: DynamoDBClient;
  readonly tableOf: (table: string) => string;
  readonly eventsTable: string;
  readonly receiptsTable: string;
  readonly lists: ReceiptLists;
  readonly sources: SourceRows;
  readonly random: () => number;
}

const mostDueOfShard = 500;
const mostReceipts = 25;
/** The most streams of each of the three ways to find some. */
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
  const { client, tableOf, eventsTable, receiptsTable: table, lists, sources, random } = settings;
  const dueHeads = createDueHeads({ client, tableOf, most: mostDueOfShard });
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

  return async (tenantId: string, now: Instant): Promise<LikelyBehind> => {
    const [due, newest, ...some] = await Promise.all([
      dueHeads(now),
      ofNewestReceipts(tenantId),
      ...kinds.map((kind) => atRandom(tenantId, kind)),
    ]);
    const overdue = due.filter((head) => head.tenantId === tenantId);
    const ofOverdue = overdue.flatMap((head) => streamOfHead(head) ?? []);
    const streams = [ofOverdue, newest, some.flat()].flatMap((each) => each.slice(0, mostStreams));
    return { overdue, streams: [...new Set(streams)] };
  };
};
