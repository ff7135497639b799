// Which items does a tenant have under these row keys?
// The row reader calls it; it reads the table that the caller names.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { batchGet, batchKeys, type Item } from '../aws/batchGet.ts';

export interface RowsAsked {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly tenantId: string;
  readonly rowKeys: readonly string[];
  readonly random: () => number;
}

/** The items by row key; a key without an item is left out. */
export const batchGetRows = async ({ tenantId, rowKeys, ...from }: RowsAsked): Promise<ReadonlyMap<string, Item>> => {
  const keys = rowKeys.map((rowKey): Item => ({ tenantId: { S: tenantId }, rowKey: { S: rowKey } }));
  const batches = Array.from({ length: Math.ceil(keys.length / batchKeys) }, (_, batch) =>
    batchGet({ ...from, keys: keys.slice(batch * batchKeys, (batch + 1) * batchKeys) }),
  );
  const items = (await Promise.all(batches)).flat();
  return new Map(items.flatMap((item) => (item.rowKey?.S === undefined ? [] : [[item.rowKey.S, item]])));
};
