// What stands around relay in its tests? A bus whose answers are staged, its own queue, and a store of what was committed.
import { EventBridgeClient, PutEventsCommand, type PutEventsCommandInput } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { createBus } from '../../functions/aws/eventBridge.ts';
import type { Failure } from '../../functions/aws/failureLog.ts';
import type { IsRelayed } from '../../functions/relay/relayedTypes.ts';
import { type CommitAgain, createRelayHandler } from '../../functions/relay/relayHandler.ts';
import { commitOf } from '../../functions/store/commit.ts';
import { itemOf } from '../../functions/store/dynamoEventStore.ts';
import { emptyTip } from '../../functions/store/eventStore.ts';
import { revisions } from '../functions/project/revisions.ts';
import { engagementStream as stream } from './histories/events.ts';
import { quiet } from './intake/intake.ts';

export type Entry = NonNullable<PutEventsCommandInput['Entries']>[number];

export const idOf = (entry: Entry): string => JSON.parse(entry.Detail ?? '{}').eventId;

export const keysOf = (version: number) => ({ stream: { S: stream }, version: { N: String(version) } });

export const startRelaying = (isRelayed: IsRelayed = () => true) => {
  // PutEvents fails in part only at AWS: here its answers are staged.
  const client = new EventBridgeClient({ region: 'eu-west-1' });
  const eventBridge = mockClient(client);
  /** The events of the store's commits, by version. */
  const stored = new Map<number, string>();
  const failures: Failure[] = [];
  const aside: CommitAgain[] = [];

  const relaying = {
    eventBridge,
    failures,
    /** What relay has asked its own queue for. */
    aside,
    queueIsAway: false,
    relay: createRelayHandler({
      bus: createBus({ client, busName: 'main', random: () => 0 }),
      isRelayed,
      storedEvents: async ({ version }) => {
        const events = stored.get(version);
        if (events === undefined) throw new Error('commitAbsent');
        return events;
      },
      askAgain: async (commits) => {
        if (relaying.queueIsAway) throw new Error('the queue is away');
        aside.push(...commits);
      },
      keepFailure: async (failure) => void failures.push(failure),
      logger: quiet,
    }),

    /** One stream record a commit; commit n holds `counts[n]` events, has the version 1 + n and the sequence number 100 + n. */
    records: (counts: readonly number[], kilobytes = 0) =>
      counts.map((count, index) => {
        const facts = revisions(stream, count, `c${index}`, kilobytes);
        const now = '2026-05-04T10:00:00.000Z';
        const { commit, events } = commitOf({ streamId: stream, tip: emptyTip, facts, now });
        const version = index + 1;
        stored.set(version, commit.text);
        const dynamodb = { SequenceNumber: String(100 + index), Keys: keysOf(version), NewImage: itemOf(commit) };
        return { eventName: 'INSERT', events, dynamodb };
      }),

    /** The batch in which relay's queue brings what was set aside. */
    queued: () => ({
      Records: aside.splice(0).map((said, index) => ({ messageId: `m${index}`, body: JSON.stringify(said) })),
    }),

    calls: (): readonly (readonly Entry[])[] =>
      eventBridge.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries ?? []),

    /** Stages the answer to each entry by the id of its event and by how often that was tried. */
    answering: (fails: (eventId: string, attempt: number) => boolean): void => {
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
    },
  };
  return relaying;
};
