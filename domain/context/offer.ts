// Which versions of an offer are published, and which one is in force at an instant?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';

export interface Offer {
  readonly offerId: string;
  /** Every standing publication, in fold order. */
  readonly versions: readonly RecordedOf<'OfferPublished'>[];
}

/** Folds an offer from its standing events; undefined if none publishes it. */
export const foldOffer = (events: readonly RecordedEvent[]): Offer | undefined => {
  const versions = events.filter((event) => event.type === 'OfferPublished');
  const [first] = versions;
  return first === undefined ? undefined : { offerId: first.data.offerId, versions };
};

/**
 * The named version, else the newest one that is published by an instant. Undefined if the offer has no such version.
 */
export const versionAt = (offer: Offer, at: Instant, version?: number): RecordedOf<'OfferPublished'> | undefined => {
  const published = offer.versions.filter((event) => event.occurredAt <= at);
  if (version !== undefined) return published.filter((event) => event.data.version === version).at(-1);
  return published.reduce<RecordedOf<'OfferPublished'> | undefined>(
    (newest, event) => (newest === undefined || event.data.version >= newest.data.version ? event : newest),
    undefined,
  );
};
