// Does a consumer gather records for its window, and let go of whoever waits for it, also when it is stopped?
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createActivity } from '../../../../infra/local/core/activity.ts';
import { manualClock } from '../../../../infra/local/core/clock.ts';
import { startStreamConsumer } from '../../../../infra/local/eventSources/streamConsumer.ts';
import type { StreamReader, StreamRecord } from '../../../../infra/local/eventSources/streamReader.ts';
import { openQueueStore } from '../../../../infra/local/storage/queueStore.ts';

const usual = { function: 'relay', table: 'events', batchSize: 10, reportsItemFailures: false, bisects: false };

const startConsumer = (
  read: StreamReader['read'],
  more: { readonly windowSeconds?: number; readonly invoke?: (event: unknown) => void },
) => {
  const clock = manualClock(0);
  const queueStore = openQueueStore({ path: ':memory:', clock });
  const logged: string[] = [];
  const { windowSeconds, invoke = () => undefined } = more;
  const consumer = startStreamConsumer({
    mapping: { ...usual, filters: [], ...(windowSeconds !== undefined && { windowSeconds }) },
    reader: { streamArn: 'arn', checkpointName: async () => 'relay', read },
    newest: undefined,
    queueStore,
    invoke: async (event) => {
      invoke(event);
      return { ok: true, value: {}, requestId: '' };
    },
    activity: createActivity(),
    clock,
    log: (line) => void logged.push(line),
    mayWork: () => true,
    timing: { gather: 1, backoff: 1, longestBackoff: 1 },
  });
  return { consumer, queueStore, logged };
};

const record = (SequenceNumber: string): StreamRecord => ({
  ...{ eventID: SequenceNumber, eventName: 'INSERT', eventVersion: '1.1', eventSource: 'aws:dynamodb' },
  ...{ awsRegion: 'local', eventSourceARN: 'arn', dynamodb: { SequenceNumber } },
});

it('a consumer that is stopped answers that nothing was found', async () => {
  const begun = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Awaited<ReturnType<StreamReader['read']>>>();
  const { consumer, queueStore, logged } = startConsumer(() => {
    begun.resolve();
    return answer.promise;
  }, {});
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

/** A stream into which a second record is written after the first was seen. */
const growing = () => {
  const seen = Promise.withResolvers<void>();
  const written = ['1'];
  const read: StreamReader['read'] = async (from) => {
    const records = written.filter((each) => Number(each) > Number(from?.after ?? '0')).map(record);
    if (written.length === 1) {
      written.push('2');
      seen.resolve();
    }
    return { records, shard: 's', moved: false };
  };
  return { seen: seen.promise, read };
};

it('records that come within the window go in one batch, which whoever asks does not wait for', async () => {
  const { seen, read } = growing();
  const events: unknown[] = [];
  const { consumer, queueStore } = startConsumer(read, { windowSeconds: 300, invoke: (event) => events.push(event) });
  await seen;
  // By the next turn of the event loop the consumer has begun to wait.
  await nextTurn();
  expect(events).toEqual([]);
  while (await consumer.catchUp());
  expect(events).toEqual([{ Records: [record('1'), record('2')] }]);
  await consumer.stop();
  queueStore.close();
});

it('without a window they go as they are found', async () => {
  const { seen, read } = growing();
  const events: unknown[] = [];
  const { consumer, queueStore } = startConsumer(read, { invoke: (event) => events.push(event) });
  await seen;
  while (await consumer.catchUp());
  expect(events).toEqual([{ Records: [record('1')] }, { Records: [record('2')] }]);
  await consumer.stop();
  queueStore.close();
});
