// Which facts take some of these facts back? Arbitrary ones: each takes back an event alone, or also what was said up to a place.
import fc from 'fast-check';
import type { Fact } from '../../../events/catalog.ts';
import type { Instant } from '../../../events/instant.ts';
import { fact } from './events.ts';

const place = fc.option(
  fc.integer({ min: 0, max: 9 }).map((seq) => `000${seq}`),
  { nil: undefined, freq: 1 },
);

/** At most three retractions of these facts, at some of these instants: a system's may come before what it takes back. */
export const retractionsOf = (facts: readonly Fact[], at: fc.Arbitrary<Instant>): fc.Arbitrary<readonly Fact[]> =>
  fc
    .array(fc.tuple(fc.constantFrom(...facts), at, place), { maxLength: 3 })
    .map((named) =>
      named.map(([{ eventId }, when, seq]) =>
        fact('FactRetracted', { eventId, reason: 'code:wrong' }, { at: when, ...(seq === undefined ? {} : { seq }) }),
      ),
    );
