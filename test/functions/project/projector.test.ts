// Do rows equal the function of their streams in any order, with repetition and concurrency, and after a crash anywhere?
import { ScanCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tables } from '../../../domain/rows/catalog.ts';
import { rowsOf } from '../../../domain/rows/engagementRows.ts';
import type { Row } from '../../../domain/rows/row.ts';
import type { Fact } from '../../../events/catalog.ts';
import { derivedPartyOf } from '../../../events/identifiers.ts';
import { loadContext } from '../../../functions/project/loadContext.ts';
import { createProjectionStore } from '../../../functions/project/projectionStore.ts';
import { createProjector, type Project } from '../../../functions/project/projector.ts';
import { createRecordFacts } from '../../../functions/stages/recordFacts.ts';
import { type CachedStreams, createCachedStreams, createGrown } from '../../../functions/store/cachedStreams.ts';
import { commitOfItem, createDynamoEventStore } from '../../../functions/store/dynamoEventStore.ts';
import type { EventStore } from '../../../functions/store/eventStore.ts';
import { clientOf, startTestEngine, type TestEngine } from '../../support/engine.ts';
import { engagementStream, fact, tenantId } from '../../support/histories/events.ts';
import { deliveriesOf, someFacts } from '../../support/histories/histories.ts';
import { historyObserved } from '../../support/histories/observing.ts';
import { createProjections, type Projections } from '../../support/projections.ts';

const now = '2026-06-30T12:00:00.000Z';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

interface World {
  readonly table: string;
  readonly store: EventStore;
  readonly projections: Projections;
  /** A projector with its own caches, like another instance of the function. */
  projector(settings?: { release?: number; computedBy?: string; now?: string; client?: TestEngine['client'] }): Project;
  cache(): CachedStreams;
  record(facts: readonly Fact[]): Promise<void>;
}

const world = async (): Promise<World> => {
  const { client } = engine;
  const table = await engine.eventsTable();
  const store = createDynamoEventStore({ client, table });
  const projections = await createProjections(client);
  const cache = () => createCachedStreams({ store, grown: createGrown({ client, table, random: Math.random }) });
  const recordFacts = createRecordFacts({ store, now: () => now, random: Math.random });
  return {
    table,
    store,
    projections,
    cache,
    projector: (settings = {}) =>
      createProjector({
        wake: async () => undefined,
        cache: cache(),
        rows: createProjectionStore({
          client: settings.client ?? client,
          tableOf: projections.tableOf,
          random: Math.random,
        }),
        now: () => settings.now ?? now,
        random: Math.random,
        release: settings.release ?? 1,
        computedBy: settings.computedBy ?? 'code',
      }),
    record: async (facts) => {
      for (const [stream, ofStream] of Map.groupBy(facts, ({ streamId }) => streamId))
        await recordFacts(stream, ofStream);
    },
  };
};

/** The rows that follow from the engagement's stream, with null for absent columns, as readers see them. */
const expectedRows = async ({ store, cache }: World): Promise<Readonly<Record<string, unknown>>> => {
  const { events } = await store.load(engagementStream);
  const { context } = await loadContext(cache(), { tenantId, events, now });
  const { head, rows } = rowsOf({ events, context, now });
  const whole = (row: Row) => ({
    ...Object.fromEntries(
      Object.keys(tables.find(({ name }) => name === row.table)?.columns.shape ?? {}).map((column) => [column, null]),
    ),
    ...row.columns,
    rowKey: row.rowKey,
  });
  return Object.fromEntries([head, ...rows].map((row) => [`${row.table}|${row.rowKey}`, whole(row)]));
};

const handoffs = (count: number): readonly Fact[] =>
  Array.from({ length: count }, (_, index) =>
    fact(
      'HandoffOffered',
      { handoffId: `h${index}`, fromStage: 'sell', toStage: 'deliver' },
      { at: '2026-03-02T09:00' },
    ),
  );

const opened = fact('EngagementOpened', {}, { at: '2026-03-01T09:00' });

describe('rows', () => {
  test('equal a computation from the whole stream, under any redelivery, order and concurrency', async () => {
    await fc.assert(
      fc.asyncProperty(
        someFacts.chain((facts) => deliveriesOf(facts)),
        async (deliveries) => {
          const here = await world();
          const projectors = [here.projector(), here.projector(), here.projector()];
          const middle = Math.ceil(deliveries.length / 2);
          for (const part of [deliveries.slice(0, middle), deliveries.slice(middle)]) {
            const streams = [...new Set(part.map(({ streamId }) => streamId))];
            await Promise.all([
              ...part.map((each) => here.record([each])),
              ...projectors.flatMap((project) => streams.map((stream) => project(stream))),
            ]);
          }
          await Promise.all(projectors.map((project) => project(engagementStream)));
          const rows = await here.projections.rows();
          const ofEngagement = Object.fromEntries(
            Object.entries(rows).filter(([id]) => !/^(parties|offers|campaigns)\|/.test(id)),
          );
          expect(ofEngagement).toEqual(await expectedRows(here));
        },
      ),
      { numRuns: 12 },
    );
  }, 120_000);

  test('are deleted when a late fact withdraws them', async () => {
    const here = await world();
    const project = here.projector();
    await here.record([historyObserved(), opened, fact('DealClosed', { result: 'won' }, { at: '2026-03-10T09:00' })]);
    await project(engagementStream);
    expect(Object.values(await here.projections.rows()).map((row) => row.rule)).toContain('P1.1');
    await here.record([fact('OutcomeAgreed', { outcomeId: 'o1' }, { at: '2026-03-05T09:00' })]);
    await project(engagementStream);
    expect(Object.values(await here.projections.rows()).map((row) => row.rule)).not.toContain('P1.1');
    expect(await here.projections.rows()).toEqual(await expectedRows(here));
  });

  test('are written once: a second projection of the same stream writes nothing', async () => {
    const here = await world();
    await here.record([opened]);
    const project = here.projector();
    expect(await project(engagementStream)).toBe('written');
    expect(await project(engagementStream)).toBe('current');
    expect(await here.projector()(engagementStream)).toBe('current');
  });
});

describe('a cache that is offered commits', () => {
  test('takes only the next commit, and reads the others', async () => {
    const here = await world();
    await here.record([opened]);
    await here.record([fact('DealClosed', { result: 'won' }, { at: '2026-03-10T09:00' })]);
    await here.record([fact('OutcomeAgreed', { outcomeId: 'o1' }, { at: '2026-03-05T09:00' })]);
    const commits = await engine.client.send(new ScanCommand({ TableName: here.table }));
    const offers = (commits.Items ?? []).map((item) => commitOfItem(item)).toSorted((a, b) => a.version - b.version);
    const cache = here.cache();
    const [first, second, third] = offers;
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('three commits were recorded');
    cache.offer(third);
    cache.offer(first);
    cache.offer({ ...second, hash: 'forged' });
    const read = (await cache.read([engagementStream])).get(engagementStream);
    expect(read?.history.events).toEqual((await here.store.load(engagementStream)).events);
    expect(read?.tip.version).toBe(3);
  });
});

describe('more rows than one transaction holds', () => {
  test('are written in chunks, the head last', async () => {
    const here = await world();
    await here.record([opened, ...handoffs(230)]);
    expect(await here.projector()(engagementStream)).toBe('written');
    expect(await here.projections.rows()).toEqual(await expectedRows(here));
  });

  test('are finished by another writer, which finds the mark of one that crashed between chunks', async () => {
    const here = await world();
    await here.record([opened, ...handoffs(230)]);
    const dying = clientOf(engine.endpoint);
    let transactions = 0;
    dying.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === TransactWriteItemsCommand.name && ++transactions === 2)
          throw new Error('died here');
        return await next(args);
      },
      { step: 'initialize' },
    );
    await expect(here.projector({ client: dying })(engagementStream)).rejects.toThrow('died here');
    const half = await here.projections.rows();
    expect(Object.keys(half).length).toBeGreaterThan(1);
    expect(half).not.toEqual(await expectedRows(here));
    expect(await here.projector()(engagementStream)).toBe('written');
    expect(await here.projections.rows()).toEqual(await expectedRows(here));
    dying.destroy();
  });
});

describe('a head', () => {
  test('of a newer release is not written by an older one', async () => {
    const here = await world();
    await here.record([opened]);
    expect(await here.projector({ release: 2, computedBy: 'new' })(engagementStream)).toBe('written');
    expect(await here.projector({ release: 1, computedBy: 'old' })(engagementStream)).toBe('newerRelease');
    expect(await here.projector({ release: 3, computedBy: 'old' })(engagementStream)).toBe('written');
  });

  test('is never evaluated at an earlier instant than before', async () => {
    const here = await world();
    await here.record([historyObserved(), opened, fact('DealClosed', { result: 'won' }, { at: '2026-03-10T09:00' })]);
    await here.projector()(engagementStream);
    const before = await here.projections.rows();
    await here.projector({ now: '2026-03-10T09:01:00.000Z' })(engagementStream);
    expect(await here.projections.rows()).toEqual(before);
  });

  test('that is lost is made again by the process that wrote it, once it reads the head anew', async () => {
    const here = await world();
    await here.record([opened]);
    const project = here.projector();
    await project(engagementStream);
    const before = await here.projections.rows();
    for (const id of Object.keys(before)) await here.projections.remove(id);
    expect(await project(engagementStream)).toBe('current');
    expect(await project(engagementStream, 'anew')).toBe('written');
    expect(await here.projections.rows()).toEqual(before);
  });

  test('of a new customer includes an event about the customer that was recorded while the head was written', async () => {
    const here = await world();
    const customer = { system: 'crm', kind: 'account', id: 'a1' };
    await here.record([fact('EngagementOpened', { customer }, { at: '2026-03-01T09:00' })]);
    const stream = derivedPartyOf(tenantId, customer);
    const word = fact('CustomerIdentified', { customer, segment: 'retail' }, { at: '2026-03-01T09:00', stream });
    const client = clientOf(engine.endpoint);
    client.middlewareStack.add((next, { commandName }) => async (args) => {
      const answer = await next(args);
      if (commandName === 'TransactWriteItemsCommand') await here.record([word]);
      return answer;
    });
    expect(await here.projector({ client })(engagementStream)).toBe('written');
    expect(Object.values(await here.projections.rows()).map(({ segment }) => segment)).toContain('retail');
  });
});
