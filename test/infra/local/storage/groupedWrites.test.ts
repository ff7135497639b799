// Does each caller get the answer that it would have got alone, although writes of one moment go to the engine as one transaction?
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { dataFiles } from '../../../../infra/local/core/dataDirectory.ts';
import type { JsonObject } from '../../../../infra/local/core/json.ts';
import { type OpenEngine, startEngine } from '../../../../infra/local/storage/engine.ts';
import { type EngineAnswer, type EnginePass, engineCaller } from '../../../../infra/local/storage/engineCall.ts';
import { groupedWrites } from '../../../../infra/local/storage/groupedWrites.ts';

// A real engine, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let dataDir = '';
let engine: OpenEngine;
let single: ReturnType<typeof engineCaller>;
let made = 0;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'grouped-writes-'));
  engine = await startEngine({ dataDir, log: () => undefined });
  single = engineCaller(engine.endpoint);
});
afterAll(async () => {
  single.close();
  await engine.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const keysOf = (): readonly string[] => ['id'];

/** A new table with a stream, which holds the items `old` and `older`. */
const newTable = async (): Promise<string> => {
  made += 1;
  const name = `things-${made}`;
  const key = [{ name: 'id', role: 'HASH' as const }];
  await engine.ensureTables([{ name, key, attributes: { id: 'S' }, indexes: [], streamView: 'NEW_IMAGE' }]);
  for (const id of ['old', 'older'])
    await engine.call('PutItem', { TableName: name, Item: { id: { S: id }, v: { N: '1' } } });
  return name;
};

type Write = readonly [operation: string, input: JsonObject];

const item = (id: string, v = 2): JsonObject => ({ id: { S: id }, v: { N: String(v) } });
const absent = { ConditionExpression: 'attribute_not_exists(id)' };
const present = { ConditionExpression: 'attribute_exists(id)' };
const is = (v: number) => ({ ConditionExpression: 'v = :is', ExpressionAttributeValues: { ':is': { N: String(v) } } });
const told = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
const add = { UpdateExpression: 'ADD n :n', ExpressionAttributeValues: { ':n': { N: '1' } } };

const sent = (pass: EnginePass, table: string, [operation, input]: Write): Promise<EngineAnswer> =>
  pass(operation, JSON.stringify({ TableName: table, ...input }));

/** An answer without the name of a test's own table; the engine orders an item's attributes anew in each. */
const read = ({ status, body }: EngineAnswer) => ({ status, body: JSON.parse(body.replaceAll(/things-\d+/g, '')) });

/** Counts what the engine is sent, and lets nothing through before `open`. */
const watched = (pass: EnginePass) => {
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
const aMoment = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Sends the writes at once, behind a first one that is under way. */
const inOneMoment = async (table: string, writes: readonly Write[]) => {
  const { operations, through, open } = watched(single.pass);
  const pass = groupedWrites(through, keysOf);
  const first = sent(pass, table, ['PutItem', { Item: item('first') }]);
  await aMoment();
  const others = writes.map((write) => sent(pass, table, write));
  open();
  expect(await first).toEqual({ status: 200, body: '{}' });
  return { operations, answers: await Promise.all(others) };
};

const scanned = async (table: string): Promise<unknown> => {
  const { Items } = await engine.call('Scan', { TableName: table });
  const items: readonly { readonly id: { readonly S: string } }[] = Array.isArray(Items) ? Items : [];
  return items.filter(({ id }) => id.S !== 'first').sort((a, b) => (a.id.S < b.id.S ? -1 : 1));
};

/** What the table's stream says of each item, in order. */
const streamed = async (table: string): Promise<ReadonlyMap<string, readonly unknown[]>> => {
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

const cases: Readonly<Record<string, Write>> = {
  'a put': ['PutItem', { Item: item('new') }],
  'a put over an item': ['PutItem', { Item: item('old') }],
  'a put on condition': ['PutItem', { Item: item('new'), ...absent }],
  'a refused put': ['PutItem', { Item: item('old'), ...absent }],
  'a refused put that asks for the item': ['PutItem', { Item: item('old'), ...absent, ...told }],
  'a refused put where there is no item to tell': ['PutItem', { Item: item('new'), ...present, ...told }],
  'a put with names': [
    'PutItem',
    { Item: item('new'), ConditionExpression: 'attribute_not_exists(#i)', ExpressionAttributeNames: { '#i': 'id' } },
  ],
  'a put with an unknown name': ['PutItem', { Item: item('new'), ConditionExpression: 'attribute_not_exists(#i)' }],
  'a put without its key': ['PutItem', { Item: { v: { N: '1' } } }],
  'a put with an empty key': ['PutItem', { Item: { id: { S: '' } } }],
  'a put with a key of the wrong type': ['PutItem', { Item: { id: { N: '1' } } }],
  'a put of an item that is too large': ['PutItem', { Item: { id: { S: 'new' }, text: { S: 'x'.repeat(410_000) } } }],
  'a put that asks for the old item': ['PutItem', { Item: item('old'), ReturnValues: 'ALL_OLD' }],
  'a put that asks what it used': ['PutItem', { Item: item('new'), ReturnConsumedCapacity: 'TOTAL' }],
  'a put into no table': ['PutItem', { Item: item('new'), TableName: 'nowhere' }],
  'an update': ['UpdateItem', { Key: { id: { S: 'old' } }, ...add }],
  'an update of nothing': ['UpdateItem', { Key: { id: { S: 'new' } }, ...add }],
  'an update without an expression': ['UpdateItem', { Key: { id: { S: 'new' } } }],
  'a refused update': ['UpdateItem', { Key: { id: { S: 'new' } }, ...add, ...present }],
  'an update of a path that is not there': [
    'UpdateItem',
    { Key: { id: { S: 'old' } }, UpdateExpression: 'SET a.b = v' },
  ],
  'an update that adds to text': ['UpdateItem', { Key: { id: { S: 'old' } }, ...add, UpdateExpression: 'ADD id :n' }],
  'a deletion': ['DeleteItem', { Key: { id: { S: 'old' } } }],
  'a deletion of nothing': ['DeleteItem', { Key: { id: { S: 'new' } } }],
  'a refused deletion': ['DeleteItem', { Key: { id: { S: 'old' } }, ...is(7), ...told }],
  'a member that nobody knows': ['PutItem', { Item: item('new'), Nonsense: true }],
};

test.for(Object.entries(cases))('%s is answered as alone, and leaves the same', async ([, write]) => {
  const beside: readonly Write[] = [
    ['PutItem', { Item: item('beside') }],
    ['UpdateItem', { Key: { id: { S: 'older' } }, ...add }],
  ];
  const [apart, together] = [await newTable(), await newTable()];
  const alone = [];
  for (const each of [write, ...beside]) alone.push(await sent(single.pass, apart, each));
  const { answers, operations } = await inOneMoment(together, [write, ...beside]);
  expect(answers.map(read)).toEqual(alone.map(read));
  expect(operations).toContain('TransactWriteItems');
  expect(await scanned(together)).toEqual(await scanned(apart));
});

test('a body that is no JSON, or no UTF-8, goes alone, and spoils nothing beside it', async () => {
  const table = await newTable();
  const { operations, through, open } = watched(single.pass);
  const pass = groupedWrites(through, keysOf);
  const bodies = ['{"TableName":', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), '{}}'];
  const asked = bodies.map((body) => pass('PutItem', body));
  expect(operations).toEqual(['PutItem', 'PutItem', 'PutItem']);
  open();
  const alone = await Promise.all(bodies.map((body) => single.pass('PutItem', body)));
  expect(await Promise.all(asked)).toEqual(alone);
  expect(await sent(pass, table, ['PutItem', { Item: item('new') }])).toEqual({ status: 200, body: '{}' });
});

test('a write that finds the engine idle goes as it is; those that come meanwhile go together', async () => {
  const table = await newTable();
  const puts = Array.from({ length: 250 }, (_, index): Write => ['PutItem', { Item: item(`new-${index}`) }]);
  const { answers, operations } = await inOneMoment(table, puts);
  expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['{}']));
  expect(operations).toEqual(['PutItem', 'TransactWriteItems', 'TransactWriteItems', 'TransactWriteItems']);
});

test('large writes are spread over transactions that the engine takes', async () => {
  const text = { S: 'x'.repeat(390_000) };
  const puts = Array.from({ length: 12 }, (_, n): Write => ['PutItem', { Item: { id: { S: `new-${n}` }, text } }]);
  const { answers, operations } = await inOneMoment(await newTable(), puts);
  expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['{}']));
  expect(operations).toEqual(['PutItem', 'TransactWriteItems', 'TransactWriteItems', 'TransactWriteItems']);
});

test('two writes of one item keep their order, and the later goes alone', async () => {
  const table = await newTable();
  const { answers, operations } = await inOneMoment(table, [
    ['PutItem', { Item: item('new', 1), ...absent }],
    ['PutItem', { Item: item('other'), ...absent }],
    ['PutItem', { Item: item('new', 2), ...absent }],
    ['PutItem', { Item: item('new', 3), ...is(1) }],
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 400, 200]);
  expect(operations).toEqual(['PutItem', 'TransactWriteItems', 'PutItem', 'PutItem']);
});

test('writes whose conditions often fail go alone, until they hold again', async () => {
  const table = await newTable();
  const { operations, through, open } = watched(single.pass);
  open();
  const pass = groupedWrites(through, keysOf);
  const put = (id: string) => sent(pass, table, ['PutItem', { Item: item(id), ...absent }]);
  for (let time = 0; time < 20; time += 1) await put('old');
  operations.length = 0;
  await Promise.all(['a', 'b', 'c'].map(put));
  expect(operations).toEqual(['PutItem', 'PutItem', 'PutItem']);
  for (let time = 0; time < 40; time += 1) await put(`new-${time}`);
  operations.length = 0;
  await Promise.all(['d', 'e', 'f'].map(put));
  expect(operations).toContain('TransactWriteItems');
});

test('where the connection breaks, each caller of the group is told, and the next writes go through', async () => {
  const table = await newTable();
  const gate = Promise.withResolvers<void>();
  const pass = groupedWrites(async (operation, body) => {
    await gate.promise;
    if (operation === 'TransactWriteItems') throw new Error('The connection broke.');
    return await single.pass(operation, body);
  }, keysOf);
  const put = (id: string) => sent(pass, table, ['PutItem', { Item: item(id) }]);
  const first = put('a');
  await aMoment();
  const others = Promise.allSettled(['b', 'c'].map(put));
  gate.resolve();
  expect(await first).toEqual({ status: 200, body: '{}' });
  expect(await others).toMatchObject([1, 2].map(() => ({ reason: { message: 'The connection broke.' } })));
  expect(await sent(pass, table, ['PutItem', { Item: item('b') }])).toEqual({ status: 200, body: '{}' });
});

const id = fc.constantFrom('old', 'older', 'new', 'newer');
const version = fc.integer({ min: 1, max: 3 });
const condition: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constant({}),
  fc.constantFrom(absent, present, { ...absent, ...told }),
  version.map((v) => ({ ...is(v), ...told })),
);
const aWrite: fc.Arbitrary<Write> = fc.oneof(
  fc
    .record({ id, version, condition })
    .map((of): Write => ['PutItem', { Item: item(of.id, of.version), ...of.condition }]),
  fc.record({ id, condition }).map((of): Write => ['DeleteItem', { Key: { id: { S: of.id } }, ...of.condition }]),
  fc
    .record({ id, to: version, condition })
    .map(({ id: S, to, condition: { ExpressionAttributeValues, ...others } }): Write => {
      const values = { ':to': { N: String(to) }, ...Object(ExpressionAttributeValues) };
      return [
        'UpdateItem',
        { Key: { id: { S } }, UpdateExpression: 'ADD v :to', ExpressionAttributeValues: values, ...others },
      ];
    }),
);

test('any mix of writes ends as if each item’s writes had come one after the other', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aWrite, { minLength: 1, maxLength: 25 }), async (writes) => {
      const [apart, together] = [await newTable(), await newTable()];
      const alone: EngineAnswer[] = [];
      for (const write of writes) alone.push(await sent(single.pass, apart, write));
      const { answers } = await inOneMoment(together, writes);
      expect(answers.map(read)).toEqual(alone.map(read));
      expect(await scanned(together)).toEqual(await scanned(apart));
      const [theirs, ours] = [await streamed(apart), new Map(await streamed(together))];
      ours.delete(JSON.stringify({ id: { S: 'first' } }));
      expect(ours).toEqual(theirs);
    }),
    { numRuns: 40 },
  );
});

test('the engine itself groups writes, and those that it acknowledged survive its kill', async () => {
  const table = await newTable();
  const { pid } = JSON.parse(readFileSync(dataFiles.engineNote(dataDir), 'utf8'));
  const acknowledged: string[] = [];
  let lost = 0;
  let next = 0;
  const puts = async (): Promise<void> => {
    while (next < 600) {
      next += 1;
      const name = `new-${String(next).padStart(3, '0')}`;
      if (next === 300) process.kill(pid, 'SIGKILL');
      try {
        const { status } = await sent(engine.pass, table, ['PutItem', { Item: item(name), ...absent }]);
        if (status === 200) acknowledged.push(name);
      } catch {
        lost += 1;
        await aMoment();
      }
    }
  };
  await Promise.all(Array.from({ length: 24 }, puts));
  expect(lost).toBeGreaterThan(0);
  const { Items } = await retried(() => engine.call('Scan', { TableName: table }));
  const there = new Set((Array.isArray(Items) ? Items : []).map(({ id: { S } }) => S));
  expect(acknowledged.filter((name) => !there.has(name))).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(200);
});

const retried = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch {
    await aMoment();
    return await retried(work);
  }
};
