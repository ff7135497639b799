// Is a day sealed once, completely and with the same root, however often its messages arrive and wherever a run crashes?
import { DeleteItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { begunPartition, createDailyRoots, pageOfItem } from '../../../functions/seal/dailyRoots.ts';
import { type DayRoot, tipsOf } from '../../../functions/seal/sealedDay.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type Sealing, startSealing } from '../../support/sealing.ts';

let engine: TestEngine;
let sealing: Sealing;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const streams = ['a', 'b', 'c', 'd', 'e'].map((id) => `acme/engagement/${id}`);
const tick = { seal: 'day' };
const next = '2026-05-02T01:00:00.000Z';
const begun = async (): Promise<Sealing> => {
  const made = await startSealing(engine);
  await made.record('2026-05-01T10:00:00.000Z', ...streams);
  return made;
};
beforeEach(async () => {
  sealing = await begun();
});

const lastRoot = (of = sealing): Promise<DayRoot | undefined> =>
  createDailyRoots({ client: engine.client, table: of.rootsTable }).last();

/** The tips in a day's pages, as `stream version`. */
const heldOn = async (day: string): Promise<readonly string[]> => {
  const { Items = [] } = await engine.client.send(
    new QueryCommand({
      TableName: sealing.rootsTable,
      KeyConditionExpression: 'part = :day',
      ExpressionAttributeValues: { ':day': { S: day } },
    }),
  );
  return Items.flatMap((item) => tipsOf(pageOfItem(item).tips).map(({ stream, version }) => `${stream} ${version}`));
};

test('a day is sealed once, an hour after its end', async () => {
  await sealing.seal('2026-05-02T00:59:59.999Z');
  expect(await lastRoot()).toMatchObject({ day: '2026-04-30' });
  await sealing.seal(next);
  const sealed = await lastRoot();
  expect(sealed).toMatchObject({ day: '2026-05-01', until: '2026-05-02T00:00:00.000Z', streams: 5 });
  await sealing.seal('2026-05-02T23:00:00.000Z');
  expect(await lastRoot()).toEqual(sealed);
});

test('a day holds the streams that changed in it, with their tips at its end', async () => {
  await sealing.seal(next);
  expect((await heldOn('2026-05-01')).toSorted()).toEqual(streams.map((stream) => `${stream} 1`));
  await sealing.record('2026-05-02T10:00:00.000Z', 'acme/engagement/b');
  await sealing.record('2026-05-02T23:59:59.999Z', 'acme/engagement/b', 'acme/party/p');
  for (let more = 0; more < 5; more += 1) await sealing.record('2026-05-03T00:00:00.000Z', 'acme/engagement/b');
  await sealing.seal('2026-05-03T02:00:00.000Z');
  expect(await heldOn('2026-05-02')).toEqual(['acme/engagement/b 3', 'acme/party/p 1']);
});

test('days without a tick are sealed together with the next day', async () => {
  await sealing.seal(next);
  const first = await lastRoot();
  await sealing.record('2026-05-03T10:00:00.000Z', 'acme/engagement/c');
  await sealing.seal('2026-05-07T05:00:00.000Z');
  expect(await lastRoot()).toMatchObject({ day: '2026-05-06', from: first?.until, previous: first?.root });
  expect(await heldOn('2026-05-06')).toEqual(['acme/engagement/c 2']);
});

test('messages that arrive twice, and streams that begin meanwhile, change nothing', async () => {
  const alone = await begun();
  await alone.seal(next);
  let turns = 0;
  for (let open: readonly unknown[] = [tick]; open.length > 0; open = sealing.sent.splice(0)) {
    expect(await sealing.handle(next, ...open)).toBe(0);
    // The new streams shift the pages, but do not belong to the day.
    await sealing.record(next, `acme/engagement/later-${turns}`);
    turns += 1;
    expect(await sealing.handle(next, ...open.slice(0, 1))).toBe(0);
    if (turns > 60) throw new Error('the chain of pages does not end');
  }
  const tips = (await heldOn('2026-05-01')).toSorted();
  expect(tips).toEqual(streams.map((stream) => `${stream} 1`));
  expect((await sealing.verify()).faults).toEqual([]);
  expect((await alone.verify()).faults).toEqual([]);
});

test('the next tick continues a run that crashed anywhere, and reaches the same root', async () => {
  const alone = await begun();
  await alone.seal(next);
  const open: unknown[] = [tick];
  for (let cuts = 0; (await lastRoot()) === undefined; cuts += 1) {
    if (cuts > 10) throw new Error('the day is never sealed');
    sealing.failing = true;
    expect(await sealing.handle(next, ...open)).toBeLessThanOrEqual(1);
    sealing.failing = false;
    expect(await sealing.handle(next, tick)).toBe(0);
    open.splice(0, open.length, ...sealing.sent.splice(0));
  }
  expect((await lastRoot())?.root).toBe((await lastRoot(alone))?.root);
});

const dayAfter = '2026-05-03T01:00:00.000Z';

/** Begins the first day and loses the message for its second page, as in a dead-letter queue; the streams change on the next day. */
const lostPage = async (): Promise<readonly unknown[]> => {
  expect(await sealing.handle(next, tick)).toBe(0);
  const lost = sealing.sent.splice(0);
  expect(lost).toHaveLength(1);
  await sealing.record('2026-05-02T10:00:00.000Z', ...streams);
  return lost;
};

const expectSealed = async (...days: readonly string[]): Promise<void> => {
  const verified = await sealing.verify();
  expect(verified.faults).toEqual([]);
  expect(verified.days.map(({ day }) => day)).toEqual(days);
};

test('a begun day is finished before a later one begins, and its lost page may arrive at any time after', async () => {
  const lost = await lostPage();
  await sealing.seal(dayAfter);
  await expectSealed('2026-05-01');
  expect(await sealing.handle(dayAfter, ...lost)).toBe(0);
  await sealing.seal(dayAfter);
  await expectSealed('2026-05-01', '2026-05-02');
  for (let open = lost; open.length > 0; open = sealing.sent.splice(0)) {
    expect(await sealing.handle(dayAfter, ...open)).toBe(0);
  }
  await expectSealed('2026-05-01', '2026-05-02');
});

test('ticks of two days that arrive at once begin only one of the days', async () => {
  const failed = await Promise.all([sealing.handle(next, tick), sealing.handle(dayAfter, tick)]);
  expect(failed).toEqual([0, 0]);
  const begun = new Set(sealing.sent.map((body) => JSON.stringify(body)));
  expect(begun.size).toBe(1);
  for (let open = sealing.sent.splice(0); open.length > 0; open = sealing.sent.splice(0)) {
    expect(await sealing.handle(dayAfter, ...open)).toBe(0);
  }
  await sealing.seal(dayAfter);
  expect(await lastRoot()).toMatchObject({ day: '2026-05-02' });
  expect((await sealing.verify()).faults).toEqual([]);
});

/** The state of an older release, which did not store which day was begun. */
const forgetBegun = (): Promise<unknown> =>
  engine.client.send(
    new DeleteItemCommand({
      TableName: sealing.rootsTable,
      Key: { part: { S: begunPartition }, id: { S: 'first' } },
    }),
  );

test('an old page of an unknown day is ignored after another day was sealed in its place', async () => {
  const lost = await lostPage();
  await forgetBegun();
  await sealing.seal(dayAfter);
  await forgetBegun();
  expect(await sealing.handle(dayAfter, ...lost)).toBe(0);
  expect(sealing.sent).toEqual([]);
  await expectSealed('2026-05-02');
});

test('an old page of an unknown day is ignored after another day was begun in its place', async () => {
  const lost = await lostPage();
  await forgetBegun();
  expect(await sealing.handle(dayAfter, tick)).toBe(0);
  const [page] = sealing.sent.splice(0);
  expect(await sealing.handle(dayAfter, ...lost)).toBe(0);
  expect(sealing.sent).toEqual([]);
  for (let open: readonly unknown[] = [page]; open.length > 0; open = sealing.sent.splice(0)) {
    expect(await sealing.handle(dayAfter, ...open)).toBe(0);
  }
  await expectSealed('2026-05-02');
});

test('a message that seal does not understand fails alone', async () => {
  expect(await sealing.handle(next, { seal: 'night' }, tick, 'no json')).toBe(2);
  expect(sealing.reasons).toEqual(Array(2).fill(expect.stringMatching(/^notUnderstood: the message is neither/)));
});
