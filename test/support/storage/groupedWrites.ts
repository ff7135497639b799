// Where do tests of grouped writes find an engine, tables of their own, and writes that come in one moment?
// The tests of the engine's client call it; it starts an embedded engine on a temporary folder.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { JsonObject } from '../../../infra/local/core/json.ts';
import { type OpenEngine, startEngine } from '../../../infra/local/storage/engine.ts';
import { type EngineAnswer, type EnginePass, engineCaller } from '../../../infra/local/storage/engineCall.ts';
import { groupedWrites } from '../../../infra/local/storage/groupedWrites.ts';

/** A call that writes one item, without its table. */
export type Write = readonly [operation: string, input: JsonObject];

export const item = (id: string, v = 2): JsonObject => ({ id: { S: id }, v: { N: String(v) } });
export const absent = { ConditionExpression: 'attribute_not_exists(id)' };
export const present = { ConditionExpression: 'attribute_exists(id)' };
export const is = (v: number) => ({
  ConditionExpression: 'v = :is',
  ExpressionAttributeValues: { ':is': { N: String(v) } },
});
export const told = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
export const add = { UpdateExpression: 'ADD n :n', ExpressionAttributeValues: { ':n': { N: '1' } } };

export const sent = (pass: EnginePass, table: string, [operation, input]: Write): Promise<EngineAnswer> =>
  pass(operation, JSON.stringify({ TableName: table, ...input }));

/** An answer without the name of a test's own table; the engine orders an item's attributes anew in each. */
export const read = ({ status, body }: EngineAnswer) => ({
  status,
  body: JSON.parse(body.replaceAll(/things-\d+/g, '')),
});

/** Counts what the engine is sent, and lets nothing through before `open`. */
export const watched = (pass: EnginePass) => {
  const gate = Promise.withResolvers<void>();
  const operations: string[] = [];
  const through: EnginePass = async (operation, body) => {
    operations.push(operation);
    await gate.promise;
    return await pass(operation, body);
  };
  return { operations, through, open: () => gate.resolve() };
};

/** All that has come by now has been looked at. */
export const aMoment = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const keysOf = (): readonly string[] => ['id'];

/** Sends the writes at once, behind a first one that is under way. */
const behindAFirst = async (engine: EnginePass, table: string, writes: readonly Write[]) => {
  const { operations, through, open } = watched(engine);
  const pass = groupedWrites(through, keysOf);
  const first = sent(pass, table, ['PutItem', { Item: item('first') }]);
  await aMoment();
  const others = writes.map((write) => sent(pass, table, write));
  open();
  expect(await first).toEqual({ status: 200, body: '{}' });
  return { operations, answers: await Promise.all(others) };
};

const scanned = async (engine: OpenEngine, table: string): Promise<unknown> => {
  const { Items } = await engine.call('Scan', { TableName: table });
  const items: readonly { readonly id: { readonly S: string } }[] = Array.isArray(Items) ? Items : [];
  return items.filter(({ id }) => id.S !== 'first').sort((a, b) => (a.id.S < b.id.S ? -1 : 1));
};

/** What the table's stream says of each item, in order. */
const streamed = async (engine: OpenEngine, table: string): Promise<ReadonlyMap<string, readonly unknown[]>> => {
  const { Table } = await engine.call('DescribeTable', { TableName: table });
  const StreamArn = Object(Table).LatestStreamArn;
  const { StreamDescription } = await engine.call('DescribeStream', { StreamArn });
  const { ShardId } = Object(StreamDescription).Shards[0];
  const asked = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
  const { ShardIterator } = await engine.call('GetShardIterator', asked);
  const { Records } = await engine.call('GetRecords', { ShardIterator });
  const records: readonly { readonly eventName: string; readonly dynamodb: JsonObject }[] = Array.isArray(Records)
    ? Records
    : [];
  const said = records.map(({ eventName, dynamodb: { Keys, NewImage } }) => ({ eventName, Keys, NewImage }));
  return Map.groupBy(said, ({ Keys }) => JSON.stringify(Keys));
};

/** A table of things, as a template would name it. */
export const thingsTable = (name: string) => ({
  ...{ name, key: [{ name: 'id', role: 'HASH' as const }], attributes: { id: 'S' } },
  ...{ indexes: [], streamView: 'NEW_IMAGE' },
});

/** Starts an engine for a test file. */
export const startWrites = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'grouped-writes-'));
  const engine = await startEngine({ dataDir, log: () => undefined });
  const single = engineCaller(engine.endpoint);
  let made = 0;
  return {
    dataDir,
    engine,
    /** Passes each call on alone. */
    alone: single.pass,
    /** A new table with a stream, which holds the items `old` and `older`. */
    newTable: async (): Promise<string> => {
      made += 1;
      const name = `things-${made}`;
      await engine.ensureTables([thingsTable(name)]);
      for (const id of ['old', 'older']) await engine.call('PutItem', { TableName: name, Item: item(id, 1) });
      return name;
    },
    inOneMoment: (table: string, writes: readonly Write[]) => behindAFirst(single.pass, table, writes),
    scanned: (table: string) => scanned(engine, table),
    streamed: (table: string) => streamed(engine, table),
    stop: async (): Promise<void> => {
      single.close();
      await engine.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
