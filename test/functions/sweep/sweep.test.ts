// Does sweep find heads that are due, and receipts that are not translated?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addMilliseconds } from '../../../events/instant.ts';
import { createReceipts } from '../../../functions/receipts/receipts.ts';
import { createDueHeads } from '../../../functions/sweep/dueHeads.ts';
import { createOutageEngagements } from '../../../functions/sweep/outageEngagements.ts';
import { createQuietSources } from '../../../functions/sweep/quietSources.ts';
import { createRebuildPages } from '../../../functions/sweep/rebuildPages.ts';
import { createRebuildRuns } from '../../../functions/sweep/rebuildRuns.ts';
import { createReceiptWalks } from '../../../functions/sweep/receiptWalks.ts';
import { createSweepHandler } from '../../../functions/sweep/sweepHandler.ts';
import { createSweepQueues } from '../../../functions/sweep/sweepQueues.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { recorded } from '../../support/histories/events.ts';
import { type Intake, quiet, startIntake } from '../../support/intake/intake.ts';
import { stripeRequest, tenant } from '../../support/intake/intakeRequests.ts';
import { putItem } from '../../support/intake/intakeTables.ts';
import { createProjections, type Projections } from '../../support/projections.ts';

let engine: TestEngine;
let intake: Intake;
let measured: (readonly [string, number])[];
let sent: { readonly queue: string; readonly body: unknown; readonly delaySeconds?: number }[];
let failing: string | undefined;
let reasons: string[];
let runsTable: string;
let projections: Projections;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  intake = await startIntake({ client: engine.client });
  runsTable = await engine.runsTable();
  projections = await createProjections(engine.client);
  measured = [];
  sent = [];
  reasons = [];
  failing = undefined;
});

const sweep = () => {
  const { client, tables, store, now } = intake;
  return createSweepHandler({
    dueHeads: createDueHeads({ client, tableOf: projections.tableOf }),
    turnGroups: async () => ({ groups: [] }),
    customerEngagements: async () => [],
    outageEngagements: createOutageEngagements({ client, tableOf: projections.tableOf }),
    store,
    quietSources: createQuietSources({ client, table: tables.sources }),
    bus: { put: async () => [] },
    receipts: createReceipts({ client, table: tables.receipts, now }),
    walks: createReceiptWalks({ client, table: runsTable }),
    turn: createRebuildPages({
      store,
      heads: { at: async () => undefined, head: async () => undefined, hasGrown: async () => false },
      release: 1,
      computedBy: 'code',
      rate: 100,
    }),
    runs: createRebuildRuns({ client, table: runsTable }),
    deployment: { release: 1, computedBy: 'code' },
    queues: createSweepQueues({
      send: async (queue, messages) => {
        if (queue === failing) throw new Error(`${queue} can't be reached`);
        sent.push(...messages.map((message) => ({ queue, ...message })));
      },
      urls: { project: 'project', rollup: 'rollup', translate: 'translate', sweep: 'sweep' },
    }),
    keepFailure: async ({ reason }) => void reasons.push(reason),
    now,
    newId: () => 'run-1',
    measure: (name, value) => void measured.push([name, value]),
    logger: quiet,
  });
};
const to = (queue: string) => sent.filter((message) => message.queue === queue).map(({ body }) => body);

test('due heads of every table and shard go to project and rollup', async () => {
  const { client, now } = intake;
  const dueIn = async (table: string, shard: string, rowKey: string, nextDueAt: string) =>
    putItem(client, projections.tableOf(table), { tenantId: tenant, rowKey, ix_due: shard, nextDueAt });
  const due = (shard: string, id: string, nextDueAt: string) => dueIn('engagements', shard, id, nextDueAt);
  await dueIn('reference_heads', '01', 'offer/o-1', now());
  await dueIn('rollup_heads', '05', 'partner_months#p-1|x', now());
  await dueIn('rollup_heads', '05', 'partner_months#p-2', addMilliseconds(now(), 1));
  await due('00', 'e-now', now());
  await due('00', 'e-later', addMilliseconds(now(), 1));
  await due('07', 'e-past', '2026-01-01T00:00:00.000Z');
  await putItem(client, projections.tableOf('engagements'), { tenantId: tenant, rowKey: 'e-never' });
  expect(await sweep()(intake.queued([{ sweep: 'due' }]))).toEqual({ batchItemFailures: [] });
  const streams = ['engagement/e-now', 'engagement/e-past', 'offer/o-1'].map((id) => ({ stream: `${tenant}/${id}` }));
  expect(to('project')).toEqual(streams);
  expect(to('rollup')).toEqual([{ tenantId: tenant, rollup: 'partner_months', group: 'p-1|x' }]);
  // The seconds since the new year, when the most overdue head was due.
  expect(measured).toEqual([['OldestBasis', (Date.parse(now()) - Date.parse('2026-01-01T00:00:00.000Z')) / 1000]]);
});

test('a connection that went quiet has the engagements projected with flags that were raised since, now and later', async () => {
  const raised = async (id: string, raisedAt: string, ofTenant = tenant) =>
    putItem(intake.client, projections.tableOf('flags'), {
      ...{ tenantId: ofTenant, rowKey: `${id}#flag-1`, ix_byRaising: ofTenant, raisedAt },
    });
  await raised('e-before', '2026-03-08T23:59:59.999Z');
  await raised('e-since', '2026-03-09T00:00:00.000Z');
  await raised('e-other', '2026-03-10T00:00:00.000Z', 'other');
  const lastHeardAt = '2026-03-09T00:00:00.000Z';
  const stream = `${tenant}/source/c-1`;
  const said = { connectionId: 'c-1', lastHeardAt };
  const detail = recorded('SourceWentQuiet', said, { at: '2026-03-10', stream });
  await sweep()(intake.queued([{ 'detail-type': detail.type, detail }]));
  expect(to('project')).toEqual([{ stream: `${tenant}/engagement/e-since` }]);
  const again = sent.find(({ queue }) => queue === 'sweep');
  expect(again).toMatchObject({ delaySeconds: 900, body: { sweep: 'outage', connectionId: 'c-1', from: lastHeardAt } });
  sent = [];
  await sweep()(intake.queued([again?.body]));
  expect(to('project')).toEqual([{ stream: `${tenant}/engagement/e-since` }]);
});

test('a limited number of heads of a shard is taken at once, the earliest first; the others stay due', async () => {
  const { client, now } = intake;
  const { tableOf } = projections;
  for (const [index, id] of ['e-3', 'e-1', 'e-2'].entries()) {
    const nextDueAt = `2026-01-0${Number(id.at(-1))}T00:00:00.000Z`;
    await putItem(client, tableOf('engagements'), {
      tenantId: tenant,
      rowKey: `${id}-${index}`,
      ix_due: '03',
      nextDueAt,
    });
  }
  const due = await createDueHeads({ client, tableOf, most: 2 })(now());
  expect(due.map(({ rowKey }) => rowKey)).toEqual(['e-1-1', 'e-2-2']);
});

test('receipts that are pending for 5 minutes are offered again, and no others', async () => {
  await intake.receive(stripeRequest('{"id":"evt_1"}', intake.now()));
  const [pending] = await intake.receiptRows();
  const key = { partition: pending?.partition, id: pending?.id };
  const tick = intake.queued([{ sweep: 'receipts' }]);

  intake.setTime('2026-12-01T00:05:00.000Z');
  await sweep()(tick);
  expect(sent).toEqual([]);
  intake.setTime('2026-12-01T00:05:00.001Z');
  await sweep()(tick);
  expect(to('translate')).toEqual([{ receipt: key }]);
  expect(measured.slice(-2)).toEqual([
    ['ReceiptsWaiting', 0],
    ['ReceiptsUntranslated', 1],
  ]);

  // Translate accepts the offered message: the receipt ends, and is not offered again.
  expect(await intake.newTranslate()(intake.queued(to('translate')))).toEqual({ batchItemFailures: [] });
  expect(await intake.receiptRows()).toMatchObject([{ status: 'refused', reason: 'notAnEvent' }]);
  sent = [];
  await sweep()(tick);
  expect(sent).toEqual([]);
});

const minutes = (count: number): number => count * 60_000;

/** The minutes after which the only receipt was offered, when the sweep ticks every 5 minutes, each a little late. */
const offeredAfter = async (lastMinute: number, lateMs = (_tick: number): number => 1): Promise<readonly number[]> => {
  const begin = intake.now();
  const offered: number[] = [];
  for (let minute = 5; minute <= lastMinute; minute += 5) {
    sent = [];
    intake.setTime(addMilliseconds(begin, minutes(minute) + lateMs(minute / 5)));
    await sweep()(intake.queued([{ sweep: 'receipts' }]));
    if (to('translate').length > 0) offered.push(minute);
  }
  return offered;
};

describe('a receipt that stays', () => {
  const wait = async () => {
    const [row] = await intake.receiptRows();
    const receipts = createReceipts({ client: intake.client, table: intake.tables.receipts, now: intake.now });
    const key = { partition: String(row?.partition), id: String(row?.id) };
    await receipts.wait(key, { reason: 'notAllowed: the connection may not say DealClosed', waitsUnder: [] }, []);
  };
  beforeEach(() => intake.receive(stripeRequest('{"id":"evt_1"}', intake.now())));

  test('pending is offered at each tick', async () => {
    expect(await offeredAfter(60)).toHaveLength(12);
  });

  test('waiting is offered less and less often, but at least every 5 hours and 20 minutes', async () => {
    await wait();
    const offered = await offeredAfter(1000);
    for (const minute of [5, 10, 20, 40, 80, 160, 320, 640, 960]) expect(offered).toContain(minute);
    // A receipt may be offered twice for a step that is close to a tick.
    expect(offered.length).toBeLessThanOrEqual(2 * 9);
    expect(offered).not.toContain(30);
  });

  test('waiting misses no step, whatever a tick’s delay', async () => {
    await wait();
    const offered = await offeredAfter(200, (tick) => (tick % 2 === 0 ? minutes(0.9) : 1));
    for (const minute of [5, 10, 20, 40, 80, 160]) expect(offered).toContain(minute);
  });
});

describe('messages', () => {
  test('that sweep does not understand fail alone', async () => {
    const batch = intake.queued([{ sweep: 'due' }, { sweep: 'attic' }, 'no json', { sweep: 'receipts' }]);
    expect(await sweep()(batch)).toEqual({
      batchItemFailures: [1, 2].map((index) => ({ itemIdentifier: batch.Records[index]?.messageId })),
    });
    expect(reasons).toEqual(
      Array(2).fill(expect.stringMatching(/^notUnderstood: the message is neither for a tick of sweep/)),
    );
  });

  test('are retried where their work could not be sent', async () => {
    failing = 'sweep';
    const batch = intake.queued([{ sweep: 'due' }, { sweep: 'pager' }]);
    expect(await sweep()(batch)).toEqual({ batchItemFailures: [{ itemIdentifier: batch.Records[1]?.messageId }] });
  });
});
