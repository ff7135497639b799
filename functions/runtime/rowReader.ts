// What do the projection tables hold for a tenant, or for one of its partners? Pages of rows, nulls restored.
import { type AttributeValue, type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { tables } from '../../domain/rows/catalog.ts';
import { type Cell, type TableName, tableNames } from '../../domain/rows/row.ts';
import type { Position } from './cursor.ts';
import { projectorAttributes } from './projectionStore.ts';

/** A row as it is read: its columns, null where it says nothing. */
export type ReadRow = Readonly<Record<string, Cell>>;

export interface Page {
  readonly rows: readonly ReadRow[];
  readonly end: Position | undefined;
}

export interface PageRequest {
  readonly table: TableName;
  readonly tenantId: string;
  /** An index and the values of its columns; absent: the whole tenant. */
  readonly within?: { readonly index: string; readonly values: readonly string[] } | undefined;
  /** Only keys that begin so; of the whole tenant only. */
  readonly prefix?: string | undefined;
  readonly keep?: ((row: ReadRow) => boolean) | undefined;
  readonly after?: Position | undefined;
  readonly limit: number;
}

export interface RowReader {
  page(request: PageRequest): Promise<Page>;
  /** One row; undefined where there is none. */
  row(table: TableName, tenantId: string, rowKey: string): Promise<ReadRow | undefined>;
}

const Cells: z.ZodType<Cell> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(Cells), z.record(z.string(), Cells)]),
);
const Columns = z.record(z.string(), Cells);

const internal = (name: string): boolean =>
  name.startsWith('ix_') || name === 'tenantId' || name === 'streamVersion' || projectorAttributes.has(name);

/** An item as a row of its table. */
export const readRow = (table: TableName, item: Record<string, AttributeValue>): ReadRow => {
  const columns = tables.find(({ name }) => name === table)?.columns.shape ?? {};
  const stored = Object.entries(unmarshall(item)).filter(([name]) => !internal(name) || Object.hasOwn(columns, name));
  return Columns.parse({
    ...Object.fromEntries(Object.keys(columns).map((name) => [name, null])),
    ...Object.fromEntries(stored),
  });
};

const textKeys = (key: Record<string, AttributeValue>): Position =>
  Object.fromEntries(Object.entries(key).flatMap(([name, value]) => (value.S === undefined ? [] : [[name, value.S]])));

/** Reads the tables of DynamoDB; `tableOf` names them. */
export const createRowReader = ({
  client,
  tableOf,
}: {
  readonly client: DynamoDBClient;
  readonly tableOf: (name: TableName) => string;
}): RowReader => {
  const query = (request: PageRequest, after: Position | undefined, limit: number): QueryCommand => {
    const { table, tenantId, within, prefix } = request;
    const partition = within === undefined ? 'tenantId' : `ix_${within.index}`;
    const value = within === undefined ? tenantId : [tenantId, ...within.values].join('#');
    return new QueryCommand({
      TableName: tableOf(table),
      ...(within !== undefined && { IndexName: within.index }),
      KeyConditionExpression: `#partition = :value${prefix === undefined ? '' : ' AND begins_with(rowKey, :prefix)'}`,
      ExpressionAttributeNames: { '#partition': partition },
      ExpressionAttributeValues: { ':value': { S: value }, ...(prefix !== undefined && { ':prefix': { S: prefix } }) },
      Limit: limit,
      ...(after !== undefined && {
        ExclusiveStartKey: Object.fromEntries(Object.entries(after).map(([name, text]) => [name, { S: text }])),
      }),
    });
  };

  return {
    page: async (request) => {
      const rows: ReadRow[] = [];
      let after = request.after;
      do {
        const answer = await client.send(query(request, after, request.limit - rows.length));
        const found = (answer.Items ?? []).map((item) => readRow(request.table, item));
        rows.push(...(request.keep === undefined ? found : found.filter(request.keep)));
        after = answer.LastEvaluatedKey === undefined ? undefined : textKeys(answer.LastEvaluatedKey);
      } while (after !== undefined && rows.length < request.limit);
      return { rows, end: after };
    },
    row: async (table, tenantId, rowKey) => {
      const answer = await client.send(
        new GetItemCommand({ TableName: tableOf(table), Key: { tenantId: { S: tenantId }, rowKey: { S: rowKey } } }),
      );
      return answer.Item === undefined ? undefined : readRow(table, answer.Item);
    },
  };
};

/** A table by the name that a caller wrote; undefined where there is none. */
export const tableNamed = (name: string): TableName | undefined => tableNames.find((table) => table === name);
