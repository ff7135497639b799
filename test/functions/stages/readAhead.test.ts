// Does a stage know what others wrote before it decides, with few calls for all streams of a batch?
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Fact } from '../../../events/catalog.ts';
import { createReadAhead } from '../../../functions/stages/readAhead.ts';
import { createRecordFacts } from '../../../functions/stages/recordFacts.ts';
import { createStageHandler } from '../../../functions/stages/stageHandler.ts';
import { createDynamoEventStore } from '../../../functions/store/dynamoEventStore.ts';
import type { EventStore } from '../../../functions/store/eventStore.ts';
import { createHistoryCache } from '../../../functions/store/historyCache.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact } from '../../support/histories/events.ts';
import { storeCalls } from '../../support/storeCalls.ts';
import { streamNamed } from '../project/revisions.ts';

const now = () => '2026-05-04T10:00:00.000Z';
const random = () => 0;
const streams = ['a', 'b', 'c'].map((name) => streamNamed(name));

let engine: TestEngine;
let calls: ReturnType<typeof storeCalls>;
let store: EventStore;
beforeAll(async () => {
  engine = await startTestEngine();
});
beforeEach(async () => {
  calls = storeCalls(engine);
  store = createDynamoEventStore({ client: calls.client, table: await engine.eventsTable() });
});
afterAll(() => engine.stop());

const stage = (over: EventStore = store) => {
  const cache = createHistoryCache(1024 ** 2);
  const handle = createStageHandler({
    owner: 'sell',
    recordFacts: createRecordFacts({ store: over, now, random, cache }),
    readAhead: createReadAhead({ store: over, cache }),
    keepFailure: async () => undefined,
    logger: { debug: () => undefined, error: () => undefined },
  });
  return async (facts: readonly Fact[]) => {
    const body = JSON.stringify({ source: 'throughline.intake', detail: { owner: 'sell', facts } });
    const { batchItemFailures } = await handle({ Records: [{ messageId: 'm', body }] });
    return { failed: batchItemFailures.length, calls: calls.taken() };
  };
};
const oneOfEach = (outcomeId: string) =>
  streams.map((stream) => fact('OutcomeAgreed', { outcomeId }, { at: '2026-05-01', stream, sourceId: outcomeId }));
const puts = ['PutItem events', 'PutItem events', 'PutItem events'];

test('new streams cost one read, streams of another writer one read and one more, and no put is refused', async () => {
  const [mine, other] = [stage(), stage()];
  expect(await mine(oneOfEach('1'))).toEqual({ failed: 0, calls: ['BatchGetItem events', ...puts] });
  await other(oneOfEach('2'));
  expect(await mine(oneOfEach('3'))).toEqual({
    failed: 0,
    calls: ['BatchGetItem events', 'BatchGetItem events', ...puts],
  });
});

test('streams to which nobody else wrote cost one read', async () => {
  const mine = stage();
  await mine(oneOfEach('1'));
  expect(await mine(oneOfEach('2'))).toEqual({ failed: 0, calls: ['BatchGetItem events', ...puts] });
});

test('what the cached streams hold already costs no call', async () => {
  const mine = stage();
  await mine(oneOfEach('1'));
  expect(await mine(oneOfEach('1'))).toEqual({ failed: 0, calls: [] });
});

test('where the streams can not be read together, each is read alone', async () => {
  const mine = stage({ ...store, loadMany: () => Promise.reject(new Error('too long')) });
  expect(await mine(oneOfEach('1'))).toEqual({ failed: 0, calls: [...Array(3).fill('Query events'), ...puts] });
});

test('a broken stream fails alone', async () => {
  const [a = ''] = streams;
  const broken: EventStore = {
    ...store,
    load: async (id, from) => (id === a ? Promise.reject(new Error('broken')) : store.load(id, from)),
  };
  const mine = stage({
    ...broken,
    loadMany: async (tips) => new Map([...(await store.loadMany(tips))].filter(([id]) => id !== a)),
  });
  expect((await mine(oneOfEach('1'))).failed).toBe(1);
  for (const stream of streams) expect((await store.load(stream)).events).toHaveLength(stream === a ? 0 : 1);
});
