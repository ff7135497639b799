// What do streams hold, and what would they hold after the facts of this page?
// The pages of a run call it; it reads the events table, each stream once.
import { addsNothing, extend, type History, historyOf } from '../../domain/history.ts';
import type { Fact } from '../../events/catalog.ts';
import type { EventStore } from '../store/eventStore.ts';

export interface Streams {
  /** The stream's history, with the facts that this page would add. */
  of(stream: string): Promise<History>;
  /** Whether the fact is added, and whether it restates one; undefined where it adds nothing. It counts as recorded from then on. */
  add(fact: Fact): Promise<{ readonly restates: boolean } | undefined>;
}

export const createStreams = (store: Pick<EventStore, 'load'>, now: string): Streams => {
  const histories = new Map<string, History>();

  const of = async (stream: string): Promise<History> => {
    const known = histories.get(stream) ?? historyOf((await store.load(stream)).events);
    histories.set(stream, known);
    return known;
  };

  return {
    of,
    add: async (fact) => {
      const history = await of(fact.streamId);
      // As a stage decides on what systems say.
      const same = history.saying(fact);
      if (same.length > 0 && addsNothing(history, fact, same)) return undefined;
      const restates = history.byFactId.has(fact.factId);
      const version = history.events.length + 1;
      histories.set(fact.streamId, extend(history, [{ ...fact, version, recordedAt: now }]));
      return { restates };
    },
  };
};
