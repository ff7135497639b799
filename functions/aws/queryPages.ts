// Which items does a query find, page by page?
// Stores and readers call it; it reads the table or index that the query names.
import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { Item } from './batchGet.ts';

export interface QueryPage {
  /** May be empty although more pages follow. */
  readonly items: readonly Item[];
  /** The `ExclusiveStartKey` of the next page; absent on the last page. */
  readonly next?: Item;
}

export interface Query {
  readonly client: DynamoDBClient;
  /** With an `ExclusiveStartKey`, the pages begin after it. */
  readonly query: QueryCommandInput;
  /** The limit of each page, by the page's number from 0; absent: the query's own limit. */
  readonly limitOf?: (page: number) => number;
}

/**
 * The pages of a query, which DynamoDB ends at a megabyte, at a limit, or earlier. Each is one call, which is made when the
 * caller asks for the page.
 */
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
