// Do the local queues behave as SQS's, and keep what they hold over a restart?
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ManualClock, manualClock } from '../../../../infra/local/core/clock.ts';
import { openQueueStore, type QueueStore } from '../../../../infra/local/storage/queueStore.ts';

const start = Date.parse('2026-03-04T05:06:07.890Z');

let folder: string;
let path: string;
let clock: ManualClock;
let store: QueueStore;

function open(): QueueStore {
  const opened = openQueueStore({ path, clock });
  opened.ensureQueue('dead', { visibilityTimeoutSeconds: 30, delaySeconds: 0 });
  opened.ensureQueue('slow', { visibilityTimeoutSeconds: 30, delaySeconds: 10 });
  opened.ensureQueue('work', {
    visibilityTimeoutSeconds: 30,
    delaySeconds: 0,
    redrive: { deadLetterQueue: 'dead', maxReceiveCount: 2 },
  });
  return opened;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'queues-'));
  path = join(folder, 'data', 'queues.db');
  clock = manualClock(start);
  store = open();
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const send = (queue: string, ...bodies: readonly string[]) => store.sendAll(bodies.map((body) => ({ queue, body })));
const bodies = (queue: string, max = 10) => store.receive(queue, max).map(({ body }) => body);

/** The only message that a receive finds. */
function receiveOne(queue: string) {
  const [message, ...more] = store.receive(queue, 10);
  if (message === undefined || more.length > 0) throw new Error(`"${queue}" doesn't hold exactly one visible message.`);
  return message;
}

test('a message has the attributes that SQS gives', () => {
  const [messageId] = store.sendAll([{ queue: 'work', body: 'a', attributes: { origin: 'relay' } }]);
  clock.advance(1_000);
  expect(receiveOne('work')).toEqual({
    messageId,
    receiptHandle: expect.any(String),
    body: 'a',
    receiveCount: 1,
    sentAt: start,
    firstReceivedAt: start + 1_000,
    attributes: { origin: 'relay' },
  });
  clock.advance(30_000);
  expect(receiveOne('work')).toMatchObject({ receiveCount: 2, sentAt: start, firstReceivedAt: start + 1_000 });
});

test('messages come oldest first, up to the requested number', () => {
  send('work', 'a', 'b', 'c');
  expect(bodies('work', 2)).toEqual(['a', 'b']);
  expect(bodies('work', 2)).toEqual(['c']);
  expect(bodies('work', 2)).toEqual([]);
});

test('a message in flight is visible exactly after its visibility timeout', () => {
  send('work', 'a');
  store.receive('work', 1);
  expect(store.nextDueAt()).toBe(start + 30_000);
  clock.advance(29_999);
  expect(bodies('work')).toEqual([]);
  clock.advance(1);
  expect(store.nextDueAt()).toBeUndefined();
  expect(bodies('work')).toEqual(['a']);
});

test('a message with the allowed number of receives goes to the dead-letter queue, and its listeners are called', () => {
  const [messageId] = send('work', 'poison');
  const heard: string[] = [];
  for (const receiveCount of [1, 2]) {
    expect(receiveOne('work').receiveCount).toBe(receiveCount);
    clock.advance(30_000);
  }
  const stop = store.onMessage((queue) => heard.push(queue));
  expect(bodies('work')).toEqual([]);
  stop();
  expect(heard).toEqual(['dead']);
  expect(store.counts('work')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  expect(receiveOne('dead')).toMatchObject({ messageId, body: 'poison', receiveCount: 3, sentAt: start });
});

test('messages with too many receives do not hide the messages after them', () => {
  send('work', 'poison 1', 'poison 2');
  for (const _ of [1, 2]) {
    expect(bodies('work')).toHaveLength(2);
    clock.advance(30_000);
  }
  send('work', 'good');
  expect(bodies('work', 1)).toEqual(['good']);
  expect(store.counts('dead').visible).toBe(2);
});

test('delays are the queue’s, unless the message has its own', () => {
  store.sendAll([
    { queue: 'slow', body: 'default' },
    { queue: 'slow', body: 'at once', delaySeconds: 0 },
    { queue: 'work', body: 'later', delaySeconds: 5 },
  ]);
  expect(bodies('slow')).toEqual(['at once']);
  expect(store.counts('work')).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
  expect(store.nextDueAt()).toBe(start + 5_000);
  clock.advance(10_000);
  expect([bodies('slow'), bodies('work')]).toEqual([['default'], ['later']]);
});

describe('a stale receipt handle', () => {
  test('deletes no message that another caller has received since', () => {
    send('work', 'a');
    const stale = receiveOne('work');
    clock.advance(30_000);
    const current = receiveOne('work');
    store.delete('work', [stale.receiptHandle, 'no handle', '']);
    store.release('work', [stale.receiptHandle]);
    expect(store.changeVisibility('work', stale.receiptHandle, 0)).toBe(false);
    expect(store.counts('work')).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    store.delete('work', [current.receiptHandle]);
    expect(store.counts('work')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test('of a deleted message deletes no later message', () => {
    send('work', 'gone');
    const { receiptHandle } = receiveOne('work');
    store.delete('work', [receiptHandle]);
    send('work', 'next');
    receiveOne('work');
    store.delete('work', [receiptHandle]);
    expect(store.counts('work').inFlight).toBe(1);
  });

  test('still deletes its message if no other caller has received it since', () => {
    send('work', 'a');
    const { receiptHandle } = receiveOne('work');
    clock.advance(60_000);
    store.delete('work', [receiptHandle]);
    expect(store.counts('work').visible).toBe(0);
  });

  test('works in its own queue only', () => {
    send('work', 'a');
    store.delete('slow', [receiveOne('work').receiptHandle]);
    expect(store.counts('work').inFlight).toBe(1);
  });
});

test('visibility can be shortened, extended and ended', () => {
  send('work', 'a');
  const { receiptHandle } = receiveOne('work');
  expect(store.changeVisibility('work', receiptHandle, 100)).toBe(true);
  clock.advance(99_999);
  expect(bodies('work')).toEqual([]);
  const heard: string[] = [];
  store.onMessage((queue) => heard.push(queue));
  store.release('work', [receiptHandle]);
  expect(heard).toEqual(['work']);
  expect(receiveOne('work').receiveCount).toBe(2);
});

test('one send is all or nothing, and says which queue is missing', () => {
  const entries = ['work', 'nowhere'].map((queue) => ({ queue, body: 'a' }));
  expect(() => store.sendAll(entries)).toThrow('There is no queue "nowhere": declare it with ensureQueue.');
  expect(store.counts('work').visible).toBe(0);
});

test('listeners are called once for each queue of a send, when the messages can be received', () => {
  const heard: (readonly [string, number])[] = [];
  store.onMessage((queue) => heard.push([queue, store.counts(queue).visible]));
  store.sendAll(['work', 'work', 'dead', 'slow'].map((queue) => ({ queue, body: 'a' })));
  expect(heard).toEqual([
    ['work', 2],
    ['dead', 1],
  ]);
});

test('everything exists after a restart, and the start makes messages in flight visible', () => {
  send('work', 'held', 'waiting');
  send('slow', 'delayed');
  store.receive('work', 1);
  store.setCheckpoint('shard-1', '000042');
  store.parameters.put('/secret', 'one');
  store.parameters.put('/secret', 'two');
  store.close();
  store = open();
  expect(store.counts('work')).toEqual({ visible: 1, inFlight: 1, delayed: 0 });
  store.makeInFlightVisible();
  expect(bodies('work').sort()).toEqual(['held', 'waiting']);
  expect(store.counts('slow').delayed).toBe(1);
  expect([store.checkpoint('shard-1'), store.checkpoint('shard-2')]).toEqual(['000042', undefined]);
  expect(store.parameters.describe('/secret')).toEqual({ value: 'two', version: 2, changedAt: start });
  expect(store.parameters.get('/other')).toBeUndefined();
});

test('the file holds secrets, so only its owner reads it', () => {
  store.parameters.put('/secret', 'one');
  expect([path, `${path}-wal`].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
});
