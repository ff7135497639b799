// Which items does a table hold under up to a hundred keys?
// The row reader and the stream cache call it; it reads the table that they name.
import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  type KeysAndAttributes,
} from '@aws-sdk/client-dynamodb';
import { backOff } from './backOff.ts';

export type Item = Record<string, AttributeValue>;

/** The most keys that one call accepts. */
export const batchKeys = 100;

export interface BatchGet {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly keys: readonly Item[];
  /** The attributes that are wanted; absent: all. */
  readonly only?: Pick<KeysAndAttributes, 'ProjectionExpression' | 'ExpressionAttributeNames'>;
  /** 0 up to 1, for the jitter between calls. */
  readonly random: () => number;
}

/**
 * The items, read consistently and in no fixed order. Keys that a call left out are retried after a pause. The loop ends, because
 * DynamoDB answers a call that reads no key with an error, which the client throws.
 */
export const batchGet = async ({ client, table, keys, only, random }: BatchGet): Promise<readonly Item[]> => {
  const found: Item[] = [];
  let left = [...keys];
  for (let tries = 0; left.length > 0; tries += 1) {
    if (tries > 0) await backOff(tries, random);
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { ...only, Keys: left, ConsistentRead: true } } }),
    );
    found.push(...(Responses?.[table] ?? []));
    left = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return found;
};
