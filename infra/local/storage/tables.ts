// Do all tables of the template exist, with the right keys, indexes and streams? Missing tables are created.

import { isObject, type JsonObject } from '../core/json.ts';
import type { KeyPart, TablePlan } from '../core/plan.ts';
import { Refusal } from '../core/refusal.ts';
import { type EngineCall, EngineError } from './engineCall.ts';

const keySchema = (key: readonly KeyPart[]) => key.map(({ name, role }) => ({ AttributeName: name, KeyType: role }));

const creation = (table: TablePlan): JsonObject => ({
  TableName: table.name,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: keySchema(table.key),
  AttributeDefinitions: Object.entries(table.attributes).map(([name, type]) => ({
    AttributeName: name,
    AttributeType: type,
  })),
  ...(table.indexes.length === 0
    ? {}
    : {
        GlobalSecondaryIndexes: table.indexes.map((index) => ({
          IndexName: index.name,
          KeySchema: keySchema(index.key),
          Projection: index.projection,
        })),
      }),
  ...(table.streamView === undefined
    ? {}
    : { StreamSpecification: { StreamEnabled: true, StreamViewType: table.streamView } }),
});

/** The parts of a table that can't be changed later (keys, indexes, stream), as a text to compare. */
function shape(keys: unknown, indexes: unknown, stream: unknown): string {
  const listed = (Array.isArray(indexes) ? indexes : [])
    .filter(isObject)
    .map((index) => JSON.stringify([index.IndexName, keyText(index.KeySchema)]))
    .sort();
  const view = isObject(stream) ? stream.StreamViewType : undefined;
  return JSON.stringify([keyText(keys), listed, view ?? null]);
}

const keyText = (schema: unknown): string =>
  (Array.isArray(schema) ? schema : [])
    .filter(isObject)
    .map((part) => `${String(part.AttributeName)} ${String(part.KeyType)}`)
    .join(', ');

async function describe(call: EngineCall, name: string): Promise<JsonObject | undefined> {
  try {
    const { Table } = await call('DescribeTable', { TableName: name });
    return isObject(Table) ? Table : undefined;
  } catch (error) {
    if (error instanceof EngineError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** Creates the missing tables. Throws a `Refusal`, and creates none, if the keys or indexes of existing tables differ. */
export async function ensureTables(call: EngineCall, tables: readonly TablePlan[]): Promise<void> {
  const refusals: string[] = [];
  const absent: TablePlan[] = [];
  for (const table of tables) {
    const found = await describe(call, table.name);
    const wanted = creation(table);
    if (found === undefined) {
      absent.push(table);
    } else if (
      shape(found.KeySchema, found.GlobalSecondaryIndexes, found.StreamSpecification) !==
      shape(wanted.KeySchema, wanted.GlobalSecondaryIndexes, wanted.StreamSpecification)
    ) {
      refusals.push(
        `Table ${table.name} exists with other keys, indexes or stream than in the template. ` +
          'Start with --reset to delete all data, or with --data on another directory.',
      );
    }
  }
  if (refusals.length > 0) throw new Refusal(refusals);
  for (const table of absent) await call('CreateTable', creation(table));
}
