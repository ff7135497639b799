// How does a test say arbitrary facts of one type?
import type fc from 'fast-check';
import type { EventType, Fact } from '../../../events/catalog.ts';
import type { Instant } from '../../../events/instant.ts';
import { fact, type Said } from './events.ts';

/** Facts of a type by what they say; keyed on an object they are restated, else every saying is a fact of its own. */
export const saying = <T extends EventType>(
  type: T,
  said: fc.Arbitrary<Said<T>>,
  keyOf: (said: Said<T>) => string | undefined = () => undefined,
): fc.Arbitrary<(at: Instant, seq: string) => Fact> =>
  said.map((data) => (occurredAt, seq) => {
    const key = keyOf(data);
    return fact(type, data, { at: occurredAt, currency: 'EUR', ...(key === undefined ? {} : { sourceId: key, seq }) });
  });
