// Does the work for a stream grow only in proportion to its commits, counted in operations?
import { expect, it } from 'vitest';
import { referencesOf } from '../../../domain/context/references.ts';
import { createCachedStreams } from '../../../functions/store/cachedStreams.ts';
import { type Commit, commitOf, tipOf } from '../../../functions/store/commit.ts';
import { emptyTip } from '../../../functions/store/eventStore.ts';
import { createHistoryCache } from '../../../functions/store/historyCache.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';
import { follow } from '../../../functions/store/readCommits.ts';
import { engagementStream as streamId } from '../../support/histories/events.ts';
import { longHistories } from '../../support/histories/longHistories.ts';
import { growthOf } from '../../support/operations.ts';

const now = '2028-01-01T00:00:00.000Z';
const most = 2.2;

const shapes = Object.values(longHistories);

const factsOf = (count: number) => shapes.flatMap((history) => history(count / shapes.length));

/** The commits of a stream, one fact each. */
const commitsOf = (count: number): readonly Commit[] => {
  let tip = emptyTip;
  return factsOf(count).map((said) => {
    const { commit } = commitOf({ streamId, tip, facts: [said], now });
    tip = tipOf(commit);
    return commit;
  });
};

it('a cache that is offered each commit', () => {
  const following = (count: number) => {
    const commits = commitsOf(count);
    const cache = createCachedStreams({ store: createMemoryEventStore(), grown: async () => new Set() });
    return () => {
      for (const commit of commits) cache.offer(commit);
    };
  };
  expect(growthOf(following)).toBeLessThan(most);
});

it('a cached stream that reads the commits after its tip', () => {
  const catchingUp = (count: number) => {
    const commits = commitsOf(count);
    const known = createHistoryCache(1024 ** 3);
    return () => {
      for (const commit of commits) {
        const before = known.get(streamId);
        known.put(streamId, before, follow(streamId, before?.tip, [commit]));
      }
    };
  };
  expect(growthOf(catchingUp)).toBeLessThan(most);
});

it('a cold load, and the parties that a stream names', () => {
  const loading = (count: number) => {
    const commits = commitsOf(count);
    return () => void referencesOf(follow(streamId, undefined, commits).events);
  };
  expect(growthOf(loading)).toBeLessThan(most);
  expect(
    growthOf((count) => () => void commitOf({ streamId, tip: emptyTip, facts: factsOf(count), now })),
  ).toBeLessThan(most);
});
