// Does an outage, and its end, bring exactly the engagements up to date for which something fell due in it?
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fact, RecordedEvent } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { createProjectionStore } from '../../../functions/project/projectionStore.ts';
import { createProjector } from '../../../functions/project/projector.ts';
import { createRecordFacts } from '../../../functions/stages/recordFacts.ts';
import { createCachedStreams, createGrown } from '../../../functions/store/cachedStreams.ts';
import { createDynamoEventStore } from '../../../functions/store/dynamoEventStore.ts';
import { createOutageEngagements } from '../../../functions/sweep/outageEngagements.ts';
import { followOutage, outageChanges } from '../../../functions/sweep/outageTick.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, type Said, tenantId } from '../../support/histories/events.ts';
import { createProjections } from '../../support/projections.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const source = streamIdOf(tenantId, 'source', 'c-1');
const streamOf = (id: string) => streamIdOf(tenantId, 'engagement', id);

/** A deal won on the direct route: fulfilment is due 30 days later, at the same time of day. */
const sale = (id: string, wonAt: string): readonly Fact[] => {
  const stream = streamOf(id);
  return [
    fact('EngagementOpened', {}, { at: '2026-01-01', stream }),
    fact('RouteAgreed', { route: 'direct' }, { at: '2026-01-02', stream }),
    fact('DealClosed', { result: 'won' }, { at: wonAt, stream }),
  ];
};

const quiet: Said<'SourceWentQuiet'> = {
  ...{ connectionId: 'c-1', lastHeardAt: '2026-03-09T00:00:00.000Z', types: ['OrderFulfilled'] },
};

test('an outage wakes what fell due in it, and its end what waits for it', async () => {
  const { client } = engine;
  const table = await engine.eventsTable();
  const store = createDynamoEventStore({ client, table });
  const projections = await createProjections(client);
  const { tableOf } = projections;
  let now = '2026-01-01T00:00:00.000Z';
  const record = createRecordFacts({ store, now: () => now, random: () => 0 });
  const cache = createCachedStreams({ store, grown: createGrown({ client, table, random: () => 0 }) });
  const project = createProjector({
    ...{ wake: async () => undefined, cache, now: () => now, random: () => 0, release: 1, computedBy: 'code' },
    rows: createProjectionStore({ client, tableOf, random: () => 0 }),
  });
  const states = async () =>
    Object.entries(await projections.rows())
      .filter(([id]) => /^(flags|deadlines)\|/.test(id))
      .flatMap(([, row]) => (row.rule === 'P5.5' ? [[row.engagementId, row.status ?? row.suspended ?? row.state]] : []))
      .sort();
  const outageEngagements = createOutageEngagements({ client, tableOf });
  const delayed: object[] = [];
  /** Records a fact of the connection, and projects what sweep wakes for it. */
  const follow = async (said: Fact): Promise<readonly string[]> => {
    await record(source, [said]);
    const events: readonly RecordedEvent[] = (await store.load(source)).events.slice(-1);
    const woken: string[] = [];
    const queues = {
      project: async (streams: readonly string[]) => void woken.push(...streams),
      sweep: async (again: object) => void delayed.push(again),
      rollup: async () => undefined,
      translate: async () => undefined,
    };
    for (const change of outageChanges(events))
      await followOutage(change, { outageEngagements, store, queues, now: () => now });
    for (const stream of woken) await project(stream, 'anew');
    return woken;
  };

  const sales = { before: '2026-02-06T12:00', inside: '2026-02-08T12:00', ahead: '2026-02-20T12:00' };
  for (const [id, wonAt] of Object.entries(sales)) {
    await record(streamOf(id), sale(id, wonAt));
  }
  now = '2026-03-10T12:10:00.000Z';
  for (const id of Object.keys(sales)) await project(streamOf(id));
  expect(await states()).toEqual([
    ['ahead', 'armed'],
    ['before', 'open'],
    ['inside', 'open'],
  ]);

  // It was last heard before `inside` fell due, and after `before` did. Project is told of the commit by the table's stream.
  now = '2026-03-10T12:20:00.000Z';
  cache.offer({ stream: source, version: 1, text: '', hash: '' });
  const went = fact('SourceWentQuiet', quiet, { at: '2026-03-10T12:20', stream: source });
  expect(await follow(went)).toEqual([streamOf('inside')]);
  expect(await states()).toEqual([
    ['ahead', 'armed'],
    ['before', 'open'],
    ['inside', 'sourceQuiet'],
  ]);
  expect(delayed).toEqual([{ sweep: 'outage', tenantId, connectionId: 'c-1', from: quiet.lastHeardAt }]);

  now = '2026-03-12T09:00:00.000Z';
  const heard = { connectionId: 'c-1', heardAt: now };
  expect(await follow(fact('SourceRecovered', heard, { at: now, stream: source }))).toContain(streamOf('inside'));
  expect(await states()).toContainEqual(['inside', 'armed']);
  now = '2026-03-13T09:05:00.000Z';
  await project(streamOf('inside'));
  expect(await states()).toContainEqual(['inside', 'open']);
});
