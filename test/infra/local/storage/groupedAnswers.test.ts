// Does each caller get the answer that it would have got alone, although writes of one moment go to the engine as one transaction?
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { JsonObject } from '../../../../infra/local/core/json.ts';
import type { EngineAnswer } from '../../../../infra/local/storage/engineCall.ts';
import { groupedWrites } from '../../../../infra/local/storage/groupedWrites.ts';
import {
  absent,
  add,
  is,
  item,
  keysOf,
  present,
  read,
  sent,
  startWrites,
  told,
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
  const [apart, together] = [await here.newTable(), await here.newTable()];
  const alone = [];
  for (const each of [write, ...beside]) alone.push(await sent(here.alone, apart, each));
  const { answers, operations } = await here.inOneMoment(together, [write, ...beside]);
  expect(answers.map(read)).toEqual(alone.map(read));
  expect(operations).toContain('TransactWriteItems');
  expect(await here.scanned(together)).toEqual(await here.scanned(apart));
});

test('a body that is no JSON, or no UTF-8, goes alone, and spoils nothing beside it', async () => {
  const table = await here.newTable();
  const { operations, through, open } = watched(here.alone);
  const pass = groupedWrites(through, keysOf);
  const bodies = ['{"TableName":', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), '{}}'];
  const asked = bodies.map((body) => pass('PutItem', body));
  expect(operations).toEqual(['PutItem', 'PutItem', 'PutItem']);
  open();
  const alone = await Promise.all(bodies.map((body) => here.alone('PutItem', body)));
  expect(await Promise.all(asked)).toEqual(alone);
  expect(await sent(pass, table, ['PutItem', { Item: item('new') }])).toEqual({ status: 200, body: '{}' });
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
      const [apart, together] = [await here.newTable(), await here.newTable()];
      const alone: EngineAnswer[] = [];
      for (const write of writes) alone.push(await sent(here.alone, apart, write));
      const { answers } = await here.inOneMoment(together, writes);
      expect(answers.map(read)).toEqual(alone.map(read));
      expect(await here.scanned(together)).toEqual(await here.scanned(apart));
      const [theirs, ours] = [await here.streamed(apart), new Map(await here.streamed(together))];
      ours.delete(JSON.stringify({ id: { S: 'first' } }));
      expect(ours).toEqual(theirs);
    }),
    { numRuns: 40 },
  );
});
