// What does a month of what a million facts leave behind cost? Every table's items and index entries, as DynamoDB counts their bytes.
import { isObject, type JsonObject } from '../../infra/local/core/json.ts';
import type { IndexPlan, TablePlan } from '../../infra/local/core/plan.ts';
import type { EngineCall } from '../../infra/local/storage/engineCall.ts';
import type { CostLine } from './costLine.ts';
import { itemBytes } from './itemBytes.ts';
import { prices } from './prices.ts';

/** DynamoDB adds so much to each item, and to each entry of an index. */
const overhead = 100;

const objects = (value: unknown): readonly JsonObject[] =>
  (Array.isArray(value) ? value : []).filter((each) => isObject(each));

/** What an index holds of an item; nothing where the item lacks a part of its key. */
const entryBytes = (item: JsonObject, table: TablePlan, { key, projection }: IndexPlan): number => {
  if (key.some(({ name }) => item[name] === undefined)) return 0;
  const { ProjectionType, NonKeyAttributes } = isObject(projection) ? projection : {};
  const more = Array.isArray(NonKeyAttributes) ? NonKeyAttributes : [];
  const held = new Set([...key, ...table.key].map(({ name }) => name).concat(more.map(String)));
  const entry =
    ProjectionType === 'ALL' ? item : Object.fromEntries(Object.entries(item).filter(([name]) => held.has(name)));
  return itemBytes(entry) + overhead;
};

const tableBytes = async (call: EngineCall, table: TablePlan): Promise<number> => {
  let bytes = 0;
  let from: unknown;
  do {
    const { Items, LastEvaluatedKey } = await call('Scan', {
      TableName: table.name,
      ...(from !== undefined && { ExclusiveStartKey: from }),
    });
    for (const item of objects(Items)) {
      bytes += itemBytes(item) + overhead;
      for (const index of table.indexes) bytes += entryBytes(item, table, index);
    }
    from = LastEvaluatedKey;
  } while (from !== undefined);
  return bytes;
};

/** Commits and rows stay for as long as their stream; receipts go 90 days after they have ended. */
export const storedLines = async (
  call: EngineCall,
  tables: readonly TablePlan[],
  facts: number,
): Promise<readonly CostLine[]> => {
  const { storedGigabytes, backedUpGigabytes } = prices.monthly;
  const lines: CostLine[] = [];
  for (const table of tables) {
    const bytes = (await tableBytes(call, table)) / facts;
    const name = table.name.replaceAll(/Foundation-|Operational-|Rows-/g, '');
    const dollars = (bytes / 1000) * (storedGigabytes.dollars + backedUpGigabytes.dollars);
    lines.push({ name: `${name}: ${bytes.toFixed(0)} bytes a fact`, dollars });
  }
  const [large, small] = [
    lines.filter(({ dollars }) => dollars >= 0.05),
    lines.filter(({ dollars }) => dollars < 0.05),
  ];
  const rest = { name: `${small.length} tables more`, dollars: small.reduce((sum, { dollars }) => sum + dollars, 0) };
  return [...large.toSorted((a, b) => b.dollars - a.dollars), rest];
};
