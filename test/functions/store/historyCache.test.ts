// Do the warm caches stay within their budgets of bytes, and return correct values in every order of reads?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streamIdOf } from '../../../events/identifiers.ts';
import { createTtlCache } from '../../../functions/aws/ttlCache.ts';
import { createCachedStreams } from '../../../functions/store/cachedStreams.ts';
import { emptyTip, type Tip } from '../../../functions/store/eventStore.ts';
import { createHistoryCache } from '../../../functions/store/historyCache.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';
import { fact } from '../../support/histories/events.ts';

const now = '2026-05-04T10:00:00.000Z';
const streams = ['a', 'b', 'c', 'd', 'e'].map((id) => streamIdOf('acme', 'engagement', id));

const revised = (stream: string, index: number) =>
  fact('DealRevised', { salesStage: `stage ${index}` }, { at: '2026-05-01', stream, sourceId: `${index}` });

/** Steps, each of which appends to a stream and then reads it. */
const steps = fc.array(fc.record({ stream: fc.constantFrom(...streams), appends: fc.integer({ min: 0, max: 12 }) }), {
  minLength: 1,
  maxLength: 40,
});

describe('the history cache', () => {
  it('stays within its budget, and returns the stored events or nothing', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 0, max: 60_000 }), async (taken, budget) => {
        const store = createMemoryEventStore();
        const known = createHistoryCache(Math.max(budget, 1));
        const tips = new Map<string, Tip>();
        for (const { stream, appends } of taken) {
          for (let each = 0; each < appends; each += 1) {
            const tip = tips.get(stream) ?? emptyTip;
            const appended = await store.append(stream, tip, [revised(stream, tip.version)], now);
            if (appended.outcome === 'appended') tips.set(stream, appended.tip);
          }
          const before = known.get(stream);
          known.put(stream, before, await store.load(stream, before?.tip));
          expect(known.keptBytes()).toBeLessThanOrEqual(Math.max(budget, 1));
          const kept = known.get(stream);
          if (kept !== undefined) expect(kept.history.events).toEqual((await store.load(stream)).events);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('drops the least recently used stream, and keeps no stream larger than its budget', async () => {
    const store = createMemoryEventStore();
    const [first = '', second = '', long = ''] = streams;
    const loadedOf = async (stream: string, count: number) => {
      await store.append(
        stream,
        emptyTip,
        Array.from({ length: count }, (_, index) => revised(stream, index)),
        now,
      );
      return await store.load(stream);
    };
    const known = createHistoryCache(6_000);
    known.put(first, undefined, await loadedOf(first, 2));
    known.put(second, undefined, await loadedOf(second, 2));
    known.get(first);
    known.put(streams[3] ?? '', undefined, await loadedOf(streams[3] ?? '', 2));
    expect([first, second].map((stream) => known.get(stream)?.tip.version)).toEqual([2, undefined]);
    expect(known.put(long, undefined, await loadedOf(long, 30)).history.events).toHaveLength(30);
    expect(known.get(long)).toBeUndefined();
    expect(known.get(first)?.tip.version).toBe(2);
  });
});

describe('a stream cache of any budget', () => {
  it('returns what the store holds', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 30_000 }), async (taken, budgetBytes) => {
        const store = createMemoryEventStore();
        const cache = createCachedStreams({
          store,
          grown: async (tips) => new Set(tips.keys()),
          budgetBytes,
        });
        for (const { stream, appends } of taken) {
          const { tip } = await store.load(stream);
          const facts = Array.from({ length: appends }, (_, index) => revised(stream, tip.version + index));
          if (facts.length > 0) await store.append(stream, tip, facts, now);
          const read = await cache.read([stream, streams[0] ?? '']);
          expect(read.get(stream)?.history.events).toEqual((await store.load(stream)).events);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('the TTL cache', () => {
  it('drops a value at its time limit, and earlier where the values take too many bytes', () => {
    let clock = now;
    const kept = createTtlCache<string>({ forMs: 1000, budgetBytes: 1_000, now: () => clock });
    kept.set('a', 'one');
    clock = '2026-05-04T10:00:00.999Z';
    expect(kept.get('a')).toBe('one');
    clock = '2026-05-04T10:00:01.000Z';
    expect(kept.get('a')).toBeUndefined();
    for (const key of ['a', 'b', 'c', 'd', 'e']) kept.set(key, 'one');
    expect(['a', 'b', 'c', 'd', 'e'].map((key) => kept.get(key))).toEqual([undefined, 'one', 'one', 'one', 'one']);
    kept.set('f', 'x'.repeat(1_000));
    expect(kept.get('f')).toBeUndefined();
    expect(kept.get('e')).toBe('one');
  });
});
