// Does an engagement of thousands of rows have one head, and are its rows right after its writer crashed halfway?
import { GetItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOf } from '../../../domain/rows/engagementRows.ts';
import type { Fact } from '../../../events/catalog.ts';
import { streamIdOf, uuidOf } from '../../../events/identifiers.ts';
import { loadContext } from '../../../functions/project/loadContext.ts';
import { createProjectionStore } from '../../../functions/project/projectionStore.ts';
import { createProjector } from '../../../functions/project/projector.ts';
import { createRecordFacts } from '../../../functions/stages/recordFacts.ts';
import { createCachedStreams, createGrown } from '../../../functions/store/cachedStreams.ts';
import { createDynamoEventStore } from '../../../functions/store/dynamoEventStore.ts';
import { clientOf, startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { createProjections } from '../../support/projections.ts';

const now = '2026-06-30T12:00:00.000Z';
const engagementId = uuidOf('long');
const stream = streamIdOf(tenantId, 'engagement', engagementId);
/** DynamoDB's own limit of an item. */
const itemBytesLimit = 400 * 1024;

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

/** Incomplete offers of handoffs, each with a row and a flag. A restatement under another name removes both. */
const handoffs = (count: number, { name = 'h', seq = '1' } = {}): readonly Fact[] =>
  Array.from({ length: count }, (_, index) =>
    fact(
      'HandoffOffered',
      { handoffId: `${name}-${uuidOf('handoff', String(index))}`, fromStage: 'create', toStage: 'mobilize' },
      { at: '2026-03-02T09:00', stream, sourceId: `handoff ${index}`, seq },
    ),
  );

const world = async () => {
  const { client } = engine;
  const table = await engine.eventsTable();
  const store = createDynamoEventStore({ client, table });
  const projections = await createProjections(client);
  const cache = () => createCachedStreams({ store, grown: createGrown({ client, table, random: Math.random }) });
  const recordFacts = createRecordFacts({ store, now: () => now, random: Math.random });
  return {
    record: (facts: readonly Fact[]) => recordFacts(stream, facts),
    project: (by = client) =>
      createProjector({
        wake: async () => undefined,
        cache: cache(),
        rows: createProjectionStore({ client: by, tableOf: projections.tableOf, random: Math.random }),
        now: () => now,
        random: Math.random,
        release: 1,
        computedBy: 'code',
      })(stream),
    headBytes: async () => {
      const Key = { tenantId: { S: tenantId }, rowKey: { S: engagementId } };
      const { Item } = await client.send(new GetItemCommand({ TableName: projections.tableOf('engagements'), Key }));
      // As text, bytes in base64: a third more than DynamoDB counts.
      return JSON.stringify(Item, (_, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
      ).length;
    },
    stored: async () => Object.keys(await projections.rows()).sort(),
    expected: async () => {
      const { events } = await store.load(stream);
      const { context } = await loadContext(cache(), { tenantId, events, now });
      const { head, rows } = rowsOf({ events, context, now });
      return [head, ...rows].map(({ table: name, rowKey }) => `${name}|${rowKey}`).sort();
    },
  };
};

/** A client whose n-th transaction never arrives. */
const dyingAt = (n: number) => {
  const dying = clientOf(engine.endpoint);
  let transactions = 0;
  dying.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName === TransactWriteItemsCommand.name && ++transactions === n) throw new Error('died here');
      return await next(args);
    },
    { step: 'initialize' },
  );
  return dying;
};

test('2,500 handoffs are 5,000 rows under one head, also while they are written', { timeout: 120_000 }, async () => {
  const here = await world();
  await here.record(handoffs(2500));
  await expect(here.project(dyingAt(2))).rejects.toThrow('died here');
  expect(await here.headBytes()).toBeLessThan(itemBytesLimit);
  expect(await here.project()).toBe('written');
  expect(await here.headBytes()).toBeLessThan(itemBytesLimit);
  expect(await here.project()).toBe('current');
});

test('rows that a crashed writer has deleted come back when their facts are restated', {
  timeout: 60_000,
}, async () => {
  const here = await world();
  await here.record(handoffs(120));
  await here.project();
  await here.record(handoffs(120, { name: 'renamed', seq: '2' }));
  await expect(here.project(dyingAt(5))).rejects.toThrow('died here');
  expect(await here.stored()).not.toEqual(await here.expected());
  await here.record(handoffs(120, { name: 'h', seq: '3' }));
  expect(await here.project()).toBe('written');
  expect(await here.stored()).toEqual(await here.expected());
});
