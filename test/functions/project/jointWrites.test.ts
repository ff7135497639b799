// Do changes of the same moment share a transaction, and does none fail by another?
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Row } from '../../../domain/rows/row.ts';
import { type Change, createProjectionStore } from '../../../functions/project/projectionStore.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { tenantId } from '../../support/histories/events.ts';
import { createProjections } from '../../support/projections.ts';
import { storeCalls } from '../../support/storeCalls.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const world = async () => {
  const projections = await createProjections(engine.client);
  const calls = storeCalls(engine);
  const store = createProjectionStore({ client: calls.client, tableOf: projections.tableOf, random: () => 0 });
  return { projections, calls, store };
};

const handoffsOf = (engagementId: string, count: number): readonly Row[] =>
  Array.from({ length: count }, (_, index) => ({
    table: 'handoffs',
    rowKey: `${engagementId}#h${index}`,
    columns: { engagementId, handoffId: `h${index}` },
  }));

/** The first change of an engagement, with so many rows. */
const changeOf = (engagementId: string, rows: number): Change => ({
  place: { table: 'engagements', tenantId, rowKey: engagementId },
  headRow: { table: 'engagements', rowKey: engagementId, columns: { engagementId } },
  puts: handoffsOf(engagementId, rows),
  deletes: [],
  against: undefined,
  head: { basis: {}, digests: {}, evaluatedAt: '2026-03-01T00:00:00.000Z', release: 1, computedBy: 'code' },
});

test('changes of one moment are one call, as far as a transaction holds them', async () => {
  const { projections, calls, store } = await world();
  const written = await Promise.all(['a', 'b', 'c'].map((id) => store.write(changeOf(id, 40))));
  expect(written.map(({ outcome }) => outcome)).toEqual(['written', 'written', 'written']);
  expect(calls.taken()).toEqual([
    'TransactWriteItems 2 Put engagements, 80 Put handoffs',
    'TransactWriteItems 1 Put engagements, 40 Put handoffs',
  ]);
  expect(Object.keys(await projections.rows())).toHaveLength(3 * 41);
});

test('a head alone stays a single put, which costs half', async () => {
  const { calls, store } = await world();
  await Promise.all([store.write(changeOf('a', 1)), store.write(changeOf('b', 0))]);
  expect(calls.taken().toSorted()).toEqual([
    'PutItem engagements',
    'TransactWriteItems 1 Put engagements, 1 Put handoffs',
  ]);
});

test('where another writer came first, its change alone is behind', async () => {
  const { projections, calls, store } = await world();
  await store.write(changeOf('b', 0));
  calls.taken();
  const written = await Promise.all(['a', 'b', 'c'].map((id) => store.write(changeOf(id, 1))));
  expect(written.map(({ outcome }) => outcome)).toEqual(['written', 'behind', 'written']);
  expect(calls.taken()[0]).toBe('TransactWriteItems 3 Put engagements, 3 Put handoffs (refused)');
  expect(Object.keys(await projections.rows()).toSorted()).toEqual([
    ...['engagements|a', 'engagements|b', 'engagements|c', 'handoffs|a#h0', 'handoffs|c#h0'],
  ]);
});

test('of two changes of one head at once, one is behind', async () => {
  const { store } = await world();
  const written = await Promise.all([store.write(changeOf('a', 1)), store.write(changeOf('a', 1))]);
  expect(written.map(({ outcome }) => outcome).toSorted()).toEqual(['behind', 'written']);
});
