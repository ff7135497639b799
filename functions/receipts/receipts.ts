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
import { createBodyParts } from './bodyParts.ts';
import {
  bodyPartsOf,
  keyOf,
  type NewReceipt,
  type Receipt,
  type ReceiptKey,
  receiptItem,
  receiptOf,
} from './receipt.ts';
import { createReceiptEndings, type ReceiptEndings } from './receiptEndings.ts';
import { receivedAtOf } from './receiptId.ts';

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
  /** Pending and waiting receipts of all tenants, those of a tenant the oldest first. A page may be empty although more follow. */
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
    const { body, receivedAt } = receipt.message;
    // Parts come before their receipt, so that no receipt lacks a part.
    const parts = await createBodyParts({ client, table }).put(keyOf(receipt), body, receivedAt);
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: receiptItem(receipt, parts),
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
    if (Item === undefined) return undefined;
    const parts = bodyPartsOf(Item);
    if (parts === undefined) return receiptOf(Item);
    return receiptOf(Item, await createBodyParts({ client, table }).read({ partition, id }, parts));
  },

  pendingBefore: async ({ shard, before, limit, cursor }) => {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: 'open',
        KeyConditionExpression: '#open = :shard',
        // The tenant leads the sort key, so that one tenant's receipts are found too.
        FilterExpression: 'id < :before',
        ExpressionAttributeNames: { '#open': 'open' },
        ExpressionAttributeValues: { ':shard': { S: shard }, ':before': { S: before } },
        Limit: limit,
        ...(cursor !== undefined && { ExclusiveStartKey: Cursor.parse(JSON.parse(cursor)) }),
      }),
    );
    return {
      receipts: Items.map(({ partition, id, status }) => {
        const key = { partition: textOf(partition), id: textOf(id) };
        return { ...key, status: textOf(status), receivedAt: receivedAtOf(key) };
      }),
      ...(LastEvaluatedKey !== undefined && { cursor: JSON.stringify(LastEvaluatedKey) }),
    };
  },
});
