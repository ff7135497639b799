// Does a batch read retry the keys that DynamoDB left out, after a pause, until all are read?
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { streamIdOf } from '../../../events/identifiers.ts';
import { pauseAfter } from '../../../functions/aws/backOff.ts';
import { createGrown } from '../../../functions/store/cachedStreams.ts';
import { createDynamoEventStore } from '../../../functions/store/dynamoEventStore.ts';
import { emptyTip } from '../../../functions/store/eventStore.ts';
import { answeringInPart } from '../../support/answeringInPart.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const streamOf = (number: number): string => streamIdOf(tenantId, 'engagement', `e${number}`);

test('keys that a call left out are retried, each time after a pause; a complete answer is not retried', async () => {
  const table = await engine.eventsTable();
  const store = createDynamoEventStore({ client: engine.client, table });
  const written = [1, 6, 130].map(streamOf);
  for (const stream of written) {
    const opened = fact('EngagementOpened', {}, { at: '2026-03-01', stream });
    await store.append(stream, emptyTip, [opened], '2026-06-30T12:00:00.000Z');
  }
  const asked = new Map(Array.from({ length: 140 }, (_, number) => [streamOf(number), emptyTip]));
  for (const [most, calls, pauses] of [
    [30, 6, 4],
    [100, 2, 0],
  ] as const) {
    const partly = answeringInPart(engine, most);
    const random = vi.fn(() => 0);
    const grown = await createGrown({ client: partly.client, table, random })(asked);
    expect([...grown].toSorted()).toEqual(written.toSorted());
    expect([partly.calls(), random.mock.calls.length]).toEqual([calls, pauses]);
  }
});

test('pauses double with every try, up to a second, and a random share shortens each', () => {
  expect([1, 2, 3, 4, 5, 6, 1_000].map((tries) => pauseAfter(tries, 1))).toEqual([50, 100, 200, 400, 800, 1000, 1000]);
  expect([pauseAfter(3, 0.5), pauseAfter(3, 0)]).toEqual([100, 0]);
});
