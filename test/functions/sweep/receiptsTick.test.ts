// Is each open receipt offered once, in small rounds, and are all receipts counted correctly?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { minutes, startWalking } from '../../support/receiptWalking.ts';

const aRound = 4;

let engine: TestEngine;
let walking: Awaited<ReturnType<typeof startWalking>>;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  walking = await startWalking(engine, aRound);
});

test('each of many receipts is offered once, in rounds of limited size, over all shards', async () => {
  const keys = await walking.keepMany(22);
  const after = await walking.walk();
  expect(walking.offered.toSorted()).toEqual(keys.map(({ id }) => id).toSorted());
  const rounds = after.map((count, index) => count - (after[index - 1] ?? 0));
  expect(Math.max(...rounds)).toBe(aRound);
  expect(Math.max(...walking.asked.map(({ limit }) => limit))).toBe(aRound);
  expect(new Set(walking.asked.map(({ shard }) => shard)).size).toBe(4);
});

test('receipts are counted over all rounds, waiting ones apart; each round reports the count so far', async () => {
  const keys = await walking.keepMany(13);
  for (const key of keys.slice(0, 6)) await walking.letWait(key);
  await walking.walk();
  expect(Object.fromEntries(walking.measured)).toEqual({ ReceiptsWaiting: 6, ReceiptsUntranslated: 7 });
  for (const name of ['ReceiptsWaiting', 'ReceiptsUntranslated']) {
    const values = walking.measured.filter(([of]) => of === name).map(([, value]) => value);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
  }
});

test('a receipt that becomes due during a walk waits for the next tick', async () => {
  await walking.keepMany(9);
  await walking.take();
  walking.at = minutes(20);
  for (let index = 0; index < 5; index += 1) await walking.keep(`late-${index}`, minutes(6));
  await walking.walk(walking.next());
  expect(walking.offered.filter((id) => id.includes('late'))).toEqual([]);
  expect(walking.offered).toHaveLength(9);
});

test('few receipts need one round, and no walk is stored', async () => {
  await walking.keepMany(3);
  expect(await walking.walk()).toEqual([3]);
  expect(await walking.walks.last('acme')).toBeUndefined();
  walking.at = minutes(11);
  expect(await walking.walk()).toEqual([6]);
});

describe('receipts that wait', () => {
  /** They are due again 40 minutes after they were received, and then not before another 40 minutes. */
  const begin = async (count: number): Promise<void> => {
    for (const key of await walking.keepMany(count)) await walking.letWait(key);
  };

  test('are offered once for each step of their schedule, although a long walk suppresses ticks', async () => {
    await begin(9);
    walking.at = minutes(36);
    await walking.take();
    await walking.take(walking.next());
    const third = walking.next();
    for (const minute of [41, 46]) {
      walking.at = minutes(minute);
      await walking.walk();
    }
    walking.at = minutes(50);
    await walking.walk(third);
    expect(walking.offered).toEqual([]);
    for (const minute of [51, 58, 63, 68]) {
      walking.at = minutes(minute);
      await walking.walk();
      expect(walking.offered).toHaveLength(9);
    }
  });

  test('are offered for a step that fell into a walk that broke off', async () => {
    await begin(9);
    walking.at = minutes(41);
    await walking.take();
    await walking.take(walking.next());
    walking.next();
    walking.offered = [];
    walking.at = minutes(57);
    await walking.walk();
    expect(walking.offered).toHaveLength(9);
  });

  test('are not offered again because of a long walk that is over for some time', async () => {
    await begin(3);
    const long = { startedAt: minutes(30), since: minutes(24), round: 5, at: minutes(34), over: true };
    expect(await walking.walks.note('acme', long)).toBe(true);
    for (const minute of [41, 47, 53]) {
      walking.at = minutes(minute);
      await walking.walk();
      expect(walking.offered).toHaveLength(3);
    }
  });
});

describe('tenants', () => {
  const keepOf = async (tenantId: string, count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) await walking.keep(`${tenantId}-${index}`, minutes(0), tenantId);
  };
  const offeredOf = (tenantId: string): number => walking.offered.filter((id) => id.includes(`#${tenantId}-`)).length;

  test('a tenant with very many receipts does not hold up another: its own walk goes on alone', async () => {
    await keepOf('aaa', 30);
    await keepOf('zzz', 3);
    await walking.take();
    expect([offeredOf('aaa'), offeredOf('zzz')]).toEqual([aRound, 3]);
    expect(walking.own).toEqual([expect.objectContaining({ tenantId: 'aaa' })]);
    // While that walk is under way, a tick of the clock begins the others’.
    const second = walking.next();
    await walking.take(second);
    walking.at = minutes(11);
    await walking.take();
    expect(offeredOf('zzz')).toBe(6);
    await walking.walk(walking.next());
    expect(offeredOf('aaa')).toBe(30);
  });

  test('a tenant whose receipts can’t be read holds up no other, and the tick comes again', async () => {
    await keepOf('aaa', 1);
    await keepOf('bbb', 1);
    walking.unreadable = 'aaa';
    await expect(walking.take()).rejects.toThrow('aaa can not be read');
    expect([offeredOf('aaa'), offeredOf('bbb')]).toEqual([0, 1]);
  });

  test('all are walked, page by page, and counted together', async () => {
    walking = await startWalking(engine, aRound, 2);
    for (const name of ['漢', 'a', 'b', 'c', 'd']) await keepOf(name, 2);
    await walking.walk();
    expect(walking.offered).toHaveLength(10);
    expect(Object.fromEntries(walking.measured)).toEqual({ ReceiptsWaiting: 0, ReceiptsUntranslated: 10 });
  });
});
