// Which items does a query find? Page after page, as DynamoDB ends each one at a megabyte, at a limit, or earlier; whoever has enough stops.
import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { Item } from './batchGet.ts';

export interface QueryPage {
  /** They may be none, although more pages follow. */
  readonly items: readonly Item[];
  /** The `ExclusiveStartKey` of the page that follows; absent on the last one. */
  readonly next?: Item;
}

export interface Query {
  readonly client: DynamoDBClient;
  /** With an `ExclusiveStartKey`, the pages begin behind it. */
  readonly query: QueryCommandInput;
  /** The limit of each page, counted from 0; the query's own where absent. */
  readonly limitOf?: (page: number) => number;
}

/** One call a page; a page is asked for when the one before has been taken. */
export async function* queryPages({ client, query, limitOf }: Query): AsyncGenerator<QueryPage, void, undefined> {
  let next = query.ExclusiveStartKey;
  let page = 0;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        ...query,
        ExclusiveStartKey: next,
        ...(limitOf !== undefined && { Limit: limitOf(page) }),
      }),
    );
    yield { items: Items, ...(LastEvaluatedKey !== undefined && { next: LastEvaluatedKey }) };
    next = LastEvaluatedKey;
    page += 1;
  } while (next !== undefined);
}

/** The items of all pages, one after another. */
export async function* queryItems(asked: Query): AsyncGenerator<Item, void, undefined> {
  for await (const { items } of queryPages(asked)) yield* items;
}
