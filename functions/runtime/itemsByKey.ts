// Which items stand under these keys? A hundred a call, read consistently, what a call left out asked for again.
import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;

export interface ItemsAsked {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly tenantId: string;
  readonly rowKeys: readonly string[];
}

const batchSize = 100;

const someItems = async ({ client, table, tenantId, rowKeys }: ItemsAsked): Promise<readonly Item[]> => {
  const found: Item[] = [];
  let keys: Item[] = rowKeys.map((rowKey) => ({ tenantId: { S: tenantId }, rowKey: { S: rowKey } }));
  while (keys.length > 0) {
    const answer = await client.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }),
    );
    found.push(...(answer.Responses?.[table] ?? []));
    keys = answer.UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return found;
};

/** The items by their row keys; keys under which nothing stands have none. */
export const itemsByKey = async (asked: ItemsAsked): Promise<ReadonlyMap<string, Item>> => {
  const { rowKeys } = asked;
  const batches = Array.from({ length: Math.ceil(rowKeys.length / batchSize) }, (_, batch) =>
    someItems({ ...asked, rowKeys: rowKeys.slice(batch * batchSize, (batch + 1) * batchSize) }),
  );
  const items = (await Promise.all(batches)).flat();
  return new Map(items.flatMap((item) => (item.rowKey?.S === undefined ? [] : [[item.rowKey.S, item]])));
};
