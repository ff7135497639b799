// Do callers that record facts of one stream at the same time share a commit, and does each get its own answers?
import { expect, test } from 'vitest';
import { createRecordFacts, type RecordFacts } from '../../../functions/stages/recordFacts.ts';
import type { EventStore } from '../../../functions/store/eventStore.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';
import { engagementStream as streamId } from '../../support/histories/events.ts';
import { revisions } from '../project/revisions.ts';

const stageOver = (store: EventStore): RecordFacts =>
  createRecordFacts({ store, now: () => '2026-05-04T10:00:00.000Z', random: () => 0 });
const outcomes = (answers: Awaited<ReturnType<RecordFacts>>): readonly string[] =>
  answers.map(({ outcome }) => outcome);

test('calls that wait for one stream become one commit, and each gets its own answers', async () => {
  const memory = createMemoryEventStore();
  const commits: number[] = [];
  const store: EventStore = {
    ...memory,
    append: (id, tip, facts, at) => {
      commits.push(facts.length);
      return memory.append(id, tip, facts, at);
    },
  };
  const run = stageOver(store);
  const answers = await Promise.all(['a', 'b', 'c', 'd'].map((say) => run(streamId, revisions(streamId, 2, say))));
  expect(commits).toEqual([2, 6]);
  expect(answers.map(outcomes)).toEqual(Array(4).fill(['recorded', 'recorded']));
  const said = answers.map((each) => each.flatMap((answer) => ('events' in answer ? answer.events : [])));
  expect(said.flat().map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(outcomes(await run(streamId, revisions(streamId, 1, 'later')))).toEqual(['recorded']);
});

test('where a commit fails, those who waited for it hear so, and the next call goes on', async () => {
  const memory = createMemoryEventStore();
  let isAway = true;
  const store: EventStore = {
    ...memory,
    append: (...asked) => (isAway ? Promise.reject(new Error('away')) : memory.append(...asked)),
  };
  const run = stageOver(store);
  const attempts = ['a', 'b'].map((say) => run(streamId, revisions(streamId, 1, say)));
  await expect(Promise.allSettled(attempts)).resolves.toMatchObject(Array(2).fill({ status: 'rejected' }));
  isAway = false;
  expect(outcomes(await run(streamId, revisions(streamId, 1, 'c')))).toEqual(['recorded']);
});

test('an append before which other processes come twenty times lands at last', async () => {
  const memory = createMemoryEventStore();
  const other = stageOver(memory);
  let before = 20;
  const store: EventStore = {
    ...memory,
    append: async (...asked) => {
      before -= 1;
      if (before >= 0) await other(streamId, revisions(streamId, 1, `other ${before}`));
      return await memory.append(...asked);
    },
  };
  expect(outcomes(await stageOver(store)(streamId, revisions(streamId, 1, 'mine')))).toEqual(['recorded']);
  expect((await memory.load(streamId)).tip.version).toBe(21);
});
