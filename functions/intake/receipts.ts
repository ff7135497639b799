// Where do receipts stand, and how do they end? One conditional put makes one, one update ends it or lets it wait.
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Issue } from '../../events/catalog.ts';
import { addDays, epochOf } from '../../events/instant.ts';
import { keyOf, type NewReceipt, type Receipt, type ReceiptKey, receiptItem, receiptOf } from './receipt.ts';

/** How a receipt has ended. */
export type Ending =
  | { readonly status: 'translated'; readonly streams: readonly string[] }
  | { readonly status: 'ignored'; readonly reason: string }
  | { readonly status: 'refused'; readonly reason: string; readonly issues: readonly Issue[] };

export interface Waits {
  readonly reason: string;
  readonly waitsUnder: readonly string[];
}

/** What others have made of a receipt meanwhile. */
export type Standing = Pick<Receipt, 'status' | 'waitsUnder'>;

export interface PendingReceipt extends ReceiptKey {
  /** `pending`, or `waiting`. */
  readonly status: string;
  readonly receivedAt: string;
}

export interface PendingPage {
  readonly receipts: readonly PendingReceipt[];
  /** Given back for the next page; absent after the last. */
  readonly cursor?: Record<string, AttributeValue>;
}

export interface Receipts {
  /** Stores a new receipt; an own put met again (after a lost answer, or a redelivery by its queue) counts as stored. */
  keep(receipt: NewReceipt): Promise<ReceiptKey>;
  /** The receipt, read consistently; undefined where there is none any more. */
  get(key: ReceiptKey): Promise<Receipt | undefined>;
  /**
   * Ends it: it leaves the index of what is pending, and goes after 90 days. Not where it has ended, or records other
   * pointers than these: then answers what stands.
   */
  end(key: ReceiptKey, ending: Ending, recorded: readonly string[]): Promise<Standing | undefined>;
  /** Lets it wait, with the reason, under pointers that it records; under the same condition. */
  wait(key: ReceiptKey, waiting: Waits, recorded: readonly string[]): Promise<Standing | undefined>;
  /** Pending and waiting receipts of one of the index's partitions that were received before an instant. */
  pendingBefore(shard: string, before: string, cursor?: Record<string, AttributeValue>): Promise<PendingPage>;
}

export interface ReceiptsSettings {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly now: () => string;
}

const daysKept = 90;
const longestReason = 1000;

const textOf = (value: AttributeValue | undefined): string => value?.S ?? '';

/** The receipts table. */
export const createReceipts = ({ client, table, now }: ReceiptsSettings): Receipts => {
  const at = ({ partition, id }: ReceiptKey) => ({
    TableName: table,
    Key: { partition: { S: partition }, id: { S: id } },
  });

  /** One that is gone, has ended, or records other pointers is not touched; what stands there then, where it stands. */
  const updateOpen = async (
    key: ReceiptKey,
    update: string,
    recorded: readonly string[],
    values: Record<string, unknown>,
  ): Promise<Standing | undefined> => {
    try {
      await client.send(
        new UpdateItemCommand({
          ...at(key),
          UpdateExpression: update,
          ConditionExpression:
            '#status IN (:pending, :waiting) AND (attribute_not_exists(waitsUnder) OR waitsUnder = :recorded)',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: marshall({
            ...values,
            ':recorded': recorded,
            ':pending': 'pending',
            ':waiting': 'waiting',
          }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return error.Item === undefined ? undefined : receiptOf(error.Item);
    }
  };

  return {
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

    get: async (key) => {
      const { Item } = await client.send(new GetItemCommand({ ...at(key), ConsistentRead: true }));
      return Item === undefined ? undefined : receiptOf(Item);
    },

    end: async (key, ending, recorded) => {
      const { status } = ending;
      // What an ending doesn't say is left out: every byte is written again.
      const said = {
        ...(status !== 'translated' && { reason: ending.reason.slice(0, longestReason) }),
        ...(status === 'translated' && ending.streams.length > 0 && { streams: ending.streams }),
        ...(status === 'refused' && ending.issues.length > 0 && { issues: ending.issues.slice(0, 20) }),
      };
      const sets = Object.keys(said).map((name) => `, ${name} = :${name}`);
      // What pointers it had it still says: who comes late with one more finds out that it is to go.
      const removes = ['pending', ...(status === 'translated' ? ['reason'] : [])];
      return await updateOpen(
        key,
        `SET #status = :status, expiresAt = :expiresAt${sets.join('')} REMOVE ${removes.join(', ')}`,
        recorded,
        {
          ':status': status,
          ':expiresAt': Math.floor(epochOf(addDays(now(), daysKept)) / 1000),
          ...Object.fromEntries(Object.entries(said).map(([name, value]) => [`:${name}`, value])),
        },
      );
    },

    wait: (key, { reason, waitsUnder }, recorded) =>
      updateOpen(key, 'SET #status = :waiting, reason = :reason, waitsUnder = :waitsUnder', recorded, {
        ':reason': reason.slice(0, longestReason),
        ':waitsUnder': waitsUnder,
      }),

    pendingBefore: async (shard, before, cursor) => {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'pending',
          KeyConditionExpression: 'pending = :shard AND id < :before',
          ExpressionAttributeValues: { ':shard': { S: shard }, ':before': { S: before } },
          ExclusiveStartKey: cursor,
        }),
      );
      return {
        receipts: (page.Items ?? []).map(({ partition, id, status, receivedAt }) => ({
          partition: textOf(partition),
          id: textOf(id),
          status: textOf(status),
          receivedAt: textOf(receivedAt),
        })),
        ...(page.LastEvaluatedKey !== undefined && { cursor: page.LastEvaluatedKey }),
      };
    },
  };
};
