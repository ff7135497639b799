// Does a consumer that is stopped let go of whoever waits for it, also when its stream can no longer be read?
import { expect, it } from 'vitest';
import { createActivity } from '../../../../infra/local/core/activity.ts';
import { manualClock } from '../../../../infra/local/core/clock.ts';
import { startStreamConsumer } from '../../../../infra/local/eventSources/streamConsumer.ts';
import type { StreamReader } from '../../../../infra/local/eventSources/streamReader.ts';
import { openQueueStore } from '../../../../infra/local/storage/queueStore.ts';

it('answers that nothing was found', async () => {
  const clock = manualClock(0);
  const queueStore = openQueueStore({ path: ':memory:', clock });
  const begun = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Awaited<ReturnType<StreamReader['read']>>>();
  const logged: string[] = [];
  const consumer = startStreamConsumer({
    mapping: {
      function: 'relay',
      table: 'events',
      batchSize: 10,
      reportsItemFailures: false,
      bisects: false,
      filters: [],
    },
    reader: {
      streamArn: 'arn',
      checkpointName: async () => 'relay',
      read: () => {
        begun.resolve();
        return answer.promise;
      },
    },
    newest: undefined,
    queueStore,
    invoke: async () => ({ ok: true, value: {}, requestId: '' }),
    activity: createActivity(),
    clock,
    log: (line) => void logged.push(line),
    mayWork: () => true,
    timing: { gather: 1, backoff: 1, longestBackoff: 1 },
  });
  const found = consumer.catchUp();
  await begun.promise;
  const stopped = consumer.stop();
  answer.reject(new Error('the engine is gone'));
  await stopped;
  expect(await found).toBe(false);
  expect(await consumer.catchUp()).toBe(false);
  expect(logged).toEqual([]);
  queueStore.close();
});
