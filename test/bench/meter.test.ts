// Does the meter count what DynamoDB charges? On the real engine: items by their size, indexes by what changes, reads of whole items.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dynamoAccess } from '../../infra/local/aws/dynamoAccess.ts';
import type { JsonObject } from '../../infra/local/core/json.ts';
import { type EngineCall, engineCaller } from '../../infra/local/storage/engineCall.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { itemBytes } from './itemBytes.ts';
import { createMeter, forSubscribers, type Meter, roundTrip } from './meter.ts';

let engine: TestEngine;
let caller: ReturnType<typeof engineCaller>;
let meter: Meter;
let table: string;
let made = 0;
const take = { name: 'take', folder: '', handler: '', timeoutSeconds: 1, memoryMegabytes: 1024, environment: {} };
beforeAll(async () => {
  engine = await startTestEngine();
  caller = engineCaller(engine.endpoint);
});
afterAll(async () => {
  caller.close();
  await engine.stop();
});

const create: EngineCall = (operation, input) => caller.call(operation, input);
beforeEach(async () => {
  made += 1;
  table = `metered-${made}`;
  meter = createMeter(() => ({ functions: [take], takenByRules: new Set(['DealClosed']) }));
  await create('CreateTable', {
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: ['id', 'stage'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byStage',
        KeySchema: [{ AttributeName: 'stage', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
});

const call = (operation: string, input: JsonObject) =>
  meter.interceptor(
    { caller: 'take', service: 'dynamodb', operation, input, needs: dynamoAccess(operation, input) },
    async (passed = input) => ({ ...(await caller.pass(operation, JSON.stringify(passed))), headers: {} }),
  );
const item = (id: string, length: number, more: JsonObject = {}) => ({
  id: { S: id },
  text: { S: 'x'.repeat(length) },
  ...more,
});
const put = (id: string, length: number, more: JsonObject = {}) =>
  call('PutItem', { TableName: table, Item: item(id, length, more) });
/** What was used, without the table's name. */
const used = () =>
  Object.fromEntries(meter.uses().map(({ what, amount }) => [what.replaceAll(table, 'table'), amount]));

describe('a write', () => {
  test('takes a unit a kilobyte of the item, as its bytes are counted here', async () => {
    const sized = (bytes: number) => bytes - itemBytes(item('a', 0));
    await put('a', sized(1024));
    expect(used()).toEqual({ 'write table': 1 });
    await put('b', sized(1025));
    expect(used()).toEqual({ 'write table': 3 });
  });

  test('of an index is charged only when what the index holds changes', async () => {
    await put('a', 10, { stage: { S: 'sell' } });
    await put('a', 20, { stage: { S: 'sell' } });
    expect(used()).toEqual({ 'write table': 2, 'write table/byStage': 1 });
    await put('a', 20, { stage: { S: 'procure' } });
    expect(used()).toEqual({ 'write table': 3, 'write table/byStage': 3 });
    await put('a', 20);
    expect(used()).toEqual({ 'write table': 4, 'write table/byStage': 4 });
  });

  test('in a transaction is charged once more, its index is not', async () => {
    const Item = item('a', 1500, { stage: { S: 'sell' } });
    await call('TransactWriteItems', { TransactItems: [{ Put: { TableName: table, Item } }] });
    expect(used()).toEqual({
      'write table': 2,
      'write table, once more for the transaction': 2,
      'write table/byStage': 1,
    });
  });

  test('that is refused by its condition is charged all the same', async () => {
    await put('a', 10);
    const Item = item('a', 1500);
    await call('PutItem', { TableName: table, Item, ConditionExpression: 'attribute_not_exists(id)' });
    expect(used()).toEqual({ 'write table': 1, 'write refused by its condition': 2 });
  });
});

describe('a read', () => {
  test('is charged for whole items, four kilobytes a unit, whatever is asked of them', async () => {
    await put('a', 9000);
    meter = createMeter(() => ({ functions: [], takenByRules: new Set() }));
    await call('GetItem', { TableName: table, Key: { id: { S: 'a' } }, ConsistentRead: true });
    expect(used()).toEqual({ 'read table': 3 });
    const Keys = [{ id: { S: 'a' } }, { id: { S: 'none' } }];
    const names = { ProjectionExpression: '#id', ExpressionAttributeNames: { '#id': 'id' } };
    await call('BatchGetItem', { RequestItems: { [table]: { Keys, ConsistentRead: true, ...names } } });
    expect(used()).toEqual({ 'read table': 7 });
    await call('Query', {
      TableName: table,
      KeyConditionExpression: '#id = :id',
      ExpressionAttributeValues: { ':id': { S: 'a' } },
      ProjectionExpression: '#id, #text',
      ExpressionAttributeNames: { '#id': 'id', '#text': 'text' },
    });
    expect(used()).toEqual({ 'read table': 8.5 });
  });
});

test('an invocation lasts for its processor’s time, and for a wait for each round of calls', async () => {
  await Promise.all([put('a', 10), put('b', 10)]);
  await put('c', 10);
  const Records = Array.from({ length: 12 }, () => ({ eventSource: 'aws:sqs' }));
  meter.onInvoked({ functionName: 'take', event: JSON.stringify({ Records }), cpuMilliseconds: 10 });
  const milliseconds = Math.ceil(10 * (1769 / 1024) + 2 * roundTrip.dynamodb);
  expect(used()).toMatchObject({
    invocations: 1,
    running: milliseconds / 1000,
    'queue: messages sent to it': 12,
    'queue: batches received and deleted': 3,
  });
});

test('what relay sends for subscribers alone is counted apart', async () => {
  const entry = (Source: string, DetailType: string) => ({ Source, DetailType, Detail: '{}' });
  const Entries = [
    entry('throughline.intake', 'OrderPlaced'),
    entry('throughline', 'OrderPlaced'),
    entry('throughline', 'DealClosed'),
  ];
  await meter.interceptor(
    { caller: 'take', service: 'events', operation: 'PutEvents', input: { Entries }, needs: [] },
    async () => ({ status: 200, body: '{}', headers: {} }),
  );
  expect(used()).toMatchObject({ 'events on the bus': 2, [`events on the bus ${forSubscribers}`]: 1 });
});

test('facts are the events that were said from outside', async () => {
  const events = ['EngagementOpened', 'StageEntered', 'IdentityLinked'].map((type) => ({ type }));
  await put('a', 10, { events: { S: JSON.stringify(events) } });
  meter.turn(false);
  await put('b', 10, { events: { S: JSON.stringify(events) } });
  expect(meter.facts()).toBe(1);
});
