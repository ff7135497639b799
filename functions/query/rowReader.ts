// What do the projection tables hold for a tenant, or for one of its partners? Pages of rows, nulls restored.
import { type AttributeValue, type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { tables } from '../../domain/rows/catalog.ts';
import { type Cell, type TableName, tableNames } from '../../domain/rows/row.ts';
import { projectorAttributes } from '../project/projectionStore.ts';
import { batchGetRows } from './batchGetRows.ts';

type Item = Record<string, AttributeValue>;

/** A row as it is read: its columns, null where it says nothing. */
export type ReadRow = Readonly<Record<string, Cell>>;

export interface Page {
  readonly rows: readonly ReadRow[];
  /** The key after which to go on; undefined where nothing follows. */
  readonly end: string | undefined;
}

export interface PageRequest {
  readonly table: TableName;
  readonly tenantId: string;
  /** An index and the values of its columns; absent: the whole tenant. */
  readonly within?: { readonly index: string; readonly values: readonly string[] } | undefined;
  /** Only keys that begin so; of the whole tenant only. */
  readonly prefix?: string | undefined;
  readonly keep?: ((row: ReadRow) => boolean) | undefined;
  /** The row's key after which to begin. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** With `keep`, a page looks at so many rows at the most: it may then hold fewer than asked, and still name its end. */
const mostLookedAt = 10_000;
const leastAtOnce = 250;

export interface RowReader {
  page(request: PageRequest): Promise<Page>;
  /** One row, read consistently; undefined where there is none. */
  row(table: TableName, tenantId: string, rowKey: string): Promise<ReadRow | undefined>;
}

const Cells: z.ZodType<Cell> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(Cells), z.record(z.string(), Cells)]),
);
const Columns = z.record(z.string(), Cells);

const internal = (name: string): boolean =>
  name.startsWith('ix_') || name === 'tenantId' || projectorAttributes.has(name);

/** An item as a row of its table. */
export const readRow = (table: TableName, item: Item): ReadRow => {
  const columns = tables.find(({ name }) => name === table)?.columns.shape ?? {};
  const stored = Object.entries(unmarshall(item)).filter(([name]) => !internal(name) || Object.hasOwn(columns, name));
  return Columns.parse({
    ...Object.fromEntries(Object.keys(columns).map((name) => [name, null])),
    ...Object.fromEntries(stored),
  });
};

/** Reads the tables of DynamoDB; `tableOf` names them. */
export const createRowReader = ({
  client,
  tableOf,
  random,
}: {
  readonly client: DynamoDBClient;
  readonly tableOf: (name: TableName) => string;
  readonly random: () => number;
}): RowReader => {
  const query = (request: PageRequest, after: string | undefined, limit: number): QueryCommand => {
    const { table, tenantId, within, prefix } = request;
    const partition = within === undefined ? 'tenantId' : `ix_${within.index}`;
    const value = { S: within === undefined ? tenantId : [tenantId, ...within.values].join('#') };
    return new QueryCommand({
      TableName: tableOf(table),
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
   * The whole items of what a query answered. An index holds only keys, so that a row's other changes don't write it again; a
   * row that left the index after it was asked is none of it.
   */
  const wholeItems = async ({ table, tenantId, within }: PageRequest, items: readonly Item[]) => {
    if (within === undefined) return items;
    const rowKeys = items.flatMap(({ rowKey }) => rowKey?.S ?? []);
    const found = await batchGetRows({ client, table: tableOf(table), tenantId, rowKeys, random });
    const place = `ix_${within.index}`;
    return items.map((item) => {
      const whole = found.get(item.rowKey?.S ?? '');
      return whole !== undefined && whole[place]?.S === item[place]?.S ? whole : undefined;
    });
  };

  return {
    page: async (request) => {
      const { table, limit, keep } = request;
      const rows: ReadRow[] = [];
      let after = request.after;
      for (let lookedAt = 0; ; ) {
        const atOnce = keep === undefined ? limit - rows.length : Math.max(limit, leastAtOnce);
        const { Items: items = [], LastEvaluatedKey: last } = await client.send(query(request, after, atOnce));
        for (const [index, item] of (await wholeItems(request, items)).entries()) {
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
  };
};

/** A table by the name that a caller wrote; undefined where there is none. */
export const tableNamed = (name: string): TableName | undefined => tableNames.find((table) => table === name);
