// Does every commit reach the bus, whatever part of a call fails, and do the others go on where one fails?
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, test } from 'vitest';
import { isRelayedIn } from '../../../functions/relay/relayedTypes.ts';
import { engagementStream as stream } from '../../support/histories/events.ts';
import { idOf, keysOf, startRelaying } from '../../support/relaying.ts';

let relaying: ReturnType<typeof startRelaying>;
beforeEach(() => {
  relaying = startRelaying();
});

const relay = (event: unknown) => relaying.relay(event);
const done = { batchItemFailures: [] };

describe('relay puts on the bus', () => {
  test('every event of every commit, as it was recorded, under its type', async () => {
    relaying.answering(() => false);
    const batch = relaying.records([1, 3, 2]);
    expect(await relay({ Records: batch })).toEqual(done);
    expect(relaying.aside).toEqual([]);
    expect(relaying.calls().flat()).toEqual(
      batch.flatMap(({ events }) =>
        events.map((event) => ({
          EventBusName: 'main',
          Source: 'throughline',
          DetailType: 'CustomerIdentified',
          Detail: JSON.stringify(event),
        })),
      ),
    );
  });

  test('at most 10 entries and 1 MB per call', async () => {
    relaying.answering(() => false);
    await relay({ Records: relaying.records([4, 9, 12]) });
    expect(relaying.calls().map(({ length }) => length)).toEqual([10, 10, 5]);
    relaying.eventBridge.resetHistory();
    await relay({ Records: relaying.records([1, 1, 1, 1, 1, 1], 190) });
    expect(relaying.calls().map(({ length }) => length)).toEqual([5, 1]);
  });

  test('nothing for an empty batch; an event that is not a batch is an error', async () => {
    expect(await relay({ Records: [] })).toEqual(done);
    expect(relaying.calls()).toEqual([]);
    await expect(relay({ Records: [{}] })).rejects.toThrow('neither a batch of a table stream nor');
  });
});

describe('a deployment that names types', () => {
  const batch = () => relaying.records([2, 1]);
  const told = () => relaying.calls().flat().map(idOf);

  test('puts events of these types alone, from the stream and from the queue', async () => {
    relaying = startRelaying(isRelayedIn('CustomerIdentified,DealClosed'));
    relaying.answering(() => false);
    const sent = batch().flatMap(({ events }) => events.map(({ eventId }) => eventId));
    expect(await relay({ Records: batch() })).toEqual(done);
    expect(told()).toEqual(sent);
    relaying.eventBridge.resetHistory();
    relaying.aside.push({ stream, version: 1 });
    await relay(relaying.queued());
    expect(told()).toEqual(sent.slice(0, 2));
  });

  test('has done with a commit of other types, and still tells of a change of one', async () => {
    relaying = startRelaying(isRelayedIn('DealClosed,CommitChanged'));
    relaying.answering(() => false);
    expect(await relay({ Records: batch() })).toEqual(done);
    relaying.aside.push({ stream, version: 1 });
    expect(await relay(relaying.queued())).toEqual(done);
    expect(told()).toEqual([]);
    relaying.eventBridge.on(PutEventsCommand).resolves({ Entries: [{ EventId: 'given' }] });
    const removed = { eventName: 'REMOVE', dynamodb: { SequenceNumber: '1', Keys: keysOf(1) } };
    await relay({ Records: [removed] });
    expect(relaying.calls().flat()).toMatchObject([{ DetailType: 'CommitChanged' }]);
  });
});

describe('a failure', () => {
  test('only the entries that failed are put again', async () => {
    const batch = relaying.records([3, 2]);
    const flaky = batch.flatMap(({ events }) => events)[2]?.eventId;
    relaying.answering((id, attempt) => id === flaky && attempt < 3);
    expect(await relay({ Records: batch })).toEqual(done);
    expect(relaying.aside).toEqual([]);
    expect(relaying.calls().map((entries) => entries.map(idOf))).toEqual([expect.anything(), [flaky], [flaky]]);
  });

  test('a commit with an event that keeps failing goes to the queue, its first reason is stored, and the stream goes on', async () => {
    const batch = relaying.records([1, 1, 2, 2]);
    const bad = [batch[2]?.events[1]?.eventId, batch[3]?.events[0]?.eventId];
    relaying.answering((id) => bad.includes(id) || id === batch[3]?.events[1]?.eventId);
    expect(await relay({ Records: batch })).toEqual(done);
    expect(relaying.aside).toEqual([
      { stream, version: 3 },
      { stream, version: 4 },
    ]);
    expect(relaying.failures).toMatchObject(
      bad.map((eventId) => ({ eventId, reason: expect.stringContaining('ThrottlingException') })),
    );
    expect(relaying.calls()).toHaveLength(4);
  });

  test('a commit that fails affects no other commit, of the same call or another', async () => {
    const batch = relaying.records(Array(65).fill(1));
    // One commit fails in each of the four calls that run at once: all four calls are retried before the fifth begins.
    const bad = [3, 14, 25, 36];
    const failing = new Set(bad.map((place) => batch[place]?.events[0]?.eventId));
    relaying.answering((id) => failing.has(id));
    expect(await relay({ Records: batch })).toEqual(done);
    expect(relaying.aside.map(({ version }) => version)).toEqual(bad.map((place) => place + 1));
    expect(new Set(relaying.calls().flat().map(idOf)).size).toBe(65);
  });

  test('after a call whose entries all failed no further call begins, and all commits go to the queue', async () => {
    relaying.answering(() => true);
    expect(await relay({ Records: relaying.records(Array(80).fill(1)) })).toEqual(done);
    // Four calls of ten were under way at once.
    expect(new Set(relaying.calls().flat().map(idOf)).size).toBe(40);
    expect(relaying.aside.map(({ version }) => version)).toEqual(Array.from({ length: 80 }, (_, index) => index + 1));
  });

  test('where the queue fails too, the answer names the lowest sequence number', async () => {
    relaying.queueIsAway = true;
    const batch = relaying.records([1, 1, 2, 1]);
    const bad = [batch[2]?.events[1]?.eventId, batch[3]?.events[0]?.eventId];
    relaying.answering((id) => bad.includes(id));
    expect(await relay({ Records: batch })).toEqual({ batchItemFailures: [{ itemIdentifier: '102' }] });
  });

  test('where the bus rejects every call and the queue fails too, the answer names the first record', async () => {
    relaying.queueIsAway = true;
    relaying.eventBridge.on(PutEventsCommand).rejects(new Error('the bus is away'));
    expect(await relay({ Records: relaying.records([1, 1]) })).toEqual({
      batchItemFailures: [{ itemIdentifier: '100' }],
    });
    expect(relaying.failures).toMatchObject(Array(2).fill({ reason: 'Error: the bus is away' }));
  });

  test('a missing result counts as a failure', async () => {
    relaying.eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [] });
    expect(await relay({ Records: relaying.records([1, 1]) })).toEqual(done);
    expect(relaying.aside).toHaveLength(2);
    expect(relaying.failures).toMatchObject(Array(2).fill({ reason: expect.stringContaining('noResult') }));
  });

  test('only the commit that can not be read goes to the queue; those before and after it are put', async () => {
    relaying.answering(() => false);
    const [first, , third] = relaying.records([1, 1, 1]);
    const broken = { dynamodb: { SequenceNumber: '101', Keys: keysOf(2), NewImage: { events: { S: 'not json' } } } };
    expect(await relay({ Records: [first, broken, third] })).toEqual(done);
    expect(relaying.calls().flat().map(idOf)).toEqual(
      [first, third].flatMap((record) => record?.events.map(({ eventId }) => eventId)),
    );
    expect(relaying.aside).toEqual([{ stream, version: 2 }]);
    expect(relaying.failures).toMatchObject([
      { eventId: 'sequence:101', reason: expect.stringMatching(/^commitNotUnderstood/) },
    ]);
  });
});

test('a tenant whose events the bus rejects holds up no other’s: only its commits go to the queue', async () => {
  const batch = relaying.records(Array(60).fill(1));
  const flooding = batch.map((record, index) =>
    index % 6 === 5
      ? record
      : {
          ...record,
          dynamodb: {
            ...record.dynamodb,
            Keys: { ...record.dynamodb.Keys, stream: { S: 'flooding/engagement/e1' } },
          },
        },
  );
  const others = new Set(batch.filter((_, index) => index % 6 === 5).map(({ events }) => events[0]?.eventId));
  relaying.answering((id) => !others.has(id));
  expect(await relay({ Records: flooding })).toEqual(done);
  expect(relaying.aside).toHaveLength(50);
  expect(relaying.aside.every((commit) => commit.stream.startsWith('flooding/'))).toBe(true);
});
