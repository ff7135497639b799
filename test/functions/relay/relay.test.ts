// Does every commit reach the bus, whatever part of a call fails, and does the stream wait where one could not?
import { EventBridgeClient, PutEventsCommand, type PutEventsCommandInput } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { createBus } from '../../../functions/aws/eventBridge.ts';
import type { Failure } from '../../../functions/aws/failureLog.ts';
import { createRelayHandler } from '../../../functions/relay/relayHandler.ts';
import { commitOf } from '../../../functions/store/commit.ts';
import { itemOf } from '../../../functions/store/dynamoEventStore.ts';
import { emptyTip } from '../../../functions/store/eventStore.ts';
import { engagementStream as stream } from '../../support/histories/events.ts';
import { revisions } from '../project/revisions.ts';

// PutEvents fails in part only at AWS: here its answers are staged.
const client = new EventBridgeClient({ region: 'eu-west-1' });
const eventBridge = mockClient(client);
let failures: Failure[];

beforeEach(() => {
  eventBridge.reset();
  failures = [];
});

const relay = createRelayHandler({
  bus: createBus({ client, busName: 'main', random: () => 0 }),
  keepFailure: async (failure) => {
    failures.push(failure);
  },
  logger: { debug: () => undefined, error: () => undefined },
});

/** One stream record a commit; commit n holds `counts[n]` events and has the sequence number 100 + n. */
const records = (counts: readonly number[], kilobytes = 0) =>
  counts.map((count, index) => {
    const facts = revisions(stream, count, `c${index}`, kilobytes);
    const { commit, events } = commitOf({ streamId: stream, tip: emptyTip, facts, now: '2026-05-04T10:00:00.000Z' });
    return { events, dynamodb: { SequenceNumber: String(100 + index), NewImage: itemOf(commit) } };
  });

type Entry = NonNullable<PutEventsCommandInput['Entries']>[number];
const calls = (): readonly (readonly Entry[])[] =>
  eventBridge.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries ?? []);
const idOf = (entry: Entry): string => JSON.parse(entry.Detail ?? '{}').eventId;

/** Stages the answer to each entry by the id of its event and by how often that was tried. */
const answering = (fails: (eventId: string, attempt: number) => boolean): void => {
  const attempts = new Map<string, number>();
  eventBridge.on(PutEventsCommand).callsFake(({ Entries = [] }: PutEventsCommandInput) => {
    const answers = Entries.map((entry) => {
      const id = idOf(entry);
      attempts.set(id, (attempts.get(id) ?? 0) + 1);
      return fails(id, attempts.get(id) ?? 1) ? { ErrorCode: 'ThrottlingException' } : { EventId: id };
    });
    // The count is wrong on purpose: only the entries say what failed.
    return { FailedEntryCount: 0, Entries: answers };
  });
};

describe('what goes out', () => {
  test('every event of every commit, as it was recorded, under its type', async () => {
    answering(() => false);
    const batch = records([1, 3, 2]);
    expect(await relay({ Records: batch })).toEqual({ batchItemFailures: [] });
    expect(calls().flat()).toEqual(
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

  test('at most 10 entries and 1 MB a call', async () => {
    answering(() => false);
    await relay({ Records: records([4, 9, 12]) });
    expect(calls().map(({ length }) => length)).toEqual([10, 10, 5]);
    eventBridge.resetHistory();
    await relay({ Records: records([1, 1, 1, 1, 1, 1], 190) });
    expect(calls().map(({ length }) => length)).toEqual([5, 1]);
  });

  test('an empty batch needs no call; what is no batch is an error', async () => {
    expect(await relay({ Records: [] })).toEqual({ batchItemFailures: [] });
    expect(calls()).toEqual([]);
    await expect(relay({ Records: [{}] })).rejects.toThrow('not a batch of a table stream');
  });
});

describe('what fails', () => {
  test('only the entries that failed are put again', async () => {
    const batch = records([3, 2]);
    const flaky = batch.flatMap(({ events }) => events)[2]?.eventId;
    answering((id, attempt) => id === flaky && attempt < 3);
    expect(await relay({ Records: batch })).toEqual({ batchItemFailures: [] });
    expect(calls().map((entries) => entries.map(idOf))).toEqual([expect.anything(), [flaky], [flaky]]);
  });

  test('the lowest sequence number is answered, and the reason kept', async () => {
    const batch = records([1, 1, 2, 1]);
    const bad = [batch[2]?.events[1]?.eventId, batch[3]?.events[0]?.eventId];
    answering((id) => bad.includes(id));
    expect(await relay({ Records: batch })).toEqual({ batchItemFailures: [{ itemIdentifier: '102' }] });
    expect(failures).toMatchObject([{ eventId: bad[0], reason: expect.stringContaining('ThrottlingException') }]);
    expect(calls()).toHaveLength(4);
  });

  test('after a call that failed for good nothing more is begun', async () => {
    answering(() => true);
    expect(await relay({ Records: records(Array(80).fill(1)) })).toEqual({
      batchItemFailures: [{ itemIdentifier: '100' }],
    });
    // Four calls of ten were under way at once.
    expect(new Set(calls().flat().map(idOf)).size).toBe(40);
  });

  test('a bus that does not answer fails the batch from its beginning', async () => {
    eventBridge.on(PutEventsCommand).rejects(new Error('the bus is away'));
    expect(await relay({ Records: records([1, 1]) })).toEqual({ batchItemFailures: [{ itemIdentifier: '100' }] });
    expect(failures).toMatchObject([{ reason: 'Error: the bus is away' }]);
  });

  test('a result that is missing counts as a failure', async () => {
    eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [] });
    expect(await relay({ Records: records([1, 1]) })).toEqual({ batchItemFailures: [{ itemIdentifier: '100' }] });
    expect(failures).toMatchObject([{ reason: expect.stringContaining('noResult') }]);
  });

  test('a commit that can not be read stops the stream there; what came before goes out', async () => {
    answering(() => false);
    const [first, , third] = records([1, 1, 1]);
    const broken = { dynamodb: { SequenceNumber: '101', NewImage: { events: { S: 'not json' } } } };
    const answer = await relay({ Records: [first, broken, third] });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '101' }] });
    expect(calls().flat().map(idOf)).toEqual(first?.events.map(({ eventId }) => eventId));
    expect(failures).toMatchObject([
      { eventId: 'sequence:101', reason: expect.stringMatching(/^commitNotUnderstood/) },
    ]);
  });
});

describe('a commit that was changed or removed', () => {
  const changed = (eventName: string, SequenceNumber: string) => ({
    eventName,
    dynamodb: {
      SequenceNumber,
      Keys: { stream: { S: stream }, version: { N: '7' } },
      NewImage: { events: { S: '[]' } },
    },
  });

  test('goes on the bus in its place, by its name and without its content', async () => {
    eventBridge.on(PutEventsCommand).callsFake(({ Entries = [] }: PutEventsCommandInput) => ({
      Entries: Entries.map(() => ({ EventId: 'given' })),
    }));
    const [first, second] = records([1, 1]);
    const batch = [first, changed('MODIFY', '200'), changed('REMOVE', '201'), second];
    expect(await relay({ Records: batch })).toEqual({ batchItemFailures: [] });
    const entries = calls().flat();
    expect(entries.map(({ DetailType }) => DetailType)).toEqual([
      'CustomerIdentified',
      'CommitChanged',
      'CommitChanged',
      'CustomerIdentified',
    ]);
    expect(entries.slice(1, 3).map(({ Detail = '' }) => JSON.parse(Detail))).toEqual([
      { change: 'MODIFY', stream, version: 7 },
      { change: 'REMOVE', stream, version: 7 },
    ]);
  });

  test('is not passed over while the bus does not take it', async () => {
    eventBridge.on(PutEventsCommand).rejects(new Error('the bus is away'));
    const answer = await relay({ Records: [changed('REMOVE', '200')] });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '200' }] });
    expect(failures).toMatchObject([{ eventId: `${stream}@7` }]);
  });
});
