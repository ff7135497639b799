// Which writes go to the engine together, and are they as safe as writes that go alone?
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { dataFiles } from '../../../../infra/local/core/dataDirectory.ts';
import { engineOn, startEngine } from '../../../../infra/local/storage/engine.ts';
import { groupedWrites } from '../../../../infra/local/storage/groupedWrites.ts';
import {
  absent,
  aMoment,
  is,
  item,
  keysOf,
  sent,
  startWrites,
  thingsTable,
  type Write,
  watched,
} from '../../../support/storage/groupedWrites.ts';

// A real engine, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let here: Awaited<ReturnType<typeof startWrites>>;
beforeAll(async () => {
  here = await startWrites();
});
afterAll(() => here.stop());

test('a write that finds the engine idle goes as it is; those that come meanwhile go together', async () => {
  const table = await here.newTable();
  const puts = Array.from({ length: 250 }, (_, index): Write => ['PutItem', { Item: item(`new-${index}`) }]);
  const { answers, operations } = await here.inOneMoment(table, puts);
  expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['{}']));
  expect(operations).toEqual(['PutItem', 'TransactWriteItems', 'TransactWriteItems', 'TransactWriteItems']);
});

test('large writes are spread over transactions that the engine takes', async () => {
  const text = { S: 'x'.repeat(390_000) };
  const puts = Array.from({ length: 12 }, (_, n): Write => ['PutItem', { Item: { id: { S: `new-${n}` }, text } }]);
  const { answers, operations } = await here.inOneMoment(await here.newTable(), puts);
  expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['{}']));
  expect(operations).toEqual(['PutItem', 'TransactWriteItems', 'TransactWriteItems', 'TransactWriteItems']);
});

test('two writes of one item keep their order, and the later goes alone', async () => {
  const table = await here.newTable();
  const { answers, operations } = await here.inOneMoment(table, [
    ['PutItem', { Item: item('new', 1), ...absent }],
    ['PutItem', { Item: item('other'), ...absent }],
    ['PutItem', { Item: item('new', 2), ...absent }],
    ['PutItem', { Item: item('new', 3), ...is(1) }],
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 400, 200]);
  expect(operations).toEqual(['PutItem', 'TransactWriteItems', 'PutItem', 'PutItem']);
});

test('writes whose conditions often fail go alone, until they hold again', async () => {
  const table = await here.newTable();
  const { operations, through, open } = watched(here.alone);
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
  const table = await here.newTable();
  const gate = Promise.withResolvers<void>();
  const pass = groupedWrites(async (operation, body) => {
    await gate.promise;
    if (operation === 'TransactWriteItems') throw new Error('The connection broke.');
    return await here.alone(operation, body);
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

/** Stands before the engine, and notes what it is sent. */
const startFront = async () => {
  const operations: string[] = [];
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    operations.push(operation);
    const { status, body } = await here.alone(operation, await text(request));
    response.writeHead(status).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const endpoint = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return { operations, endpoint, close: () => new Promise((closed) => server.close(closed)) };
};

test('the embedded engine’s writes are grouped, those of another engine are not', async () => {
  const front = await startFront();
  const log = (): void => undefined;
  const embedded = engineOn({
    path: join(here.dataDir, 'front.sqlite'),
    endpoint: front.endpoint,
    stop: async () => {},
    log,
  });
  const another = await startEngine({ dataDir: here.dataDir, endpoint: front.endpoint, log });
  for (const [each, expected] of [
    [embedded, ['TransactWriteItems']],
    [another, ['PutItem', 'PutItem', 'PutItem']],
  ] as const) {
    const name = await here.newTable();
    await each.ensureTables([thingsTable(name)]);
    front.operations.length = 0;
    await Promise.all(['a', 'b', 'c'].map((id) => sent(each.pass, name, ['PutItem', { Item: item(id) }])));
    expect(front.operations).toEqual(expected);
    await each.stop();
  }
  await front.close();
});

test('writes that the engine acknowledged survive its kill', async () => {
  const table = await here.newTable();
  const { pid } = JSON.parse(readFileSync(dataFiles.engineNote(here.dataDir), 'utf8'));
  const acknowledged: string[] = [];
  let lost = 0;
  let next = 0;
  const puts = async (): Promise<void> => {
    while (next < 600) {
      next += 1;
      const name = `new-${String(next).padStart(3, '0')}`;
      if (next === 300) process.kill(pid, 'SIGKILL');
      try {
        const { status } = await sent(here.engine.pass, table, ['PutItem', { Item: item(name), ...absent }]);
        if (status === 200) acknowledged.push(name);
      } catch {
        lost += 1;
        await aMoment();
      }
    }
  };
  await Promise.all(Array.from({ length: 24 }, puts));
  expect(lost).toBeGreaterThan(0);
  const { Items } = await retried(() => here.engine.call('Scan', { TableName: table }));
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
