// Does the backlog of one message group leave the others their turns, as SQS's fair queues do, and is the group kept?
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { manualClock } from '../../../../infra/local/core/clock.ts';
import { openQueueStore } from '../../../../infra/local/storage/queueStore.ts';
import { startAwsEndpoints } from '../../../support/awsEndpoints.ts';

const clock = manualClock(Date.parse('2026-03-04T05:06:07.890Z'));
const open = (path = ':memory:') => {
  const store = openQueueStore({ path, clock });
  store.ensureQueue('work', { visibilityTimeoutSeconds: 30, delaySeconds: 0 });
  return store;
};

const groups = fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: undefined });

test('of each group in turn the oldest comes first, whatever the others have sent, and every message comes once', () => {
  fc.assert(
    fc.property(fc.array(groups, { maxLength: 60 }), fc.integer({ min: 1, max: 10 }), (sent, max) => {
      const store = open();
      store.sendAll(
        sent.map((group, index) => ({ queue: 'work', body: `${index}`, ...(group !== undefined && { group }) })),
      );
      const left = new Map<string | undefined, readonly number[]>(Map.groupBy(sent.keys(), (index) => sent[index]));
      const received: string[] = [];
      for (;;) {
        const messages = store.receive('work', max);
        if (messages.length === 0) break;
        received.push(...messages.map(({ body }) => body));
        const waiting = [...left.values()].filter((of) => of.length > 0).length;
        const met = new Set(messages.map(({ group }) => group));
        expect(met.size).toBe(Math.min(waiting, max));
        for (const { group, body } of messages) {
          expect(left.get(group)?.[0]).toBe(Number(body));
          left.set(group, left.get(group)?.slice(1) ?? []);
        }
      }
      expect(received.map(Number).sort((a, b) => a - b)).toEqual([...sent.keys()]);
      store.close();
    }),
    { numRuns: 60 },
  );
});

test('the group goes along to the dead letters, and is no order: two messages of a group are in flight at once', () => {
  const store = open();
  store.ensureQueue('dead', { visibilityTimeoutSeconds: 30, delaySeconds: 0 });
  const redrive = { deadLetterQueue: 'dead', maxReceiveCount: 1 };
  store.ensureQueue('work', { visibilityTimeoutSeconds: 30, delaySeconds: 0, redrive });
  store.sendAll(['1', '2'].map((body) => ({ queue: 'work', body, group: 'acme' })));
  expect([...store.receive('work', 1), ...store.receive('work', 1)].map(({ body }) => body)).toEqual(['1', '2']);
  clock.advance(30_000);
  expect(store.receive('work', 10)).toEqual([]);
  expect(store.receive('dead', 10)).toMatchObject([{ group: 'acme' }, { group: 'acme' }]);
  store.close();
});

test('a file of a release without groups keeps its messages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'groups-'));
  const path = join(folder, 'queues.db');
  const old = new DatabaseSync(path);
  old.exec(`CREATE TABLE messages (id INTEGER PRIMARY KEY, queue TEXT NOT NULL, message_id TEXT NOT NULL, body TEXT NOT NULL,
    attributes TEXT, sent_at INTEGER NOT NULL, visible_at INTEGER NOT NULL, receive_count INTEGER NOT NULL DEFAULT 0,
    first_received_at INTEGER) STRICT`);
  old.exec("INSERT INTO messages (queue, message_id, body, sent_at, visible_at) VALUES ('work', 'm', 'old', 1, 1)");
  old.close();
  const store = open(path);
  store.sendAll([{ queue: 'work', body: 'new', group: 'acme' }]);
  expect(store.receive('work', 10).map(({ body }) => body)).toEqual(['old', 'new']);
  store.close();
  rmSync(folder, { recursive: true });
});

test('the endpoint takes a group as SQS does, and shows it to who asks', async () => {
  const { sqs, urlOf, stop } = await startAwsEndpoints();
  const QueueUrl = urlOf('work');
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '1', MessageGroupId: 'acme' }));
  const Entries = ['2', '3'].map((Id) => ({ Id, MessageBody: Id, MessageGroupId: `tenant-${Id}` }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['MessageGroupId'] }),
  );
  expect(Messages.map(({ Attributes }) => Attributes)).toEqual(
    ['acme', 'tenant-2', 'tenant-3'].map((MessageGroupId) => ({ MessageGroupId })),
  );
  for (const MessageGroupId of ['', 'x'.repeat(129), 'zürich', 'a b']) {
    const sent = sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '1', MessageGroupId }));
    await expect(sent).rejects.toThrow('MessageGroupId');
  }
  await stop();
});
