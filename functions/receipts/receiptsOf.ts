// Which receipts of a connection came from an instant on, in the order in which they were received?
// Who translates again calls it; it queries the partitions of a connection in the receipts table, and reads bodies from their parts.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from '../aws/batchGet.ts';
import { type QueryPage, queryPages } from '../aws/queryPages.ts';
import { createBodyParts } from './bodyParts.ts';
import { bodyPartsOf, type Receipt, receiptOf } from './receipt.ts';
import { type ReceiptFact, storedFacts } from './receiptFacts.ts';
import { partitionsOf } from './receiptPartitions.ts';

/** A receipt with its whole body, and the facts that came of it when it was translated last; none where it was not. */
export interface PastReceipt {
  readonly receipt: Receipt;
  readonly facts: readonly ReceiptFact[];
  /** How many more came of it than it lists. */
  readonly factsLeftOut: number;
  /** The run of translate-again that opened it last. */
  readonly openedBy?: string;
}

export interface ReceiptsOfSettings {
  readonly client: DynamoDBClient;
  readonly table: string;
}

export interface ReceiptsOfAsked {
  readonly tenantId: string;
  readonly connection: string;
  /** An instant, or a sort key; absent: from the first receipt on. */
  readonly from?: string;
  /** The most receipts of a page: a page's bodies are in memory together. */
  readonly limit?: number;
}

export interface PastReceipts {
  readonly receipts: readonly PastReceipt[];
  /** Whether this page is the last one. */
  readonly isLast: boolean;
}

/** What was read of a partition and not given yet. */
interface Lane {
  waiting: readonly Item[];
  readonly pages: AsyncIterator<QueryPage, void, undefined>;
  hasEnded: boolean;
}

const filled = async (lane: Lane): Promise<void> => {
  while (lane.waiting.length === 0 && !lane.hasEnded) {
    const { value } = await lane.pages.next();
    lane.waiting = value?.items ?? [];
    lane.hasEnded = value?.next === undefined;
  }
};

const idOf = (item: Item | undefined): string => item?.id?.S ?? '';

/** The lane whose next item is the oldest; undefined where no lane has any. */
const oldest = (lanes: readonly Lane[]): Lane | undefined =>
  lanes
    .filter(({ waiting }) => waiting.length > 0)
    .reduce<Lane | undefined>(
      (found, lane) => (found === undefined || idOf(lane.waiting[0]) < idOf(found.waiting[0]) ? lane : found),
      undefined,
    );

/** Items of all partitions in one order, in pages of so many. A partition's next page is read when the one before is given. */
async function* merged(
  lanes: readonly Lane[],
  limit: number,
): AsyncGenerator<{ readonly items: readonly Item[]; readonly isLast: boolean }, void, undefined> {
  await Promise.all(lanes.map(filled));
  let items: Item[] = [];
  for (let lane = oldest(lanes); lane !== undefined; lane = oldest(lanes)) {
    if (items.length === limit) {
      yield { items, isLast: false };
      items = [];
    }
    const [first, ...others] = lane.waiting;
    if (first !== undefined) items.push(first);
    lane.waiting = others;
    await filled(lane);
  }
  yield { items, isLast: true };
}

const usualLimit = 100;
/** So small a part of a page is read of each partition at once: of sixteen, some two pages are read for the first. */
const partOfPage = 8;

/** Pages of receipts of all statuses, read consistently, the oldest first. An ended receipt is there for 90 days. */
export const createReceiptsOf = ({ client, table }: ReceiptsOfSettings) => {
  const parts = createBodyParts({ client, table });

  const lane = (partition: string, from: string, limit: number): Lane => {
    const query = {
      TableName: table,
      ConsistentRead: true,
      Limit: Math.ceil(limit / partOfPage),
      KeyConditionExpression: '#partition = :partition AND id >= :from',
      ExpressionAttributeNames: { '#partition': 'partition' },
      ExpressionAttributeValues: { ':partition': { S: partition }, ':from': { S: from } },
    };
    return { waiting: [], pages: queryPages({ client, query }), hasEnded: false };
  };

  const pastReceipt = async (item: Item): Promise<PastReceipt> => {
    const count = bodyPartsOf(item);
    const key = { partition: item.partition?.S ?? '', id: idOf(item) };
    const body = count === undefined ? undefined : await parts.read(key, count);
    return {
      receipt: receiptOf(item, body),
      facts: storedFacts(item),
      factsLeftOut: Number(item.factsLeftOut?.N ?? 0),
      ...(item.openedBy?.S !== undefined && { openedBy: item.openedBy.S }),
    };
  };

  return async function* receiptsOf({
    tenantId,
    connection,
    from = '0',
    limit = usualLimit,
  }: ReceiptsOfAsked): AsyncGenerator<PastReceipts, void, undefined> {
    const lanes = partitionsOf(tenantId, connection).map((partition) => lane(partition, from, limit));
    for await (const { items, isLast } of merged(lanes, limit)) {
      const receipts: PastReceipt[] = [];
      for (const item of items) receipts.push(await pastReceipt(item));
      yield { receipts, isLast };
    }
  };
};
