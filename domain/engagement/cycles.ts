// In which cycle does an event fall, and which event is the first of each cycle?
import type { RecordedEvent } from '../../events/catalog.ts';
import type { IsUnconfirmed } from '../claims.ts';
import { lastBefore } from '../time/sortedSearch.ts';
import type { Journey } from './journey.ts';

/**
 * The cycle in which an event falls; 1 if it comes before any cycle. An event at the very instant of a renewal belongs
 * to the cycle that ends there: a proposal and its acceptance often have one timestamp.
 */
export const cycleOf = (journey: Pick<Journey, 'cycles'>, event: Pick<RecordedEvent, 'occurredAt'>): number =>
  lastBefore(journey.cycles, ({ cycle, startedAt }) => cycle > 1 && startedAt >= event.occurredAt)?.cycle ?? 1;

/** The first event of each cycle, of events given in fold order. */
export const firstOfCycles = <E extends RecordedEvent>(
  journey: Pick<Journey, 'cycles'>,
  events: readonly E[],
): readonly { readonly cycle: number; readonly event: E }[] => {
  const firsts = new Map<number, E>();
  for (const event of events) {
    const cycle = cycleOf(journey, event);
    if (!firsts.has(cycle)) firsts.set(cycle, event);
  }
  return [...firsts].map(([cycle, event]) => ({ cycle, event }));
};

/**
 * The first event of each cycle, of events given in fold order. Where a cycle has any that is no partner's unconfirmed claim, it is the
 * first of these, so that a claim hides none that comes later.
 */
export const firstWordsOfCycles = <E extends RecordedEvent>(
  journey: Pick<Journey, 'cycles'>,
  events: readonly E[],
  isUnconfirmed: IsUnconfirmed,
): ReturnType<typeof firstOfCycles<E>> => {
  const words = firstOfCycles(
    journey,
    events.filter((event) => !isUnconfirmed(event)),
  );
  const ofWords = new Map(words.map((first) => [first.cycle, first]));
  return firstOfCycles(journey, events).map((first) => ofWords.get(first.cycle) ?? first);
};
