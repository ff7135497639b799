// Which items stand under up to a hundred keys of a table? One consistent call, and after a pause another for what it left out.
import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  type KeysAndAttributes,
} from '@aws-sdk/client-dynamodb';
import { backOff } from './backOff.ts';

export type Item = Record<string, AttributeValue>;

/** So many keys one call takes. */
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

/** The items, in no promised order. It ends, as a call that reads no key at all is an error, which the client throws. */
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
