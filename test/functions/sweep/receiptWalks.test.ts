// Is only one walk under way at a time, and does each walk end, although messages fail, repeat or get lost?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { minutes, startWalking } from '../../support/receiptWalking.ts';

let engine: TestEngine;
let walking: Awaited<ReturnType<typeof startWalking>>;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  walking = await startWalking(engine, 4);
});

describe('while a walk is under way', () => {
  test('a tick does nothing; the first tick after the walk begins a new one', async () => {
    await walking.keepMany(9);
    await walking.take();
    await walking.take(walking.next());
    const third = walking.next();
    walking.at = minutes(11);
    expect(await walking.walk()).toEqual([8]);
    await walking.walk(third);
    expect(walking.offered).toHaveLength(9);
    walking.at = minutes(16);
    await walking.walk();
    expect(walking.offered).toHaveLength(18);
  });

  test('a tick before the second round was stored begins a walk too, and only one of the two walks goes on', async () => {
    await walking.keepMany(9);
    await walking.take();
    const first = walking.next();
    walking.at = minutes(6.1);
    await walking.take();
    const later = walking.next();
    await walking.take(later);
    await walking.take(first);
    await walking.walk(walking.next());
    // The first rounds of both walks, then the rest of one walk.
    expect(walking.offered).toHaveLength(4 + 9);
  });
});

describe('a round', () => {
  test.each(['translate', 'sweep'] as const)('that can’t send to %s fails and is retried', async (queue) => {
    const keys = await walking.keepMany(9);
    await walking.take();
    const second = walking.next();
    walking.failing = queue;
    await expect(walking.take(second)).rejects.toThrow('is away');
    walking.failing = undefined;
    await walking.walk(second);
    expect(new Set(walking.offered)).toEqual(new Set(keys.map(({ id }) => id)));
    expect(Object.fromEntries(walking.measured)).toEqual({ ReceiptsWaiting: 0, ReceiptsUntranslated: 9 });
  });

  test('that is delivered twice runs again while it is the walk’s last round, but not after the walk has gone on', async () => {
    await walking.keepMany(13);
    await walking.take();
    const second = walking.next();
    await walking.take(second);
    const third = walking.next();
    await walking.take(third);
    walking.next();
    const before = walking.offered.length;
    await walking.take(second);
    expect([walking.offered.length, walking.own]).toEqual([before, []]);
    await walking.take(third);
    await walking.walk(walking.next());
    // Now the last round, after the walk is over.
    const all = walking.offered.length;
    await walking.take(third);
    expect([walking.offered.length, walking.own]).toEqual([all, []]);
  });

  test('that is lost ends its walk after a quarter of an hour, and another walk begins', async () => {
    const keys = await walking.keepMany(9);
    await walking.take();
    await walking.take(walking.next());
    const lost = walking.next();
    walking.at = minutes(21);
    expect(await walking.walk()).toEqual([8]);
    walking.at = minutes(21.1);
    walking.offered = [];
    await walking.walk();
    expect(walking.offered.toSorted()).toEqual(keys.map(({ id }) => id).toSorted());
    // When it comes back from the dead-letter queue, it belongs to no walk any more.
    await walking.take(lost);
    expect(walking.offered).toHaveLength(9);
  });
});
