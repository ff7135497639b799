// How are receipts stored, read, and listed while they are open?
// Receive, translate and sweep call it; it reads and writes the receipts table and its index of open receipts.
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { keyOf, type NewReceipt, type Receipt, type ReceiptKey, receiptItem, receiptOf } from './receipt.ts';
import { createReceiptEndings, type ReceiptEndings } from './receiptEndings.ts';

export interface PendingReceipt extends ReceiptKey {
  /** `pending`, or `waiting`. */
  readonly status: string;
  readonly receivedAt: string;
}

export interface PendingPage {
  readonly receipts: readonly PendingReceipt[];
  /** Pass it back for the next page; absent after the last page. */
  readonly cursor?: string;
}

/** A page of one of the index's partitions. */
export interface PendingQuery {
  readonly shard: string;
  /** An instant: only what was received before it. */
  readonly before: string;
  readonly limit: number;
  readonly cursor?: string;
}

export interface Receipts extends ReceiptEndings {
  /** Stores a new receipt. A repeated put (after a lost answer, or a redelivery by a queue) counts as stored. */
  keep(receipt: NewReceipt): Promise<ReceiptKey>;
  /** The receipt, read consistently; undefined where it no longer exists. */
  get(key: ReceiptKey): Promise<Receipt | undefined>;
  /** Pending and waiting receipts, the oldest first. */
  pendingBefore(query: PendingQuery): Promise<PendingPage>;
}

export interface ReceiptsSettings {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly now: () => string;
}

const textOf = (value: AttributeValue | undefined): string => value?.S ?? '';

/** A cursor is the key after which the page begins. */
const Cursor = z.record(z.string(), z.object({ S: z.string() }));

/** The receipts of a table. */
export const createReceipts = ({ client, table, now }: ReceiptsSettings): Receipts => ({
  ...createReceiptEndings({ client, table, now }),

  keep: async (receipt) => {
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: receiptItem(receipt),
          ConditionExpression: 'attribute_not_exists(id)',
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
    return keyOf(receipt);
  },

  get: async ({ partition, id }) => {
    const Key = { partition: { S: partition }, id: { S: id } };
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item === undefined ? undefined : receiptOf(Item);
  },

  pendingBefore: async ({ shard, before, limit, cursor }) => {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: 'pending',
        KeyConditionExpression: 'pending = :shard AND id < :before',
        ExpressionAttributeValues: { ':shard': { S: shard }, ':before': { S: before } },
        Limit: limit,
        ...(cursor !== undefined && { ExclusiveStartKey: Cursor.parse(JSON.parse(cursor)) }),
      }),
    );
    return {
      receipts: Items.map(({ partition, id, status, receivedAt }) => ({
        ...{ partition: textOf(partition), id: textOf(id) },
        ...{ status: textOf(status), receivedAt: textOf(receivedAt) },
      })),
      ...(LastEvaluatedKey !== undefined && { cursor: JSON.stringify(LastEvaluatedKey) }),
    };
  },
});
