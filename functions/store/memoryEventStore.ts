// How does an event store behave without a database?
import { type Commit, commitOf, shardKeyOf, tipOf } from './commit.ts';
import type { EventStore } from './eventStore.ts';
import { loadEach } from './loadMany.ts';
import { eventsOf, follow, isOwnWrite } from './readCommits.ts';

const streamsPage = 100;

/** A store in this process's memory, under the same contract as the DynamoDB store; `pageSize` limits a page of `streams`. */
export const createMemoryEventStore = ({ pageSize = streamsPage }: { readonly pageSize?: number } = {}): EventStore => {
  const commits = new Map<string, Map<number, Commit>>();

  const load: EventStore['load'] = async (streamId, from) => {
    const stream = [...(commits.get(streamId)?.values() ?? [])];
    return follow(
      streamId,
      from,
      stream.filter((commit) => commit.version > (from?.version ?? 0)),
    );
  };

  return {
    load,
    loadMany: (tips) => loadEach(load, tips),

    append: async (streamId, tip, facts, now) => {
      const { commit, events } = commitOf({ streamId, tip, facts, now });
      const stream = commits.get(streamId) ?? new Map<number, Commit>();
      const stored = stream.get(commit.version);
      if (stored === undefined) {
        commits.set(streamId, stream.set(commit.version, commit));
        return { outcome: 'appended', events, tip: tipOf(commit), bytes: Buffer.byteLength(commit.text) };
      }
      if (!isOwnWrite(stored, events)) return { outcome: 'conflict', next: follow(streamId, tip, [stored]) };
      return {
        outcome: 'appended',
        events: eventsOf(streamId, stored.text),
        tip: tipOf(stored),
        bytes: Buffer.byteLength(stored.text),
      };
    },

    streams: async (kind, shard, cursor = '') => {
      const key = shardKeyOf(kind, shard);
      const listed = [...commits]
        .filter(([streamId, stream]) => stream.get(1)?.shard === key && streamId > cursor)
        .map(([streamId]) => streamId)
        .sort();
      const page = listed.slice(0, pageSize);
      const last = page.at(-1);
      return { streams: page, ...(listed.length > page.length && last !== undefined && { cursor: last }) };
    },
  };
};
