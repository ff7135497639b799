// What must every event store do?
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { shardCount } from '../../../functions/store/commit.ts';
import { type EventStore, emptyTip, type Tip } from '../../../functions/store/eventStore.ts';
import { revisions, streamNamed } from '../project/revisions.ts';

const now = '2026-05-04T10:00:00.000Z';
const later = '2026-05-04T11:00:00.000Z';

export interface StoreUnderTest {
  readonly name: string;
  /** A new, empty store. */
  readonly create: () => Promise<EventStore>;
  readonly skip?: Readonly<Record<string, string>>;
}

/** Appends commits of the given sizes; returns the empty tip, and the tip after each commit. */
export const grow = async (store: EventStore, streamId: string, sizes: readonly number[]): Promise<readonly Tip[]> => {
  const tips: Tip[] = [emptyTip];
  for (const [index, size] of sizes.entries()) {
    const tip = tips.at(-1) ?? emptyTip;
    const appended = await store.append(streamId, tip, revisions(streamId, size, `c${index}`), now);
    if (appended.outcome === 'conflict') throw new Error(`commit ${index} of ${streamId} met a conflict`);
    tips.push(appended.tip);
  }
  return tips;
};

export const eventStoreContract = ({ name, create, skip = {} }: StoreUnderTest): void => {
  const it = (title: string, run: (store: EventStore, streamId: string) => Promise<void>): void => {
    const reason = skip[title];
    if (reason === undefined) test(title, () => run(store, streamNamed(title)));
    else test.skip(`${title} (${reason})`, () => undefined);
  };
  let store: EventStore;

  describe(`the event store contract: ${name}`, () => {
    beforeEach(async () => {
      store = await create();
    });

    it('a stream without a commit is empty', async (store, streamId) => {
      expect(await store.load(streamId)).toEqual({ events: [], tip: emptyTip, bytes: 0 });
    });

    it('a commit numbers its events from 1 and records them at one instant', async (store, streamId) => {
      const facts = revisions(streamId, 3);
      const appended = await store.append(streamId, emptyTip, facts, now);
      const events = facts.map((fact, index) => ({ ...fact, version: index + 1, recordedAt: now }));
      expect(appended).toMatchObject({ outcome: 'appended', events, tip: { version: 3, recordedAt: now } });
      expect({ outcome: 'appended', ...(await store.load(streamId)) }).toEqual(appended);
    });

    it('commits follow each other without a gap, over many pages', async (store, streamId) => {
      const tips = await grow(store, streamId, [1, 3, 2, 1, 4, 1, 2]);
      const { events, tip } = await store.load(streamId);
      expect(events.map(({ version }) => version)).toEqual(Array.from({ length: 14 }, (_, index) => index + 1));
      expect(tip).toEqual(tips.at(-1));
    });

    it('a load from a tip returns only the events after it', async (store, streamId) => {
      const tips = await grow(store, streamId, [2, 3, 1]);
      const whole = await store.load(streamId);
      for (const from of tips) {
        const { bytes, ...after } = await store.load(streamId, from);
        expect(after).toEqual({ events: whole.events.slice(from.version), tip: whole.tip });
        expect(bytes > 0).toBe(after.events.length > 0);
      }
    });

    it('a load returns every character of a text unchanged', async (store, streamId) => {
      const facts = revisions(streamId, 1, 'Ærøskøbing – 東京 – "quoted" \\ \u2028 🚢');
      await store.append(streamId, emptyTip, facts, now);
      expect((await store.load(streamId)).events[0]).toEqual({ ...facts[0], version: 1, recordedAt: now });
    });

    it('an append after a stale tip is a conflict and writes nothing', async (store, streamId) => {
      const tips = await grow(store, streamId, [1, 1]);
      const before = await store.load(streamId);
      for (const stale of tips.slice(0, -1)) {
        const facts = revisions(streamId, 2, 'stale');
        expect(await store.append(streamId, stale, facts, now)).toMatchObject({ outcome: 'conflict' });
      }
      expect(await store.load(streamId)).toEqual(before);
    });

    it('a conflict names the commit that came after the tip, and a load goes on from there', async (store, streamId) => {
      const [, tip = emptyTip] = await grow(store, streamId, [1, 2, 1]);
      const answer = await store.append(streamId, tip, revisions(streamId, 1, 'stale'), now);
      if (answer.outcome !== 'conflict') throw new Error('the append met no conflict');
      const { events, tip: whole } = await store.load(streamId);
      expect(answer.next.events).toEqual(events.slice(1, 3));
      const { bytes: _, ...after } = await store.load(streamId, answer.next.tip);
      expect(after).toEqual({ events: events.slice(3), tip: whole });
    });

    it('many streams are read as each would be alone, from whatever tips', async (store) => {
      const sizes = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 8 });
      const streams = fc.array(fc.tuple(sizes, fc.nat()), { minLength: 1, maxLength: 6 });
      let run = 0;
      await fc.assert(
        fc.asyncProperty(streams, async (grown) => {
          run += 1;
          const tips = new Map<string, Tip>();
          for (const [index, [commits, pick]] of grown.entries()) {
            const streamId = streamNamed(`many ${run} ${index}`);
            const known = await grow(store, streamId, commits);
            tips.set(streamId, known[pick % known.length] ?? emptyTip);
          }
          const read = await store.loadMany(tips);
          expect([...read.keys()].sort()).toEqual([...tips.keys()].sort());
          for (const [streamId, tip] of tips) expect(read.get(streamId)).toEqual(await store.load(streamId, tip));
        }),
        { numRuns: 25 },
      );
    });

    it('every stale tip leads to a conflict, whatever the sizes of the commits', async (store) => {
      const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 });
      let run = 0;
      await fc.assert(
        fc.asyncProperty(sizes, fc.nat(), fc.integer({ min: 1, max: 4 }), async (commits, pick, size) => {
          run += 1;
          const streamId = streamNamed(`stale ${run}`);
          const tips = await grow(store, streamId, commits);
          const stale = tips[pick % (tips.length - 1)] ?? emptyTip;
          const answer = await store.append(streamId, stale, revisions(streamId, size, 'stale'), now);
          expect(answer).toMatchObject({ outcome: 'conflict' });
        }),
        { numRuns: 25 },
      );
    });

    it('one of several writers that append after the same tip succeeds', async (store, streamId) => {
      const [, tip = emptyTip] = await grow(store, streamId, [2]);
      const race = Array.from({ length: 8 }, (_, writer) =>
        store.append(streamId, tip, revisions(streamId, 1 + (writer % 3), `w${writer}`), now),
      );
      const winners = (await Promise.all(race)).filter(({ outcome }) => outcome === 'appended');
      expect(winners).toHaveLength(1);
      expect((await store.load(streamId, tip)).events).toEqual(
        winners.flatMap((won) => ('events' in won ? won.events : [])),
      );
    });

    it('recordedAt never goes back inside a stream', async (store, streamId) => {
      const first = await store.append(streamId, emptyTip, revisions(streamId, 1), later);
      const tip = 'tip' in first ? first.tip : emptyTip;
      await store.append(streamId, tip, revisions(streamId, 1, 'after'), now);
      expect((await store.load(streamId)).events.map(({ recordedAt }) => recordedAt)).toEqual([later, later]);
    });

    it('a retried append counts as appended and returns the stored commit', async (store, streamId) => {
      const facts = revisions(streamId, 2);
      const first = await store.append(streamId, emptyTip, facts, now);
      expect(await store.append(streamId, emptyTip, facts, later)).toEqual(first);
      expect((await store.load(streamId)).events).toHaveLength(2);
    });

    it('an append that shares only its first event with the stored commit is a conflict', async (store, streamId) => {
      const facts = revisions(streamId, 2);
      await store.append(streamId, emptyTip, facts.slice(0, 1), now);
      expect(await store.append(streamId, emptyTip, facts, now)).toMatchObject({ outcome: 'conflict' });
      const other = [...facts.slice(0, 1), ...revisions(streamId, 1, 'other')];
      const longer = streamNamed('longer');
      const moved = (list: typeof facts) => list.map((fact) => ({ ...fact, streamId: longer }));
      await store.append(longer, emptyTip, moved(facts), now);
      expect(await store.append(longer, emptyTip, moved(other), now)).toMatchObject({ outcome: 'conflict' });
    });

    it('an event over 200 KB and a commit over 300 KB are refused by name', async (store, streamId) => {
      const large = (kilobytes: number, say: string) => revisions(streamId, 1, say, kilobytes);
      const event = store.append(streamId, emptyTip, large(201, 'a'), now);
      await expect(event).rejects.toMatchObject({ name: 'EventTooLarge' });
      const commit = store.append(streamId, emptyTip, [...large(160, 'a'), ...large(160, 'b')], now);
      await expect(commit).rejects.toMatchObject({ name: 'CommitTooLarge' });
      expect((await store.load(streamId)).events).toEqual([]);
      expect(await store.append(streamId, emptyTip, large(190, 'a'), now)).toMatchObject({ outcome: 'appended' });
    });

    it('an append of an empty list, or of a fact of another stream, throws', async (store, streamId) => {
      await expect(store.append(streamId, emptyTip, [], now)).rejects.toThrow('needs at least one fact');
      const stray = store.append(streamId, emptyTip, revisions(streamNamed('elsewhere'), 1), now);
      await expect(stray).rejects.toThrow(`not to ${streamId}`);
    });

    it('the shards list each stream of a kind once, in pages', async (store) => {
      const names = Array.from({ length: 60 }, (_, index) => streamNamed(`listed ${index}`));
      for (const streamId of names) await grow(store, streamId, [1, 1]);
      await grow(store, streamNamed('other', 'party'), [1]);
      const listed: string[] = [];
      for (let shard = 0; shard < shardCount; shard += 1) {
        let cursor: string | undefined;
        do {
          const page = await store.streams('engagement', shard, cursor);
          listed.push(...page.streams);
          cursor = page.cursor;
        } while (cursor !== undefined);
      }
      expect([...listed].sort()).toEqual([...names].sort());
    });
  });
};
