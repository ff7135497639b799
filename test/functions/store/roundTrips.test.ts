// Which calls of DynamoDB does each append and each projection cost?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Fact } from '../../../events/catalog.ts';
import { createProjectionStore } from '../../../functions/project/projectionStore.ts';
import { createProjector, type Project } from '../../../functions/project/projector.ts';
import { createRecordFacts, type RecordFacts } from '../../../functions/stages/recordFacts.ts';
import { createCachedStreams, createGrown } from '../../../functions/store/cachedStreams.ts';
import { createDynamoEventStore } from '../../../functions/store/dynamoEventStore.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { engagementStream, fact } from '../../support/histories/events.ts';
import { createProjections, type Projections } from '../../support/projections.ts';
import { storeCalls } from '../../support/storeCalls.ts';

const now = () => '2026-06-30T12:00:00.000Z';

let engine: TestEngine;
let calls: ReturnType<typeof storeCalls>;
let table: string;
let projections: Projections;
beforeAll(async () => {
  engine = await startTestEngine();
});
beforeEach(async () => {
  calls = storeCalls(engine);
  table = await engine.eventsTable();
  projections = await createProjections(engine.client);
});
afterAll(() => engine.stop());

const newStage = (at = now()): RecordFacts =>
  createRecordFacts({ store: createDynamoEventStore({ client: calls.client, table }), now: () => at, random: () => 0 });

const newProjector = ({ release = 1 } = {}): Project => {
  const { client } = calls;
  const store = createDynamoEventStore({ client, table });
  return createProjector({
    wake: async () => undefined,
    cache: createCachedStreams({ store, grown: createGrown({ client, table, random: () => 0 }) }),
    rows: createProjectionStore({ client, tableOf: projections.tableOf, random: () => 0 }),
    now,
    random: () => 0,
    release,
    computedBy: 'code',
  });
};

const opened = fact('EngagementOpened', {}, { at: '2026-03-01' });
const worked = (index: number): Fact =>
  fact(
    'WorkLogged',
    { workId: `w${index}`, category: 'implementation', minutes: 30 },
    { at: '2026-03-02', sourceId: `w${index}` },
  );
/** Rows rest on facts alone: of whatever table, none changes by this event. */
const entered = fact('StageEntered', { stage: 'sell', openedBy: opened.factId }, { at: '2026-03-01' });
const handoff = (index: number): Fact =>
  fact(
    'HandoffOffered',
    { handoffId: `h${index}`, fromStage: 'sell', toStage: 'deliver' },
    { at: '2026-03-02', sourceId: `h${index}` },
  );

describe('an append', () => {
  test('to a stream that the process does not know reads it first', async () => {
    await newStage()(engagementStream, [opened]);
    expect(calls.taken()).toEqual(['Query events', 'PutItem events']);
    await newStage()(engagementStream, [worked(1)]);
    expect(calls.taken()).toEqual(['Query events', 'PutItem events']);
  });

  test('to a stream that the process knows is one put', async () => {
    const stage = newStage();
    await stage(engagementStream, [opened]);
    calls.taken();
    await stage(engagementStream, [worked(1), worked(2)]);
    expect(calls.taken()).toEqual(['PutItem events']);
  });

  test('of a fact that the cached stream already holds makes no call', async () => {
    const stage = newStage();
    await stage(engagementStream, [opened]);
    calls.taken();
    await stage(engagementStream, [opened]);
    expect(calls.taken()).toEqual([]);
  });

  test('that conflicts with a commit of another writer learns of it by that, and puts again', async () => {
    const [stage, other] = [newStage(), newStage()];
    await stage(engagementStream, [opened]);
    await other(engagementStream, [worked(1)]);
    calls.taken();
    await stage(engagementStream, [worked(2)]);
    expect(calls.taken()).toEqual(['PutItem events (refused)', 'PutItem events']);
  });
});

describe('a projection', () => {
  /** Which connections may have been silent: a process asks each shard, and then not for a minute. */
  const listing = Array.from({ length: 16 }, () => 'Query events/shards');
  const record = async (...facts: readonly Fact[]): Promise<void> => {
    await newStage()(engagementStream, facts);
    calls.taken();
  };

  test('of a new engagement, in a process that does not know it', async () => {
    await record(opened);
    await newProjector()(engagementStream);
    expect(calls.taken()).toEqual([
      'GetItem engagements',
      ...listing,
      'BatchGetItem events',
      'Query events',
      'TransactWriteItems 1 Put engagements, 1 Put stage_history',
    ]);
  });

  test('of a stream that has just begun does not look for a head', async () => {
    await record(opened);
    expect(await newProjector()(engagementStream, 'first')).toBe('written');
    expect(calls.taken()).toEqual([
      ...listing,
      'BatchGetItem events',
      'Query events',
      'TransactWriteItems 1 Put engagements, 1 Put stage_history',
    ]);
  });

  test('of a stream that has a head, although it is said to have just begun, reads the head after a refusal', async () => {
    await record(opened);
    await newProjector()(engagementStream);
    calls.taken();
    expect(await newProjector()(engagementStream, 'first')).toBe('current');
    expect(calls.taken()).toContain('TransactWriteItems 1 Put engagements, 1 Put stage_history (refused)');
    expect(await newProjector({ release: 0 })(engagementStream, 'first')).toBe('newerRelease');
  });

  test('of one more event that changes the head alone, in a process that knows it', async () => {
    await record(opened);
    const project = newProjector();
    await project(engagementStream);
    await record(entered);
    await project(engagementStream);
    expect(calls.taken()).toEqual(['BatchGetItem events', 'Query events', 'PutItem engagements']);
  });

  test('that changes nothing only reads', async () => {
    await record(opened);
    const project = newProjector();
    await project(engagementStream);
    calls.taken();
    await project(engagementStream);
    expect(calls.taken()).toEqual(['BatchGetItem events']);
  });

  test('of one more event, in a process that does not know the engagement', async () => {
    await record(opened);
    await newProjector()(engagementStream);
    await record(entered);
    await newProjector()(engagementStream);
    expect(calls.taken()).toEqual([
      'GetItem engagements',
      ...listing,
      'BatchGetItem events',
      'Query events',
      'PutItem engagements',
    ]);
  });

  test('of 120 handoffs and their flags first marks the head, then writes the rows in chunks, and the head last', async () => {
    // Somebody listened when the handoffs were offered, so that no answer counts as silence.
    await newStage(opened.occurredAt)(engagementStream, [opened]);
    await record(...Array.from({ length: 120 }, (_, index) => handoff(index)));
    await newProjector()(engagementStream);
    expect(calls.taken()).toEqual([
      'GetItem engagements',
      ...listing,
      'BatchGetItem events',
      'Query events',
      'PutItem engagements',
      'TransactWriteItems 1 ConditionCheck engagements, 1 Put stage_history, 98 Put handoffs',
      'TransactWriteItems 1 ConditionCheck engagements, 22 Put handoffs, 77 Put flags',
      'TransactWriteItems 1 ConditionCheck engagements, 99 Put flags',
      'TransactWriteItems 1 ConditionCheck engagements, 64 Put flags, 1 Put healthy_scores',
      'PutItem engagements',
    ]);
  });
});
