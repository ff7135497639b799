// Which reasons of failures name a person? They are deleted: nothing rests on them.
// `npm run erase` calls it; it scans the table of failures, and deletes items.
import { DeleteItemCommand, type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';

export interface EraseFailures {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly names: (text: string) => boolean;
  /** False: it only looks. */
  readonly apply: boolean;
}

/** How many reasons name the person. */
export async function eraseFailures({ client, table, names, apply }: EraseFailures): Promise<number> {
  let found = 0;
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
    for (const { eventId, at, reason } of Items) {
      if (eventId === undefined || at === undefined || !names(reason?.S ?? '')) continue;
      found += 1;
      if (apply) await client.send(new DeleteItemCommand({ TableName: table, Key: { eventId, at } }));
    }
  }
  return found;
}
