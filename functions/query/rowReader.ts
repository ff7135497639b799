// Which rows do the projection tables hold for a tenant, page by page?
// All queries of rows call it; it reads the projection tables and their indexes.
import { type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { TableName } from '../../domain/rows/catalog.ts';
import type { Cell } from '../../domain/rows/row.ts';
import type { Item } from '../aws/batchGet.ts';
import { batchGetRows } from './batchGetRows.ts';
import { type RowOf, readRow } from './storedRow.ts';

/** A row of any table as it is read: its columns, with null where a column is absent. */
export type ReadRow = Readonly<Record<string, Cell>>;

export interface Page<Name extends TableName = TableName> {
  readonly rows: readonly RowOf<Name>[];
  /** The key after which the next page begins; undefined on the last page. */
  readonly end: string | undefined;
}

export interface PageRequest<Name extends TableName = TableName> {
  readonly table: Name;
  readonly tenantId: string;
  /** An index and the values of its columns; absent: the whole tenant. */
  readonly within?: { readonly index: string; readonly values: readonly string[] } | undefined;
  /** Only keys that begin with this text; not together with `within`. */
  readonly prefix?: string | undefined;
  readonly keep?: ((row: RowOf<Name>) => boolean) | undefined;
  /** The row's key after which to begin. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** The most rows that a page with `keep` reads. Such a page may hold fewer rows than its limit although more follow. */
const mostLookedAt = 10_000;
const leastAtOnce = 250;

export interface RowReader {
  page<Name extends TableName>(request: PageRequest<Name>): Promise<Page<Name>>;
  /** One row, read consistently; undefined where there is none. */
  row<Name extends TableName>(table: Name, tenantId: string, rowKey: string): Promise<RowOf<Name> | undefined>;
  /** The last row whose key begins with `prefix` and is not after `upTo`, which begins with it too; undefined where there is none. */
  lastUpTo<Name extends TableName>(request: LastRequest<Name>): Promise<RowOf<Name> | undefined>;
}

interface LastRequest<Name extends TableName> {
  readonly table: Name;
  readonly tenantId: string;
  readonly prefix: string;
  readonly upTo: string;
}

type Asked = Pick<PageRequest, 'table' | 'tenantId' | 'within' | 'prefix'>;

interface RowReaderSettings {
  readonly client: DynamoDBClient;
  /** The DynamoDB table of each projection table. */
  readonly tableOf: (table: string) => string;
  readonly random: () => number;
}

const queryOf = (
  tableName: string,
  { tenantId, within, prefix }: Asked,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): QueryCommand => {
  const partition = within === undefined ? 'tenantId' : `ix_${within.index}`;
  const value = { S: within === undefined ? tenantId : [tenantId, ...within.values].join('#') };
  return new QueryCommand({
    TableName: tableName,
    ...(within !== undefined && { IndexName: within.index }),
    KeyConditionExpression: `#partition = :value${prefix === undefined ? '' : ' AND begins_with(rowKey, :prefix)'}`,
    ExpressionAttributeNames: { '#partition': partition },
    ExpressionAttributeValues: { ':value': value, ...(prefix !== undefined && { ':prefix': { S: prefix } }) },
    Limit: limit,
    ...(after !== undefined && {
      ExclusiveStartKey: { tenantId: { S: tenantId }, rowKey: { S: after }, [partition]: value },
    }),
  });
};

/**
 * The whole items of a query's result. An index holds only keys, so that a change of other columns does not write the index. A
 * row that has left the index since the query is left out.
 */
const wholeItems = async (
  { client, tableOf, random }: RowReaderSettings,
  { table, tenantId, within }: Asked,
  items: readonly Item[],
): Promise<readonly (Item | undefined)[]> => {
  if (within === undefined) return items;
  const rowKeys = items.flatMap(({ rowKey }) => rowKey?.S ?? []);
  const found = await batchGetRows({ client, table: tableOf(table), tenantId, rowKeys, random });
  const place = `ix_${within.index}`;
  return items.map((item) => {
    const whole = found.get(item.rowKey?.S ?? '');
    return whole !== undefined && whole[place]?.S === item[place]?.S ? whole : undefined;
  });
};

/** Reads the tables of DynamoDB. */
export const createRowReader = (settings: RowReaderSettings): RowReader => {
  const { client, tableOf } = settings;
  return {
    page: async <Name extends TableName>(request: PageRequest<Name>): Promise<Page<Name>> => {
      const { table, limit, keep } = request;
      const rows: RowOf<Name>[] = [];
      let after = request.after;
      for (let lookedAt = 0; ; ) {
        const atOnce = keep === undefined ? limit - rows.length : Math.max(limit, leastAtOnce);
        const { Items: items = [], LastEvaluatedKey: last } = await client.send(
          queryOf(tableOf(table), request, { after, limit: atOnce }),
        );
        for (const [index, item] of (await wholeItems(settings, request, items)).entries()) {
          const row = item === undefined ? undefined : readRow(table, item);
          if (row === undefined || (keep !== undefined && !keep(row))) continue;
          rows.push(row);
          if (rows.length < limit) continue;
          const more = index < items.length - 1 || last !== undefined;
          return { rows, end: more ? item?.rowKey?.S : undefined };
        }
        lookedAt += items.length;
        after = last?.rowKey?.S;
        if (after === undefined || lookedAt >= mostLookedAt) return { rows, end: after };
      }
    },
    row: async (table, tenantId, rowKey) => {
      const answer = await client.send(
        new GetItemCommand({
          TableName: tableOf(table),
          Key: { tenantId: { S: tenantId }, rowKey: { S: rowKey } },
          ConsistentRead: true,
        }),
      );
      return answer.Item === undefined ? undefined : readRow(table, answer.Item);
    },
    lastUpTo: async ({ table, tenantId, prefix, upTo }) => {
      const { Items: items = [] } = await client.send(
        new QueryCommand({
          TableName: tableOf(table),
          KeyConditionExpression: 'tenantId = :tenant AND rowKey BETWEEN :prefix AND :upTo',
          ExpressionAttributeValues: { ':tenant': { S: tenantId }, ':prefix': { S: prefix }, ':upTo': { S: upTo } },
          ScanIndexForward: false,
          Limit: 1,
        }),
      );
      return items[0] === undefined ? undefined : readRow(table, items[0]);
    },
  };
};
