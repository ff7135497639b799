// Do the memory store and the DynamoDB store give the same answers to the same calls?
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shardCount } from '../../../functions/store/commit.ts';
import { createDynamoEventStore } from '../../../functions/store/dynamoEventStore.ts';
import { type EventStore, emptyTip, type Tip } from '../../../functions/store/eventStore.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { revisions, streamNamed } from '../project/revisions.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const streamIds = ['a', 'b', 'c'].map((name) => streamNamed(name));
const kinds = ['engagement', 'party'] as const;

/** One call of a caller, with a tip that it has seen before, which may be stale. */
const act = fc.oneof(
  fc.record({
    does: fc.constant('append' as const),
    stream: fc.nat(streamIds.length - 1),
    tip: fc.nat(5),
    say: fc.nat(3),
    count: fc.integer({ min: 1, max: 3 }),
    hour: fc.integer({ min: 10, max: 15 }),
  }),
  fc.record({ does: fc.constant('load' as const), stream: fc.nat(streamIds.length - 1), tip: fc.nat(5) }),
  fc.record({ does: fc.constant('streams' as const), kind: fc.constantFrom(...kinds) }),
);
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;

/** Makes the calls on one store; returns all its answers. */
const answersOf = async (store: EventStore, acts: readonly Act[]): Promise<readonly unknown[]> => {
  const seen = new Map<string, Tip[]>(streamIds.map((id) => [id, [emptyTip]]));
  // The latest tips come first, so that many appends succeed.
  const tipOf = (streamId: string, back: number): Tip => seen.get(streamId)?.at(-1 - back) ?? emptyTip;
  const answers: unknown[] = [];
  for (const done of acts) {
    if (done.does === 'streams') {
      const shards = Array.from({ length: shardCount }, (_, shard) => store.streams(done.kind, shard));
      answers.push((await Promise.all(shards)).map(({ streams }) => streams));
      continue;
    }
    const streamId = streamIds[done.stream] ?? '';
    const tip = tipOf(streamId, done.tip);
    if (done.does === 'load') {
      answers.push(await store.load(streamId, tip));
      continue;
    }
    const now = `2026-05-04T${done.hour}:00:00.000Z`;
    const appended = await store.append(streamId, tip, revisions(streamId, done.count, `say ${done.say}`), now);
    if (appended.outcome === 'appended') seen.get(streamId)?.push(appended.tip);
    answers.push(appended);
  }
  return answers;
};

test('law 8: the memory store and the DynamoDB store give the same answers', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 25 }), async (acts) => {
      const table = await engine.eventsTable();
      const real = createDynamoEventStore({ client: engine.client, table });
      expect(await answersOf(createMemoryEventStore(), acts)).toEqual(await answersOf(real, acts));
    }),
    { numRuns: 40 },
  );
});
