// Does a commit from relay's queue reach the bus, and is a change of the event store reported there?
import { PutEventsCommand, type PutEventsCommandInput } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, test } from 'vitest';
import { engagementStream as stream } from '../../support/histories/events.ts';
import { idOf, keysOf, startRelaying } from '../../support/relaying.ts';

let relaying: ReturnType<typeof startRelaying>;
beforeEach(() => {
  relaying = startRelaying();
});

const relay = (event: unknown) => relaying.relay(event);
const done = { batchItemFailures: [] };

describe('a message of relay’s queue', () => {
  test('puts its commit from the store, by a call of its own, and is retried where it fails again', async () => {
    relaying.eventBridge.on(PutEventsCommand).rejects(new Error('the bus is away'));
    const batch = relaying.records([2, 1]);
    await relay({ Records: batch });
    relaying.eventBridge.reset();
    const bad = batch[1]?.events[0]?.eventId;
    relaying.answering((id) => id === bad);
    expect(await relay(relaying.queued())).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(relaying.calls().map((entries) => entries.map(idOf))).toContainEqual(
      batch[0]?.events.map(({ eventId }) => eventId),
    );
    expect(relaying.failures.at(-1)).toMatchObject({ eventId: 'm1', messageId: 'm1' });
    expect(relaying.failures.at(-1)?.reason).toContain('ThrottlingException');
  });

  test('fails alone where it names no commit, or a commit that does not exist', async () => {
    relaying.answering(() => false);
    relaying.records([1]);
    relaying.aside.push({ stream, version: 9 }, { stream, version: 1 });
    const { Records } = relaying.queued();
    const answer = await relay({ Records: [...Records, { messageId: 'nonsense', body: '{"version":1}' }] });
    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).toSorted()).toEqual(['m0', 'nonsense']);
    expect(relaying.calls()).toHaveLength(1);
    expect(relaying.failures.map(({ reason }) => reason).toSorted()).toEqual([
      'Error: commitAbsent',
      expect.stringMatching(/^notUnderstood: the message names no commit/),
    ]);
  });
});

describe('a commit that was changed or removed', () => {
  const changed = (eventName: string, SequenceNumber: string) => ({
    eventName,
    dynamodb: { SequenceNumber, Keys: keysOf(7), NewImage: { events: { S: '[]' } } },
  });
  const told = () =>
    relaying
      .calls()
      .flat()
      .map(({ DetailType, Detail = '' }) => [DetailType, JSON.parse(Detail)]);

  test('goes on the bus in the batch’s order, with its stream and version and without its content', async () => {
    relaying.eventBridge.on(PutEventsCommand).callsFake(({ Entries = [] }: PutEventsCommandInput) => ({
      Entries: Entries.map(() => ({ EventId: 'given' })),
    }));
    const [first, second] = relaying.records([1, 1]);
    const batch = [first, changed('MODIFY', '200'), changed('REMOVE', '201'), second];
    expect(await relay({ Records: batch })).toEqual(done);
    expect(told()).toEqual([
      ['CustomerIdentified', expect.anything()],
      ['CommitChanged', { change: 'MODIFY', stream, version: 7 }],
      ['CommitChanged', { change: 'REMOVE', stream, version: 7 }],
      ['CustomerIdentified', expect.anything()],
    ]);
  });

  test('goes to the queue while the bus fails, and is then still reported as CommitChanged', async () => {
    relaying.eventBridge.on(PutEventsCommand).rejects(new Error('the bus is away'));
    expect(await relay({ Records: [changed('REMOVE', '200')] })).toEqual(done);
    expect(relaying.failures).toMatchObject([{ eventId: `${stream}@7` }]);
    expect(relaying.aside).toEqual([{ stream, version: 7, change: 'REMOVE' }]);
    relaying.eventBridge.reset();
    relaying.eventBridge.on(PutEventsCommand).resolves({ Entries: [{ EventId: 'given' }] });
    // The store is not read: it no longer has the commit, or has another one.
    expect(await relay(relaying.queued())).toEqual(done);
    expect(told()).toEqual([['CommitChanged', { change: 'REMOVE', stream, version: 7 }]]);
  });

  test('is named in the answer where the bus and the queue fail', async () => {
    relaying.queueIsAway = true;
    relaying.eventBridge.on(PutEventsCommand).rejects(new Error('the bus is away'));
    const answer = await relay({ Records: [changed('REMOVE', '200')] });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '200' }] });
  });
});
