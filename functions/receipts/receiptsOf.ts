// Which receipts of a connection came from an instant on, in the order in which they were received?
// Who translates again calls it; it queries the partition of a connection in the receipts table, and reads bodies from their parts.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { queryPages } from '../aws/queryPages.ts';
import { createBodyParts } from './bodyParts.ts';
import { bodyPartsOf, type Receipt, receiptOf } from './receipt.ts';
import { type ReceiptFact, storedFacts } from './receiptFacts.ts';

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
  /** `tenant#connection`. */
  readonly partition: string;
  /** An instant; absent: from the first receipt on. */
  readonly from?: string;
  /** The most receipts of a page; absent: a megabyte of items, which may be more bodies than memory holds. */
  readonly limit?: number;
}

export interface PastReceipts {
  readonly receipts: readonly PastReceipt[];
  /** Whether this page is the last one. DynamoDB ends a page at a megabyte too, so a page below the limit does not say so. */
  readonly isLast: boolean;
}

/** Pages of receipts of all statuses, read consistently, the oldest first. An ended receipt is there for 90 days. */
export const createReceiptsOf = ({ client, table }: ReceiptsOfSettings) => {
  const parts = createBodyParts({ client, table });
  return async function* receiptsOf({
    partition,
    from = '0',
    limit,
  }: ReceiptsOfAsked): AsyncGenerator<PastReceipts, void, undefined> {
    const query = {
      TableName: table,
      ConsistentRead: true,
      ...(limit !== undefined && { Limit: limit }),
      KeyConditionExpression: '#partition = :partition AND id >= :from',
      ExpressionAttributeNames: { '#partition': 'partition' },
      ExpressionAttributeValues: { ':partition': { S: partition }, ':from': { S: from } },
    };
    for await (const { items, next } of queryPages({ client, query })) {
      const receipts: PastReceipt[] = [];
      for (const item of items) {
        const count = bodyPartsOf(item);
        const key = { partition, id: item.id?.S ?? '' };
        const body = count === undefined ? undefined : await parts.read(key, count);
        receipts.push({
          receipt: receiptOf(item, body),
          facts: storedFacts(item),
          factsLeftOut: Number(item.factsLeftOut?.N ?? 0),
          ...(item.openedBy?.S !== undefined && { openedBy: item.openedBy.S }),
        });
      }
      yield { receipts, isLast: next === undefined };
    }
  };
};
