// How does a test look at projection tables? Made on the engine as the template describes them, read whole.
import {
  type AttributeDefinition,
  CreateTableCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { tables } from '../../domain/rows/catalog.ts';
import { type OwnTable, ownTables } from '../../domain/rows/ownTables.ts';
import type { Table } from '../../domain/rows/table.ts';
import type { ReadRow } from '../../functions/query/rowReader.ts';
import { readRow } from '../../functions/query/storedRow.ts';
import { tenantId } from './histories/events.ts';

export interface Projections {
  readonly tableOf: (name: string) => string;
  /** Every row of every table, by table and key. */
  rows(): Promise<Readonly<Record<string, ReadRow>>>;
  /** Takes a row away, by its table and key. */
  remove(id: string): Promise<void>;
}

let made = 0;

/** Makes new, empty projection tables. */
export const createProjections = async (client: DynamoDBClient): Promise<Projections> => {
  made += 1;
  const run = made;
  const tableOf = (name: string): string => `p${run}-${name}`;
  const all: readonly (Pick<Table, 'name' | 'indexes'> & Pick<OwnTable, 'partitionKey'>)[] = [...tables, ...ownTables];
  for (const { name, indexes, partitionKey = 'tenantId' } of all) {
    const attributes = new Set([
      partitionKey,
      'rowKey',
      ...indexes.flatMap((index) => [`ix_${index.name}`, index.sort ?? 'rowKey']),
    ]);
    await client.send(
      new CreateTableCommand({
        TableName: tableOf(name),
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [...attributes].map(
          (AttributeName): AttributeDefinition => ({ AttributeName, AttributeType: 'S' }),
        ),
        KeySchema: [
          { AttributeName: partitionKey, KeyType: 'HASH' },
          { AttributeName: 'rowKey', KeyType: 'RANGE' },
        ],
        ...(indexes.length > 0 && {
          GlobalSecondaryIndexes: indexes.map((index) => ({
            IndexName: index.name,
            KeySchema: [
              { AttributeName: `ix_${index.name}`, KeyType: 'HASH' },
              { AttributeName: index.sort ?? 'rowKey', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          })),
        }),
      }),
    );
  }
  return {
    tableOf,
    rows: async () => {
      const found: Record<string, ReadRow> = {};
      for (const { name } of tables) {
        const { Items } = await client.send(new ScanCommand({ TableName: tableOf(name), ConsistentRead: true }));
        for (const item of Items ?? []) found[`${name}|${item.rowKey?.S}`] = readRow(name, item);
      }
      return found;
    },
    remove: async (id) => {
      const [table = '', rowKey = ''] = id.split('|');
      const name = tables.find((each) => each.name === table)?.name;
      if (name === undefined) throw new Error(`there is no table ${table}`);
      const Key = { tenantId: { S: tenantId }, rowKey: { S: rowKey } };
      await client.send(new DeleteItemCommand({ TableName: tableOf(name), Key }));
    },
  };
};
