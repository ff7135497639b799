// Who is the person, the role or the team that a reference in a fact stands for?
// The record and query handlers and `npm run erase` call it; it reads and writes the table of names, which alone may hold names.
import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { batchGet, batchKeys } from '../aws/batchGet.ts';
import { queryPages } from '../aws/queryPages.ts';

export interface PersonName {
  readonly reference: string;
  readonly name: string;
}

export interface Names {
  put(tenantId: string, named: PersonName): Promise<void>;
  /** Removes a name; answers the one that stood. */
  remove(tenantId: string, reference: string): Promise<string | undefined>;
  /** The names of these references, as far as they are known. */
  of(tenantId: string, references: readonly string[]): Promise<Readonly<Record<string, string>>>;
  /** A page of the tenant's names, by reference; `end` is where the next one begins, absent where there is none. */
  page(
    tenantId: string,
    asked: { readonly after: string | undefined; readonly limit: number },
  ): Promise<{ readonly items: readonly PersonName[]; readonly end?: string }>;
}

export interface NamesSettings {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** 0 up to 1, for the jitter between calls. */
  readonly random: () => number;
}

const keyOf = (tenantId: string, reference: string) => ({ tenantId: { S: tenantId }, reference: { S: reference } });

/** The names of a table. */
export const createNames = ({ client, table, random }: NamesSettings): Names => ({
  put: async (tenantId, { reference, name }) => {
    const Item = { ...keyOf(tenantId, reference), name: { S: name } };
    await client.send(new PutItemCommand({ TableName: table, Item }));
  },

  remove: async (tenantId, reference) => {
    const Key = keyOf(tenantId, reference);
    const { Attributes } = await client.send(new DeleteItemCommand({ TableName: table, Key, ReturnValues: 'ALL_OLD' }));
    return Attributes?.name?.S;
  },

  of: async (tenantId, references) => {
    const found: [string, string][] = [];
    for (let start = 0; start < references.length; start += batchKeys) {
      const keys = references.slice(start, start + batchKeys).map((reference) => keyOf(tenantId, reference));
      const items = await batchGet({ client, table, keys, random });
      found.push(...items.map(({ reference, name }): [string, string] => [reference?.S ?? '', name?.S ?? '']));
    }
    return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
  },

  page: async (tenantId, { after, limit }) => {
    const query = {
      TableName: table,
      ConsistentRead: true,
      Limit: limit,
      KeyConditionExpression: 'tenantId = :tenant',
      ExpressionAttributeValues: { ':tenant': { S: tenantId } },
      ...(after !== undefined && { ExclusiveStartKey: keyOf(tenantId, after) }),
    };
    for await (const { items, next } of queryPages({ client, query })) {
      const end = next?.reference?.S;
      return {
        items: items.map(({ reference, name }) => ({ reference: reference?.S ?? '', name: name?.S ?? '' })),
        ...(end !== undefined && { end }),
      };
    }
    return { items: [] };
  },
});
