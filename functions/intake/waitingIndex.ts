// Which receipts wait for an external id?
// `settleReceipt.ts` and `wakeReceipts.ts` call it; it writes and reads pointers, in a partition of the receipts table per missing id.
import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { canonicalJson, type ExternalId, uuidOf } from '../../events/identifiers.ts';
import { callsAtOnce, inParallel } from '../aws/parallel.ts';
import { queryPages } from '../aws/queryPages.ts';
import type { ReceiptKey } from '../receipts/receipt.ts';

/** DynamoDB's limit for a partition key, in bytes. */
const longestKey = 2048;

/**
 * The most bytes of partitions that a receipt stores beside its body, its facts and its parts. A batch may lack more ids than fit;
 * links of the others find it when the sweep offers it again.
 */
const mostBytes = 8 * 1024;

/** The partitions that a receipt stores: those that it stored before, and as many of these as there is room for. */
export const storedPartitions = (before: readonly string[], partitions: readonly string[]): readonly string[] => {
  let left = mostBytes;
  return [...new Set([...before, ...partitions])].filter((partition, place) => {
    left -= Buffer.byteLength(partition) + 4;
    return place < before.length || left >= 0;
  });
};

/** The partition under which receipts wait for an external id. */
export const waitPartitionOf = (tenantId: string, { system, kind, id }: ExternalId): string => {
  const partition = `wait#${tenantId}#${system}#${kind}#${id}`;
  return Buffer.byteLength(partition) <= longestKey ? partition : `wait#${tenantId}#${uuidOf(system, kind, id)}`;
};

/** The external id of a partition; undefined where it was too long to stand there. No system and no kind has a `#`. */
export const externalIdOfWait = (partition: string): ExternalId | undefined => {
  const [, , system, kind, ...id] = partition.split('#');
  return system === undefined || kind === undefined || id.length === 0 ? undefined : { system, kind, id: id.join('#') };
};

/** An external id in the reason for which a receipt waits: `system/kind/id`; as JSON where that could be read in another way. */
export const externalIdText = ({ system, kind, id }: ExternalId): string =>
  /[/{]/.test(`${system}${kind}`) || [system, kind, id].some((text) => text.includes(', '))
    ? canonicalJson({ system, kind, id })
    : `${system}/${kind}/${id}`;

export interface Waiting {
  /** Writes a pointer to the receipt into each partition. */
  add(receipt: ReceiptKey, partitions: readonly string[]): Promise<void>;
  /** Removes the receipt's pointers from the partitions; a missing pointer is not an error. */
  remove(receipt: ReceiptKey, partitions: readonly string[]): Promise<void>;
  /** The receipts that wait in a partition, read consistently. */
  under(partition: string): AsyncIterable<readonly ReceiptKey[]>;
}

export interface WaitingIndexSettings {
  readonly client: DynamoDBClient;
  readonly table: string;
}

/** Tenants and connections may contain a `|`, but receipt ids do not: the last `|` divides the pointer. */
const pointerOf = ({ partition, id }: ReceiptKey): string => `${partition}|${id}`;
const receiptKeyOf = (pointer: string): ReceiptKey => {
  const bar = pointer.lastIndexOf('|');
  return { partition: pointer.slice(0, bar), id: pointer.slice(bar + 1) };
};

/** The pointers in the receipts table. */
export const createWaitingIndex = ({ client, table }: WaitingIndexSettings): Waiting => ({
  add: async (receipt, partitions) => {
    const id = { S: pointerOf(receipt) };
    await inParallel(partitions, callsAtOnce, (partition) =>
      client.send(
        new PutItemCommand({ TableName: table, Item: { partition: { S: partition }, id, kind: { S: 'wait' } } }),
      ),
    );
  },

  remove: async (receipt, partitions) => {
    const id = { S: pointerOf(receipt) };
    await inParallel(partitions, callsAtOnce, (partition) =>
      client.send(new DeleteItemCommand({ TableName: table, Key: { partition: { S: partition }, id } })),
    );
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
