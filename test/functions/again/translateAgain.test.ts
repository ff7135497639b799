// After a mapping has changed, are kept receipts read again: what is new added, and what they no longer say taken back?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addMilliseconds } from '../../../events/instant.ts';
import { createReceiptChanges } from '../../../functions/again/receiptChanges.ts';
import { receiptOf } from '../../../functions/receipts/receipt.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { againOf, milestoneRule, workRule } from '../../support/intake/againRuns.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import { scan } from '../../support/intake/intakeTables.ts';
import { noise } from '../../support/intake/noise.ts';

let engine: TestEngine;
let intake: Intake;
let again: ReturnType<typeof againOf>;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  intake = await startIntake({ client: engine.client });
  again = againOf(intake);
});

const wrongField = workRule({ fields: { workId: 'data.id', minutes: { path: 'data.min', as: 'number' } } });
const category = (constant: string) => workRule({ fields: { ...workRule().fields, category: { constant } } });
const work = { type: 'WorkLogged', workId: 'w-1', minutes: 30, category: 'implementation' };
const goLive = { type: 'MilestoneReached', milestone: 'go_live' };
const applied = { apply: true } as const;
const everything = async () => ({
  receipts: (await scan(engine.client, intake.tables.receipts)).filter(({ kind }) => kind?.S !== 'again'),
  sources: await scan(engine.client, intake.tables.sources),
  facts: intake.facts().length,
  events: await again.events(),
});

describe('a refused receipt', () => {
  beforeEach(async () => {
    await again.map(1, [wrongField]);
    await again.say('w-1');
    expect(await intake.receiptRows()).toMatchObject([{ status: 'refused' }]);
    await again.map(2, [workRule()]);
  });

  test('becomes facts after its mapping is mended', async () => {
    const found = { seen: 1, now: ['refused > translated'], adds: ['WorkLogged'], retracts: [], stays: [] };
    expect(await again.run()).toMatchObject(found);
    expect(await again.run(applied)).toMatchObject(found);
    expect(await again.standing()).toEqual([work]);
    const [row] = await intake.receiptRows();
    expect(row).toMatchObject({ status: 'translated', facts: expect.anything(), expiresAt: expect.any(Number) });
    for (const key of ['reason', 'issues', 'open', 'openId', 'ended']) expect(row).not.toHaveProperty(key);
  });

  test('is left out where other receipts are asked for: by status, or by time', async () => {
    const earlier = '2026-12-01T00:00:00.000Z';
    expect(await again.run({ status: 'translated' })).toMatchObject({ seen: 0, adds: [] });
    expect(await again.run({ to: earlier })).toMatchObject({ seen: 0 });
    expect(await again.run({ from: addMilliseconds(intake.now(), 1) })).toMatchObject({ seen: 0 });
    expect(await again.run({ status: 'refused', from: earlier, to: addMilliseconds(intake.now(), 1) })).toMatchObject({
      seen: 1,
    });
  });

  test('that was erased, or has another status meanwhile, is left alone', async () => {
    const [row] = await intake.receiptRows();
    const changes = createReceiptChanges({ client: engine.client, table: intake.tables.receipts });
    const [item] = (await scan(engine.client, intake.tables.receipts)).filter(({ kind }) => kind?.S === 'receipt');
    const receipt = receiptOf(item ?? {});
    expect(await changes.reopen({ ...receipt, status: 'ignored' }, 'a-run')).toBeUndefined();
    expect(await changes.reopen({ ...receipt, id: 'erased' }, 'a-run')).toBeUndefined();
    expect(await intake.receiptRows()).toEqual([row]);
  });
});

describe('a dry run', () => {
  test('changes nothing', async () => {
    await again.map(1, [milestoneRule]);
    await again.say('w-1');
    await again.map(1, [wrongField]);
    await again.say('w-2');
    await again.map(2, [workRule()]);
    const before = await everything();
    expect(await again.run()).toMatchObject({ adds: ['WorkLogged', 'WorkLogged'], retracts: ['MilestoneReached'] });
    expect(await everything()).toEqual(before);
  });
});

describe('a fact that a wrong mapping said', () => {
  beforeEach(async () => {
    await again.map(1, [milestoneRule]);
    for (const id of ['w-1', 'w-2', 'w-3']) await again.say(id, { deal: id });
    await again.map(2, [workRule()]);
  });
  const deals = ['w-1', 'w-2', 'w-3'];
  const each = async () => (await Promise.all(deals.map((deal) => again.standing(deal)))).flat();
  const works = deals.map((workId) => ({ ...work, workId }));

  test('is taken back, and the right one is recorded', async () => {
    const found = {
      seen: 3,
      now: Array(3).fill('translated > translated'),
      adds: Array(3).fill('WorkLogged'),
      retracts: Array(3).fill('MilestoneReached'),
    };
    expect(await again.run()).toMatchObject(found);
    expect(await again.run(applied)).toMatchObject(found);
    expect(await each()).toEqual(works);
    const retraction = (await again.events('w-1')).find(({ type }) => type === 'FactRetracted');
    expect(retraction).toMatchObject({
      source: 'throughline',
      translation: 2,
      data: { reason: expect.stringMatching(/^translate-again: /) },
    });
    expect(retraction).not.toHaveProperty('actor');
  });

  test('is taken back once: a second run finds nothing to do', async () => {
    await again.run(applied);
    const before = await everything();
    const nothing = { seen: 3, now: [], adds: [], retracts: [], stays: [] };
    expect(await again.run()).toMatchObject(nothing);
    expect(await again.run(applied)).toMatchObject(nothing);
    expect(await everything()).toEqual(before);
  });

  test('is taken back once, also where every page is delivered twice, by a process that knows nothing', async () => {
    await again.run(applied, 2);
    expect(await each()).toEqual(works);
    for (const deal of deals) expect(await again.events(deal)).toHaveLength(3);
  });

  test('can be said again by a later version of the mapping', async () => {
    await again.run(applied);
    await again.map(3, [milestoneRule]);
    const back = { adds: Array(3).fill('MilestoneReached again'), retracts: Array(3).fill('WorkLogged') };
    expect(await again.run(applied)).toMatchObject(back);
    expect(await each()).toEqual(Array(3).fill(goLive));
    await again.map(4, [workRule()]);
    await again.run(applied);
    expect(await each()).toEqual(works);
  });
});

test('data A by mapping 1, B by mapping 2, and A again by mapping 3', async () => {
  await again.map(1, [category('implementation')]);
  await again.say('w-1');
  for (const [version, said] of [
    [2, 'managed'],
    [3, 'implementation'],
  ] as const) {
    await again.map(version, [category(said)]);
    expect(await again.run(applied)).toMatchObject({ adds: ['WorkLogged again'], retracts: [] });
    expect(await again.standing()).toEqual([{ ...work, category: said }]);
  }
});

describe('what stays', () => {
  test('a fact that a person has replaced meanwhile needs no retraction, and the run says so', async () => {
    await again.map(1, [milestoneRule]);
    await again.say('w-1');
    const [event] = await again.events();
    if (event === undefined) throw new Error('nothing was recorded');
    const { version: _version, recordedAt: _at, ...said } = event;
    const own = { eventId: 'e-person', factId: 'f-person', actor: 'anna', supersedes: event.eventId };
    await intake.recordFacts(event.streamId, [{ ...said, ...own, sourceEventId: 'key-1', source: 'people:x' }]);
    await again.map(2, [workRule()]);
    const stays = ['MilestoneReached: it does not stand any more'];
    expect(await again.run(applied)).toMatchObject({ adds: ['WorkLogged'], retracts: [], stays });
    expect(await again.run()).toMatchObject({ stays: [] });
    expect((await again.events()).filter(({ type }) => type === 'FactRetracted')).toEqual([]);
  });

  test('a link, because other facts may have come by it', async () => {
    const links = [{ kind: 'order', id: 'data.id' }];
    await again.map(1, [workRule({ links })]);
    await again.say('w-1');
    await again.map(2, [workRule()]);
    const found = { adds: [], retracts: [], stays: [expect.stringMatching(/^IdentityLinked: a link/)] };
    expect(await again.run(applied)).toMatchObject(found);
    expect((await intake.facts()).filter(({ type }) => type === 'FactRetracted')).toEqual([]);
  });

  test('what a receipt that waits now may say again', async () => {
    await again.map(1, [workRule()]);
    await again.say('w-1');
    await again.map(2, [workRule({ subject: { external: { kind: 'order', id: 'data.order' } } })]);
    await again.say('w-2', { order: 'O-1' });
    await again.map(3, [workRule({ subject: { external: { kind: 'order', id: 'data.id' } } })]);
    const waits = ['WorkLogged: the receipt waits now; it may say it when the wait is over'];
    expect(await again.run(applied)).toMatchObject({ retracts: [], stays: waits });
    expect(await intake.receiptRows()).toMatchObject([{ status: 'waiting' }, { status: 'waiting' }]);
    expect(await intake.pointers()).toHaveLength(3);
    expect(await again.standing()).toEqual([work]);
    // When the wait is over, the receipt still knows what it said before.
    await again.map(4, [milestoneRule]);
    expect(await again.run(applied)).toMatchObject({ retracts: ['WorkLogged'] });
    expect(await again.standing()).toEqual([goLive, goLive]);
  });

  test('what one event of a batch said, while another waits', async () => {
    const ofOrder = workRule({ type: 'order.work', subject: { external: { kind: 'order', id: 'data.order' } } });
    const linking = workRule({ type: 'linked', links: [{ kind: 'order', id: 'data.order' }] });
    await again.map(1, [milestoneRule, ofOrder]);
    await again.sayBatch({ order: 'O-1' }, 'work.done', 'order.work');
    expect(await intake.receiptRows()).toMatchObject([{ status: 'waiting', facts: expect.anything() }]);
    await again.map(2, [workRule(), ofOrder, linking]);
    const waits = [expect.stringMatching(/^MilestoneReached: the receipt waits/)];
    expect(await again.run(applied)).toMatchObject({ adds: ['WorkLogged'], retracts: [], stays: waits });
    await again.say('w-9', { order: 'O-1' }, undefined, { type: 'linked' });
    expect(await intake.receiptRows()).toMatchObject([{ status: 'translated' }, { status: 'translated' }]);
    expect(await again.run(applied)).toMatchObject({ adds: [], retracts: ['MilestoneReached'], stays: [] });
    expect(await again.standing()).toMatchObject(Array(3).fill({ type: 'WorkLogged' }));
  });

  test('everything, where a receipt can not be read: its mapping is invalid', async () => {
    await again.map(1, [workRule()]);
    await again.say('w-1');
    await again.map(2, [{ as: 'Nothing' }]);
    const before = await everything();
    expect(await again.run(applied)).toMatchObject({ adds: [], retracts: [], now: ['translated > waiting'] });
    expect(await everything()).toEqual(before);
  });
});

test('receipts are all read again, where a page holds fewer of them than it may: DynamoDB ends it at a megabyte', async () => {
  intake = await startIntake({ client: engine.client, pageSize: 100 });
  again = againOf(intake);
  await again.map(1, [milestoneRule]);
  for (const id of ['w-1', 'w-2', 'w-3', 'w-4', 'w-5']) await again.say(id, { deal: id, filled: noise(380_000) });
  await again.map(2, [workRule()]);
  expect(await again.run()).toMatchObject({ seen: 5 });
});
