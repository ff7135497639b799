// Does the DynamoDB store keep the contract on a real engine, and are its items correct?
import { createHash } from 'node:crypto';
import { type AttributeValue, DeleteItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDynamoEventStore } from '../../../functions/store/dynamoEventStore.ts';
import { type EventStore, emptyTip } from '../../../functions/store/eventStore.ts';
import { clientOf, startTestEngine, type TestEngine } from '../../support/engine.ts';
import { revisions, streamNamed } from '../project/revisions.ts';
import { appendRefusals } from './appendRefusals.ts';
import { eventStoreContract, grow } from './eventStoreContract.ts';

const now = '2026-05-04T10:00:00.000Z';
const streamId = streamNamed('e1');
let engine: TestEngine;

beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

eventStoreContract({
  name: 'on DynamoDB',
  create: async () => createDynamoEventStore({ client: engine.client, table: await engine.eventsTable(), pageSize: 2 }),
});

appendRefusals({
  name: 'on DynamoDB',
  create: async () => createDynamoEventStore({ client: engine.client, table: await engine.eventsTable() }),
});

describe('the items of the events table', () => {
  let table: string;
  let store: EventStore;

  beforeEach(async () => {
    table = await engine.eventsTable();
    store = createDynamoEventStore({ client: engine.client, table });
  });

  const items = async (): Promise<readonly Record<string, AttributeValue>[]> => {
    const { Items = [] } = await engine.client.send(new ScanCommand({ TableName: table }));
    return Items.sort((a, b) => Number(a.version?.N) - Number(b.version?.N));
  };

  test('one commit is one item, keyed by its first version; only the first commit lists the stream', async () => {
    await grow(store, streamId, [2, 3, 1]);
    const found = await items();
    expect(found.map(({ version, count }) => [version?.N, count?.N])).toEqual([
      ['1', '2'],
      ['3', '3'],
      ['6', '1'],
    ]);
    expect(found.map(({ shard }) => shard?.S)).toEqual([
      expect.stringMatching(/^engagement#(0\d|1[0-5])$/),
      undefined,
      undefined,
    ]);
  });

  test('each hash is computed from the hash before and the exact text', async () => {
    await grow(store, streamId, [2, 1, 3]);
    let before = '';
    for (const { prevHash, hash, events } of await items()) {
      expect(prevHash?.S).toBe(before);
      before = createHash('sha256').update(`${before}${events?.S}`).digest('hex');
      expect(hash?.S).toBe(before);
    }
  });

  test('a missing commit is noticed', async () => {
    await grow(store, streamId, [1, 1, 1]);
    const Key = { stream: { S: streamId }, version: { N: '2' } };
    await engine.client.send(new DeleteItemCommand({ TableName: table, Key }));
    await expect(store.load(streamId)).rejects.toThrow(`${streamId}: a commit begins with version 3, after version 1`);
  });

  test('a commit that was changed is noticed, also where its hash was changed too', async () => {
    await grow(store, streamId, [1, 1, 1]);
    const [, second] = await items();
    const events = (second?.events?.S ?? '').replace('2026-05-01', '2025-05-01');
    const forged = createHash('sha256').update(`${second?.prevHash?.S}${events}`).digest('hex');
    for (const [changed, version] of [
      [{ events: { S: events } }, 2],
      [{ events: { S: events }, hash: { S: forged } }, 3],
    ] as const) {
      await engine.client.send(new PutItemCommand({ TableName: table, Item: { ...second, ...changed } }));
      await expect(store.load(streamId)).rejects.toThrow(`the commit of version ${version} does not match its hash`);
    }
  });

  test('a load fails at an event that it does not understand, and names it', async () => {
    await grow(store, streamId, [1]);
    const [first] = await items();
    const events = { S: (first?.events?.S ?? '').replace('CustomerIdentified', 'CustomerForgotten') };
    await engine.client.send(new PutItemCommand({ TableName: table, Item: { ...first, events } }));
    await expect(store.load(streamId)).rejects.toThrow('unknown event type CustomerForgotten');
  });

  test('the SDK retries a put whose answer is lost, and the append counts as appended', async () => {
    const client = clientOf(engine.endpoint);
    let sent = 0;
    client.middlewareStack.add(
      (next) => async (request) => {
        const answer = await next(request);
        sent += 1;
        if (sent === 1) throw Object.assign(new Error('the answer is lost'), { name: 'TimeoutError' });
        return answer;
      },
      { step: 'deserialize', priority: 'low' },
    );
    const appended = await createDynamoEventStore({ client, table }).append(
      streamId,
      emptyTip,
      revisions(streamId, 2),
      now,
    );
    client.destroy();
    expect(sent).toBe(2);
    expect(appended).toMatchObject({ outcome: 'appended', tip: { version: 2 } });
    expect((await store.load(streamId)).tip).toEqual('tip' in appended ? appended.tip : undefined);
  });
});
