// Which of a person's facts does Create refuse?
import type { Fact, RecordedEvent } from '../../events/catalog.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Refuses an offer whose version is not the next one. `before` holds the standing events of its stream. */
export const createRefusal = (before: readonly RecordedEvent[], fact: Fact): Refusal | undefined => {
  if (fact.type !== 'OfferPublished') return undefined;
  const newest = Math.max(
    0,
    ...before.filter((event) => event.type === 'OfferPublished').map((event) => event.data.version),
  );
  return fact.data.version === newest + 1
    ? undefined
    : refuse(
        'offerVersionNotNext',
        `the offer is at version ${newest}; publish version ${newest + 1}, not ${fact.data.version}`,
      );
};
