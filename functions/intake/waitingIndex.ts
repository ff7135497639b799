// Which receipts wait for an external id? Pointers to them, in a partition of the receipts table for each id that is missing.
import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type ExternalId, uuidOf } from '../../events/identifiers.ts';
import { queryPages } from '../aws/queryPages.ts';
import type { ReceiptKey } from './receipt.ts';

/** DynamoDB's limit for a partition key, in bytes. */
const longestKey = 2048;

/** The partition under which receipts wait for an external id. */
export const waitPartitionOf = (tenantId: string, { system, kind, id }: ExternalId): string => {
  const partition = `wait#${tenantId}#${system}#${kind}#${id}`;
  return Buffer.byteLength(partition) <= longestKey ? partition : `wait#${tenantId}#${uuidOf(system, kind, id)}`;
};

export interface Waiting {
  /** Points from the partition at the receipt. */
  add(partition: string, receipt: ReceiptKey): Promise<void>;
  remove(partition: string, receipt: ReceiptKey): Promise<void>;
  /** The receipts that wait in a partition, read consistently. */
  under(partition: string): AsyncIterable<readonly ReceiptKey[]>;
}

export interface WaitingIndexSettings {
  readonly client: DynamoDBClient;
  readonly table: string;
}

/** Ids of receipts hold no bar, tenants and connections may: the last bar divides. */
const pointerOf = ({ partition, id }: ReceiptKey): string => `${partition}|${id}`;
const receiptKeyOf = (pointer: string): ReceiptKey => {
  const bar = pointer.lastIndexOf('|');
  return { partition: pointer.slice(0, bar), id: pointer.slice(bar + 1) };
};

/** The pointers in the receipts table. */
export const createWaitingIndex = ({ client, table }: WaitingIndexSettings): Waiting => ({
  add: async (partition, receipt) => {
    const Item = { partition: { S: partition }, id: { S: pointerOf(receipt) }, kind: { S: 'wait' } };
    await client.send(new PutItemCommand({ TableName: table, Item }));
  },

  remove: async (partition, receipt) => {
    const Key = { partition: { S: partition }, id: { S: pointerOf(receipt) } };
    await client.send(new DeleteItemCommand({ TableName: table, Key }));
  },

  async *under(partition) {
    const query = {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: '#partition = :partition',
      ExpressionAttributeNames: { '#partition': 'partition' },
      ExpressionAttributeValues: { ':partition': { S: partition } },
    };
    for await (const { items } of queryPages({ client, query })) {
      yield items.flatMap(({ id }) => (id?.S === undefined ? [] : [receiptKeyOf(id.S)]));
    }
  },
});
