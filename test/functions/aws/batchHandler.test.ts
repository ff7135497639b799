// Does each record of a batch succeed or fail alone, and is the reason of each failure stored?
import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { createBatchHandler } from '../../../functions/aws/batchHandler.ts';
import { bodyOf, type StreamRecord } from '../../../functions/aws/batchRecords.ts';
import { asOne, byGroup, oneByOne, type Work } from '../../../functions/aws/batchWork.ts';
import type { Failure, KeepFailure } from '../../../functions/aws/failureLog.ts';
import { quiet } from '../../support/intake/intake.ts';

let worked: string[];
let kept: Failure[];
let aside: string[];
beforeEach(() => {
  worked = [];
  kept = [];
  aside = [];
});

const keepFailure: KeepFailure = async (failure) => void kept.push(failure);
const failing = (...ids: readonly string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

const work = async (item: string): Promise<void> => {
  worked.push(item);
  if (item.startsWith('bad')) throw new Error(`no ${item}`);
};

const messages = (...bodies: readonly unknown[]) => ({
  Records: bodies.map((body, index) => ({
    messageId: `m${index}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: '3', SentTimestamp: '1700000000000' },
  })),
});
const named = bodyOf(
  z.object({ name: z.string() }).transform(({ name }) => name),
  'it has no name',
);
const ofQueue = (doing: Work<string> = oneByOne(2, work), keep = keepFailure) =>
  createBatchHandler({ queue: { read: named, work: doing }, keepFailure: keep, logger: quiet });

const changes = (...names: readonly string[]) => ({
  Records: names.map((name, index) => ({
    ...{ eventSource: 'aws:dynamodb', eventName: 'INSERT' },
    dynamodb: { SequenceNumber: `${100 + index}`, Keys: { name: { S: name } }, NewImage: { name: { S: name } } },
  })),
});
const Named = z.object({ name: z.object({ S: z.string() }) });
const nameIn = ({ keys }: StreamRecord): string => Named.parse(keys).name.S;
const toQueue = async (records: readonly StreamRecord[]): Promise<void> => void aside.push(...records.map(nameIn));
const ofStream = (setAside = toQueue) =>
  createBatchHandler({
    stream: {
      read: (record) => {
        if (nameIn(record) === 'riddle') throw new Error('who knows');
        return { ok: true, item: nameIn(record) };
      },
      work: oneByOne(1, work),
      about: (item) => ({ eventId: `of ${item}`, correlationId: 'way' }),
      setAside,
    },
    keepFailure,
    logger: quiet,
  });

describe('a batch of a queue', () => {
  test('the answer names each failed message, and the reason is stored under its id', async () => {
    expect(await ofQueue()(messages({ name: 'a' }, { name: 'bad b' }, { name: 'c' }))).toEqual(failing('m1'));
    expect(worked).toEqual(['a', 'bad b', 'c']);
    expect(kept).toEqual([{ eventId: 'm1', messageId: 'm1', receiveCount: 3, reason: 'Error: no bad b' }]);
  });

  test('a message that is not understood fails alone, and the reason says what it lacks', async () => {
    expect(await ofQueue()(messages('nonsense', { name: 'b' }, { other: 1 }))).toEqual(failing('m0', 'm2'));
    expect(worked).toEqual(['b']);
    expect(kept.map(({ reason }) => reason)).toEqual(Array(2).fill('notUnderstood: it has no name'));
  });

  test('a reason that can’t be stored does not change the answer', async () => {
    const handle = ofQueue(undefined, () => Promise.reject(new Error('the table is away')));
    expect(await handle(messages({ name: 'bad b' }, { name: 'c' }))).toEqual(failing('m0'));
  });

  test('an empty batch is answered; an event that is not a batch of a queue is an error', async () => {
    expect(await ofQueue()({ Records: [] })).toEqual(failing());
    for (const event of [{}, { Records: [{ body: '{}' }] }, changes('a')]) {
      await expect(ofQueue()(event)).rejects.toThrow('the event is not a batch of SQS messages');
    }
  });

  test('every message fails where the work as a whole throws', async () => {
    const handle = ofQueue(() => Promise.reject(new Error('all is lost')));
    expect(await handle(messages({ name: 'a' }, { name: 'b' }))).toEqual(failing('m0', 'm1'));
    expect(kept.map(({ reason }) => reason)).toEqual(['Error: all is lost', 'Error: all is lost']);
  });
});

describe('work in groups', () => {
  const initial = (item: string): string => item.charAt(0);

  test('the items of a group are worked on together, in their order, and fail together', async () => {
    const grouped = byGroup<string>({ keyOf: initial, atOnce: 8, work: asOne(async (group) => work(group.join())) });
    const batch = messages(...['x1', 'bad', 'x2', 'bed'].map((name) => ({ name })));
    expect(await ofQueue(grouped)(batch)).toEqual(failing('m1', 'm3'));
    expect(worked).toEqual(['x1,x2', 'bad,bed']);
  });

  test('each item of a group may fail alone, under an id of its own', async () => {
    const second: Work<string> = async (group) =>
      group.map((item, place) => (place === 1 ? { reason: `second: ${item}`, eventId: 'e-1' } : undefined));
    const grouped = byGroup<string>({ keyOf: initial, atOnce: 8, work: second });
    const batch = messages(...['x1', 'y1', 'x2', 'y2'].map((name) => ({ name })));
    expect(await ofQueue(grouped)(batch)).toEqual(failing('m2', 'm3'));
    expect(kept.map(({ eventId, reason }) => [eventId, reason])).toEqual([
      ['e-1', 'second: x2'],
      ['e-1', 'second: y2'],
    ]);
  });
});

describe('a batch of a stream', () => {
  test('records that fail or are not understood go to the queue, and the stream goes on', async () => {
    expect(await ofStream()(changes('a', 'bad b', 'riddle', 'd'))).toEqual(failing());
    expect(worked).toEqual(['a', 'bad b', 'd']);
    expect(aside).toEqual(['bad b', 'riddle']);
    expect(kept).toEqual([
      { eventId: 'sequence:102', reason: 'notUnderstood: Error: who knows' },
      { eventId: 'of bad b', reason: 'Error: no bad b' },
    ]);
  });

  test('where the queue can’t be reached, the answer names the lowest failed record', async () => {
    const handle = ofStream(() => Promise.reject(new Error('the queue is away')));
    expect(await handle(changes('a', 'riddle', 'bad c'))).toEqual(failing('101'));
  });

  test('the queue gets nothing where nothing failed; no work starts where nothing is understood', async () => {
    const setAside = vi.fn(toQueue);
    expect(await ofStream(setAside)(changes('a', 'b'))).toEqual(failing());
    expect(setAside).not.toHaveBeenCalled();
    const doing = vi.fn(oneByOne(1, work));
    expect(await ofQueue(doing)(messages('nonsense'))).toEqual(failing('m0'));
    expect(doing).not.toHaveBeenCalled();
  });

  test('a reason is stored once per event, however many records failed for it', async () => {
    await ofStream()(changes('bad b', 'bad b', 'bad c'));
    expect(kept.map(({ eventId }) => eventId)).toEqual(['of bad b', 'of bad c']);
    expect(aside).toEqual(['bad b', 'bad b', 'bad c']);
  });

  test('an event that is not a batch of a stream is an error', async () => {
    await expect(ofStream()(messages({ name: 'a' }))).rejects.toThrow('the event is not a batch of a table stream');
  });
});

test('a handler of both tells queue and stream apart; an event that is neither is an error', async () => {
  const handle = createBatchHandler({
    queue: { read: named, work: oneByOne(1, (item) => work(`queue ${item}`)) },
    stream: {
      read: (record) => ({ ok: true, item: nameIn(record) }),
      work: oneByOne(1, (item) => work(`stream ${item}`)),
      setAside: toQueue,
    },
    keepFailure,
    logger: quiet,
  });
  await handle(messages({ name: 'a' }));
  await handle(changes('b'));
  expect(worked).toEqual(['queue a', 'stream b']);
  await expect(handle({ Records: [{ eventSource: 'aws:s3' }] })).rejects.toThrow(
    'the event is neither a batch of a table stream nor a batch of SQS messages',
  );
});
