// How are receipts stored, read, and listed while they are open, and which tenants have any?
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
  openIdOf,
  openPartitionOf,
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
  readonly tenantId: string;
  readonly shard: string;
  /** An instant: only what was received before it. */
  readonly before: string;
  readonly limit: number;
  readonly cursor?: string;
}

export interface TenantsAsked {
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface Receipts extends ReceiptEndings {
  /** Stores a new receipt. A repeated put (after a lost answer, or a redelivery by a queue) counts as stored. */
  keep(receipt: NewReceipt): Promise<ReceiptKey>;
  /** The receipt, read consistently; undefined where it no longer exists. */
  get(key: ReceiptKey): Promise<Receipt | undefined>;
  /** Pending and waiting receipts of a tenant, the oldest first. A page may be empty although more follow. */
  pendingBefore(query: PendingQuery): Promise<PendingPage>;
  /** The tenants of which any receipt was stored, after one of them; `last` is absent after the last page. */
  tenants(page: TenantsAsked): Promise<{ readonly tenants: readonly string[]; readonly last?: string }>;
}

export interface ReceiptsSettings {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly now: () => string;
}

const textOf = (value: AttributeValue | undefined): string => value?.S ?? '';

/** A cursor is the key after which the page begins. */
const Cursor = z.record(z.string(), z.object({ S: z.string() }));

/** The partition that lists the tenants. That of receipts has a `#`. */
const tenantsPartition = 'tenants';

/** The most tenants that a process remembers as listed. */
const mostListed = 10_000;

/** Lists a tenant, once in a process. */
const createTenantList = ({ client, table }: Pick<ReceiptsSettings, 'client' | 'table'>) => {
  const listed = new Set<string>();
  return async (tenantId: string): Promise<void> => {
    if (listed.has(tenantId)) return;
    const Item = { partition: { S: tenantsPartition }, id: { S: tenantId }, kind: { S: 'tenant' } };
    await client.send(new PutItemCommand({ TableName: table, Item }));
    if (listed.size >= mostListed) listed.clear();
    listed.add(tenantId);
  };
};

/** The receipts of a table. */
export const createReceipts = ({ client, table, now }: ReceiptsSettings): Receipts => {
  const listTenant = createTenantList({ client, table });
  return {
    ...createReceiptEndings({ client, table, now }),

    keep: async (receipt) => {
      const { body, receivedAt } = receipt.message;
      // Parts come before their receipt, so that no receipt lacks a part.
      const [parts] = await Promise.all([
        createBodyParts({ client, table }).put(keyOf(receipt), body, receivedAt),
        listTenant(receipt.tenantId),
      ]);
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

    pendingBefore: async ({ tenantId, shard, before, limit, cursor }) => {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'open',
          KeyConditionExpression: '#open = :open AND openId < :before',
          ExpressionAttributeNames: { '#open': 'open' },
          ExpressionAttributeValues: {
            ':open': { S: openPartitionOf(tenantId, shard) },
            ':before': { S: openIdOf(tenantId, before) },
          },
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

    tenants: async ({ after, limit }) => {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: '#partition = :tenants',
          ExpressionAttributeNames: { '#partition': 'partition' },
          ExpressionAttributeValues: { ':tenants': { S: tenantsPartition } },
          Limit: limit,
          ...(after !== undefined && { ExclusiveStartKey: { partition: { S: tenantsPartition }, id: { S: after } } }),
        }),
      );
      const tenants = Items.map(({ id }) => textOf(id));
      const last = tenants.at(-1);
      return { tenants, ...(LastEvaluatedKey !== undefined && last !== undefined && { last }) };
    },
  };
};
