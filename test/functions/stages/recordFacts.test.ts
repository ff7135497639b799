// Is a fact recorded exactly once, with other writers and repeated deliveries, and without a needless call?
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enteredWith } from '../../../domain/stages/stageEntered.ts';
import type { Fact } from '../../../events/catalog.ts';
import { createRecordFacts, type RecordFacts } from '../../../functions/stages/recordFacts.ts';
import { createDynamoEventStore } from '../../../functions/store/dynamoEventStore.ts';
import { type EventStore, emptyTip } from '../../../functions/store/eventStore.ts';
import { createHistoryCache } from '../../../functions/store/historyCache.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, engagementStream as streamId } from '../../support/histories/events.ts';
import { revisions } from '../project/revisions.ts';

const now = () => '2026-05-04T10:00:00.000Z';
const noPause = () => 0;
const stageOver = (store: EventStore): RecordFacts =>
  createRecordFacts({ store, now, random: noPause, bringing: enteredWith });

/** A store that notes the calls that it gets. */
const watched = (store: EventStore): { store: EventStore; calls: string[] } => {
  const calls: string[] = [];
  return {
    calls,
    store: {
      load: (id, from) => {
        calls.push(from === undefined ? 'load' : `load after ${from.version}`);
        return store.load(id, from);
      },
      loadMany: (tips) => {
        calls.push(`load many: ${[...tips.values()].map(({ version }) => version).join(', ')}`);
        return store.loadMany(tips);
      },
      append: (id, tip, facts, at) => {
        calls.push(`append ${facts.length} after ${tip.version}`);
        return store.append(id, tip, facts, at);
      },
      streams: store.streams,
    },
  };
};

const outcomes = (answers: Awaited<ReturnType<RecordFacts>>): readonly string[] =>
  answers.map(({ outcome }) => outcome);
const agreed = fact('OutcomeAgreed', { outcomeId: 'o1' }, { at: '2026-05-01' });
/** Refused while the outcome that it names is not agreed. */
const proposedBy = (actor: string) => fact('SolutionProposed', { outcomeIds: ['o1'] }, { at: '2026-05-02', actor });

describe('the calls of the store', () => {
  test('an uncached stream costs a load and an append; a cached one costs one append for all facts of a call', async () => {
    const { store, calls } = watched(createMemoryEventStore());
    const run = stageOver(store);
    await run(streamId, revisions(streamId, 1));
    await run(streamId, revisions(streamId, 3, 'second'));
    expect(calls).toEqual(['load', 'append 1 after 0', 'append 3 after 1']);
  });

  test('a fact that a cached stream already holds costs no call', async () => {
    const { store, calls } = watched(createMemoryEventStore());
    const run = stageOver(store);
    const facts = revisions(streamId, 2);
    const first = await run(streamId, facts);
    calls.length = 0;
    const again = await run(streamId, facts);
    expect(outcomes(again)).toEqual(['unchanged', 'unchanged']);
    expect(again.map((answer) => ('events' in answer ? answer.events : []))).toEqual(
      first.map((answer) => ('events' in answer ? answer.events : [])),
    );
    expect(calls).toEqual([]);
  });

  test('after a conflict with one commit the fact is decided and appended again without a read', async () => {
    const shared = createMemoryEventStore();
    const { store, calls } = watched(shared);
    const run = stageOver(store);
    await run(streamId, revisions(streamId, 1));
    await stageOver(shared)(streamId, revisions(streamId, 2, 'other'));
    calls.length = 0;
    expect(outcomes(await run(streamId, revisions(streamId, 1, 'mine')))).toEqual(['recorded']);
    expect(calls).toEqual(['append 1 after 1', 'append 1 after 3']);
  });

  test('after a conflict with several commits the newer events are read', async () => {
    const shared = createMemoryEventStore();
    const { store, calls } = watched(shared);
    const run = stageOver(store);
    await run(streamId, revisions(streamId, 1));
    for (const other of ['one', 'two', 'three']) await stageOver(shared)(streamId, revisions(streamId, 1, other));
    calls.length = 0;
    expect(outcomes(await run(streamId, revisions(streamId, 1, 'mine')))).toEqual(['recorded']);
    expect(calls).toEqual(['append 1 after 1', 'append 1 after 2', 'load after 3', 'append 1 after 4']);
  });

  test('a stream that has left the cache is loaded again', async () => {
    const { store, calls } = watched(createMemoryEventStore());
    const run = createRecordFacts({ store, now, random: noPause, cache: createHistoryCache(3_000) });
    const other = `${streamId}-other`;
    await run(streamId, revisions(streamId, 1));
    await run(other, revisions(other, 1));
    calls.length = 0;
    await run(streamId, revisions(streamId, 1));
    expect(calls).toEqual(['load']);
  });
});

describe('the results', () => {
  test('a fact that repeats another one of the call is unchanged, and comes with the same event', async () => {
    const [once] = revisions(streamId, 1);
    const answers = await stageOver(createMemoryEventStore())(streamId, once === undefined ? [] : [once, once]);
    expect(outcomes(answers)).toEqual(['recorded', 'unchanged']);
    expect(answers[1]).toMatchObject({ events: [{ eventId: once?.eventId, version: 1 }] });
  });

  test('a refusal on a cached stream is decided again on the newest events', async () => {
    const shared = createMemoryEventStore();
    const { store, calls } = watched(shared);
    const run = stageOver(store);
    expect(await run(streamId, [proposedBy('ann')])).toMatchObject([{ outcome: 'refused', reason: 'outcomeUnknown' }]);
    await stageOver(shared)(streamId, [agreed]);
    calls.length = 0;
    expect(outcomes(await run(streamId, [proposedBy('ann')]))).toEqual(['recorded']);
    expect(calls).toEqual(['load after 0', 'append 1 after 1']);
  });

  test('one fact of a call is refused, and the others are recorded', async () => {
    const run = stageOver(createMemoryEventStore());
    const answers = await run(streamId, [proposedBy('ann'), agreed, proposedBy('bob')]);
    expect(outcomes(answers)).toEqual(['refused', 'recorded', 'recorded']);
  });

  test('what a fact brings is in the same commit, and not in its answer', async () => {
    const { store, calls } = watched(createMemoryEventStore());
    const opened = fact('EngagementOpened', {}, { at: '2026-05-01' });
    const [answer] = await stageOver(store)(streamId, [opened]);
    expect(answer).toMatchObject({ outcome: 'recorded', events: [{ eventId: opened.eventId }] });
    expect(calls).toEqual(['load', 'append 2 after 0']);
    expect((await store.load(streamId)).events.map(({ type }) => type)).toEqual(['EngagementOpened', 'StageEntered']);
  });

  test('a fact that is too large is refused by name, and the others are recorded', async () => {
    const facts = [...revisions(streamId, 1, 'large', 201), ...revisions(streamId, 1, 'small')];
    const answers = await stageOver(createMemoryEventStore())(streamId, facts);
    expect(answers).toMatchObject([{ outcome: 'refused', reason: 'eventTooLarge' }, { outcome: 'recorded' }]);
  });

  test('facts that one commit could not hold become several commits', async () => {
    const { store, calls } = watched(createMemoryEventStore());
    const facts = [...revisions(streamId, 5, 'large', 120)];
    expect(outcomes(await stageOver(store)(streamId, facts))).toEqual(Array(5).fill('recorded'));
    expect(calls).toEqual(['load', 'append 2 after 0', 'append 2 after 2', 'append 1 after 4']);
  });

  test('conflicts at every try are an error that names the stream', async () => {
    const store = createMemoryEventStore();
    const nothing = { events: [], tip: emptyTip, bytes: 0 };
    const never: EventStore = { ...store, append: async () => ({ outcome: 'conflict', next: nothing }) };
    const attempt = stageOver(never)(streamId, revisions(streamId, 1));
    await expect(attempt).rejects.toThrow(`too many writers append to ${streamId} at once`);
  });
});

/** Facts of every stage, some of them restated: few enough that lists of them repeat and contradict each other. */
const words = (stream: string): readonly Fact[] => {
  const at = (day: number, sourceId: string) => ({ at: `2026-05-0${day}`, stream, sourceId });
  return [
    fact('EngagementOpened', {}, at(1, 'o')),
    fact('DealRevised', { forecast: 'commit' }, at(1, 'd')),
    fact('DealRevised', { forecast: 'best case' }, at(2, 'd')),
    fact('DealClosed', { result: 'won' }, at(2, 'c')),
    fact('DealClosed', { result: 'lost' }, at(3, 'c')),
    fact('OrderPlaced', { claimedBy: 'crm', orderId: 'O-1' }, at(3, 'p')),
    fact('DeliveryStarted', {}, at(4, 's')),
    fact('MilestoneReached', { milestone: 'go_live' }, at(5, 'm')),
    fact('OutcomeMeasured', { outcomeId: 'o1', value: 1 }, at(6, 'v')),
    fact('RenewalProposed', {}, at(7, 'r')),
    fact('HandoffOffered', { handoffId: 'h', fromStage: 'sell', toStage: 'deliver' }, at(3, 'h')),
  ];
};

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const stores: readonly { readonly name: string; readonly runs: number; readonly create: () => Promise<EventStore> }[] =
  [
    { name: 'in memory', runs: 100, create: async () => createMemoryEventStore() },
    {
      name: 'on DynamoDB',
      runs: 20,
      create: async () => createDynamoEventStore({ client: engine.client, table: await engine.eventsTable() }),
    },
  ];

describe.each(stores)('laws of recording, $name', ({ runs, create }) => {
  const facts = fc.array(fc.constantFrom(...words(streamId)), { minLength: 1, maxLength: 12 });

  test('law 1: a fact that is decided twice adds no second event', async () => {
    await fc.assert(
      fc.asyncProperty(facts, async (said) => {
        const store = await create();
        const run = stageOver(store);
        await run(streamId, said);
        const before = await store.load(streamId);
        for (const again of [run, stageOver(store)]) {
          expect(new Set(outcomes(await again(streamId, said)))).toEqual(new Set(['unchanged']));
        }
        expect(await store.load(streamId)).toEqual(before);
      }),
      { numRuns: runs },
    );
  });

  test('concurrent writers lose no event and double none', async () => {
    const batches = fc.array(fc.array(facts, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(batches, async (writers) => {
        const store = await create();
        await Promise.all(
          writers.map(async (calls) => {
            const run = stageOver(store);
            for (const said of calls) await run(streamId, said);
          }),
        );
        // A load checks that every hash matches.
        const { events, tip } = await store.load(streamId, emptyTip);
        const wanted = new Set(
          writers.flat(2).flatMap((said) => [said, ...enteredWith(said)].map(({ eventId }) => eventId)),
        );
        expect(events.map(({ eventId }) => eventId).sort()).toEqual([...wanted].sort());
        expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
        expect(tip.version).toBe(wanted.size);
      }),
      { numRuns: runs },
    );
  });
});
