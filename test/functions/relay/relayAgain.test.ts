// Does a commit that was set aside reach the bus after all, and what was done to the event store, too?
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

describe('what was set aside', () => {
  test('goes out from the store, each commit by a call of its own, and once more where it fails again', async () => {
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

  test('and is no commit that there is, or names none, fails alone', async () => {
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

  test('goes on the bus in its place, by its name and without its content', async () => {
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

  test('is not passed over while the bus does not take it, and still said as what it is afterwards', async () => {
    relaying.eventBridge.on(PutEventsCommand).rejects(new Error('the bus is away'));
    expect(await relay({ Records: [changed('REMOVE', '200')] })).toEqual(done);
    expect(relaying.failures).toMatchObject([{ eventId: `${stream}@7` }]);
    expect(relaying.aside).toEqual([{ stream, version: 7, change: 'REMOVE' }]);
    relaying.eventBridge.reset();
    relaying.eventBridge.on(PutEventsCommand).resolves({ Entries: [{ EventId: 'given' }] });
    // Nothing of the store is asked: it no longer has the commit, or another one.
    expect(await relay(relaying.queued())).toEqual(done);
    expect(told()).toEqual([['CommitChanged', { change: 'REMOVE', stream, version: 7 }]]);
  });

  test('is answered where it can not be set aside either', async () => {
    relaying.queueIsAway = true;
    relaying.eventBridge.on(PutEventsCommand).rejects(new Error('the bus is away'));
    const answer = await relay({ Records: [changed('REMOVE', '200')] });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '200' }] });
  });
});
