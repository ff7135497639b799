// How does a test speak of a decision? Given what stands, when a fact comes, then it is accepted, unchanged, or refused for a reason.
import { expect } from 'vitest';
import { historyOf } from '../../../domain/history.ts';
import { decide } from '../../../domain/stages/decider.ts';
import type { Fact, RecordedEvent } from '../../../events/catalog.ts';
import { stream } from './events.ts';

export interface Then {
  /** The fact becomes an event as it is. */
  readonly accepted: () => void;
  /** The fact says what this event has said. */
  readonly unchanged: (event: RecordedEvent) => void;
  /** The fact is refused for a reason, and its detail names what mends it. */
  readonly refused: (reason: string, detail?: RegExp) => void;
}

/** Given the events of a stream, in their order, `when` decides a fact. */
export const given = (...events: readonly RecordedEvent[]): { readonly when: (fact: Fact) => Then } => ({
  when: (fact) => {
    const decision = decide(historyOf(stream(events)), fact);
    return {
      accepted: () => expect(decision).toEqual({ outcome: 'accepted', events: [fact] }),
      unchanged: (event) =>
        expect(decision).toEqual({
          outcome: 'unchanged',
          events: [expect.objectContaining({ eventId: event.eventId })],
        }),
      refused: (reason, detail = /./) =>
        expect(decision).toEqual({ outcome: 'refused', reason, detail: expect.stringMatching(detail) }),
    };
  },
});
