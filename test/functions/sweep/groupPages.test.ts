// Does a rebuild find every group that other code has computed or a writer has left half written, and no other?

import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { shardOf } from '../../../domain/rows/row.ts';
import { bareHead, headOfGroup } from '../../../functions/project/headPlace.ts';
import { createHeadReader } from '../../../functions/project/headReader.ts';
import { type Head, storedHead } from '../../../functions/project/headState.ts';
import { rowItem } from '../../../functions/project/rowItem.ts';
import { createGroupPages, type OwnedGroup } from '../../../functions/sweep/groupPages.ts';
import { createGroupPageTick, type GroupsSaid } from '../../../functions/sweep/groupPageTick.ts';
import type { RebuildRun } from '../../../functions/sweep/rebuildRuns.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { quiet } from '../../support/intake/intake.ts';
import { createProjections, type Projections } from '../../support/projections.ts';

let engine: TestEngine;
let projections: Projections;
beforeAll(async () => {
  engine = await startTestEngine();
});
beforeEach(async () => {
  projections = await createProjections(engine.client);
});
afterAll(() => engine.stop());

const now = '2026-06-30T12:00:00.000Z';
const usual: Head = {
  ...{ basis: {}, digests: {}, evaluatedAt: now },
  ...{ release: 2, computedBy: 'code', revision: 1 },
};

const putHead = async (group: string, head: Partial<Head> = {}, tenantId = 'acme'): Promise<OwnedGroup> => {
  const place = headOfGroup(tenantId, { rollup: 'partner_months', group });
  const Item = {
    ...rowItem(tenantId, bareHead(place, undefined)),
    ...marshall(storedHead({ ...usual, ...head })),
  };
  await engine.client.send(new PutItemCommand({ TableName: projections.tableOf('rollup_heads'), Item }));
  return { tenantId, rollup: 'partner_months', group };
};

/** Gives the tick a page, and then each page that it sends; returns the groups that it woke, and the records that it put. */
const run = async (first: GroupsSaid, pageSize = 3) => {
  const woken: OwnedGroup[] = [];
  const records: RebuildRun[] = [];
  let open: object[] = [first];
  const { client } = engine;
  const { tableOf } = projections;
  const heads = createHeadReader({ client, tableOf, eventsTable: 'none' });
  const tick = createGroupPageTick({
    turnGroups: createGroupPages({ client, tableOf, heads, release: 2, computedBy: 'code', pageSize }),
    runs: { put: async (record) => void records.push(record) },
    queues: {
      project: async () => undefined,
      translate: async () => undefined,
      rollup: async (groups) => void woken.push(...groups),
      sweep: async (said) => void open.push(said),
    },
    now: () => now,
    logger: quiet,
  });
  for (let turns = 0; open.length > 0; turns += 1) {
    if (turns > 60) throw new Error('the pages go on for ever');
    const [page, ...others] = open;
    open = others;
    await tick.workFor(page)?.();
  }
  const byName = (a: OwnedGroup, b: OwnedGroup): number => (a.group < b.group ? -1 : 1);
  return { woken: woken.toSorted(byName), records };
};

test('a rebuild wakes groups that other code has computed or a writer has left half written, and no others', async () => {
  const marked = await putHead('a-marked', { rebuilding: { writer: 'w' } });
  const older = await putHead('b-older', { computedBy: 'older' });
  await putHead('c-current');
  await putHead('d-newer', { computedBy: 'newer', release: 3 });
  expect((await run({ groups: { shard: 0 } })).woken).toEqual([marked, older]);
});

test('it reads all groups of a shard page by page, or only those of a tenant', async () => {
  const ids = Array.from({ length: 40 }, (_, index) => `g-${String(index).padStart(2, '0')}`);
  const own: OwnedGroup[] = [];
  for (const id of ids) own.push(await putHead(id, { computedBy: 'older' }));
  await putHead('g-99', { computedBy: 'older' }, 'zenith');
  expect(new Set(ids.map((id) => shardOf(`partner_months#${id}`))).size).toBe(8);
  expect((await run({ groups: { shard: 0, tenantId: 'acme' } })).woken).toEqual(own);
  expect((await run({ groups: { shard: 0 } })).woken).toHaveLength(41);
});

test('with `all` it wakes every group', async () => {
  const group = await putHead('a-current');
  expect((await run({ groups: { shard: 0, all: true } })).woken).toEqual([group]);
});

test('its last page ends the record of the run', async () => {
  const begun: RebuildRun = {
    ...{ run: 'r', why: 'person', startedAt: now, at: now },
    ...{ seen: 4, sent: 2, share: 1, over: false },
  };
  expect((await run({ groups: { shard: 0 }, ends: begun })).records).toEqual([{ ...begun, over: true }]);
  expect((await run({ groups: { shard: 0 } })).records).toEqual([]);
});
