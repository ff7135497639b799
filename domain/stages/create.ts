// Which of a person's facts does Create refuse?
import type { Fact, FactOf, RecordedEvent } from '../../events/catalog.ts';
import { foldOffer, retirementAt } from '../context/offer.ts';
import { type Refusal, refuse } from './refusal.ts';

const retirementRefusal = (before: readonly RecordedEvent[], fact: FactOf<'OfferRetired'>): Refusal | undefined => {
  const offer = foldOffer(before);
  if (offer === undefined) return refuse('offerUnknown', `no version of offer ${fact.data.offerId} was published`);
  const retirement = retirementAt(offer, fact.occurredAt);
  return retirement === undefined
    ? undefined
    : refuse('offerAlreadyRetired', `event ${retirement.eventId} already retired the offer`);
};

/**
 * Refuses an offer whose version is not the next one, and a retirement of what is not on offer. `before` holds the standing events
 * of its stream.
 */
export const createRefusal = (before: readonly RecordedEvent[], fact: Fact): Refusal | undefined => {
  if (fact.type === 'OfferRetired') return retirementRefusal(before, fact);
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
