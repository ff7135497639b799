// How is a body that is too large for its receipt stored, in parts beside it?
// `receipts.ts` and `receiptEndings.ts` call it; it writes and reads parts, in a partition of the receipts table per receipt.
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { addDays, epochOf } from '../../events/instant.ts';
import { packText, unpackText } from '../aws/packText.ts';
import { endedDaysKept, type ReceiptKey } from './receipt.ts';

export interface BodyParts {
  /** Stores the parts of a body that is too large for one item, and returns their number; undefined for any other body. */
  put(key: ReceiptKey, body: string, receivedAt: string): Promise<number | undefined>;
  /** The body of a receipt with so many parts, read consistently; throws where a part is absent. */
  read(key: ReceiptKey, parts: number): Promise<string>;
  /** Says when the parts are deleted, in seconds since 1970; undefined: not at all. */
  expire(key: ReceiptKey, parts: number, expiresAt: number | undefined): Promise<void>;
  /** Deletes the parts; one that is gone already is no error. */
  remove(key: ReceiptKey, parts: number): Promise<void>;
}

/** The most bytes that a receipt holds itself, packed. An item ends at 400 KB, and the ending needs room too. */
const mostInOne = 300 * 1024;

/** A crash may leave parts without a receipt. So new parts have an end, a little later than that of a receipt that ends at once. */
const daysKept = endedDaysKept + 7;

/** Seconds since 1970, as DynamoDB reads the end of an item. */
export const expiryOf = (from: string, days: number): number => Math.floor(epochOf(addDays(from, days)) / 1000);

const keysOf = ({ partition, id }: ReceiptKey, parts: number) =>
  Array.from({ length: parts }, (_, index) => ({
    partition: { S: `part#${partition}#${id}` },
    id: { S: String(index) },
  }));

/** The parts of bodies in the receipts table. */
export const createBodyParts = ({
  client,
  table,
}: {
  readonly client: DynamoDBClient;
  readonly table: string;
}): BodyParts => ({
  put: async (key, body, receivedAt) => {
    // Compressed or not, a body of so few bytes is no larger in its item.
    if (Buffer.byteLength(body) <= mostInOne) return undefined;
    const bytes = packText(body);
    if (bytes.length <= mostInOne) return undefined;
    const parts = Math.ceil(bytes.length / mostInOne);
    const expiresAt = { N: String(expiryOf(receivedAt, daysKept)) };
    const puts = keysOf(key, parts).map(async (place, index) => {
      const body = { B: bytes.subarray(index * mostInOne, (index + 1) * mostInOne) };
      const Item = { ...place, kind: { S: 'part' }, expiresAt, body };
      try {
        // A repeated put must not give an end to parts whose receipt waits by now.
        const ConditionExpression = 'attribute_not_exists(id)';
        await client.send(new PutItemCommand({ TableName: table, Item, ConditionExpression }));
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    });
    await Promise.all(puts);
    return parts;
  },

  read: async (key, parts) => {
    const read = await Promise.all(
      keysOf(key, parts).map((Key) => client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))),
    );
    const bytes = read.map(({ Item }, index) => {
      if (Item?.body?.B === undefined) throw new Error(`part ${index} of receipt ${key.id} is absent`);
      return Item.body.B;
    });
    return unpackText(Buffer.concat(bytes));
  },

  expire: async (key, parts, expiresAt) => {
    const UpdateExpression = expiresAt === undefined ? 'REMOVE expiresAt' : 'SET expiresAt = :at';
    const updates = keysOf(key, parts).map(async (Key) => {
      try {
        await client.send(
          new UpdateItemCommand({
            ...{ TableName: table, Key, UpdateExpression, ConditionExpression: 'attribute_exists(id)' },
            ...(expiresAt !== undefined && { ExpressionAttributeValues: { ':at': { N: String(expiresAt) } } }),
          }),
        );
      } catch (error) {
        // DynamoDB has deleted it already.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    });
    await Promise.all(updates);
  },

  remove: async (key, parts) => {
    await Promise.all(keysOf(key, parts).map((Key) => client.send(new DeleteItemCommand({ TableName: table, Key }))));
  },
});
