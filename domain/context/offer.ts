// What does an offer promise, and which version was sold? Its published versions, and the one in force at an instant.
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';

export interface Offer {
  readonly offerId: string;
  /** Every version that stands, in fold order. */
  readonly versions: readonly RecordedOf<'OfferPublished'>[];
}

/** Folds an offer from its standing events; undefined where none publishes it. */
export const foldOffer = (events: readonly RecordedEvent[]): Offer | undefined => {
  const versions = events.filter((event) => event.type === 'OfferPublished');
  const [first] = versions;
  return first === undefined ? undefined : { offerId: first.data.offerId, versions };
};

/** The version named, else the newest published by an instant; undefined where the offer has none. */
export const versionAt = (offer: Offer, at: Instant, version?: number): RecordedOf<'OfferPublished'> | undefined => {
  const published = offer.versions.filter((event) => event.occurredAt <= at);
  if (version !== undefined) return published.filter((event) => event.data.version === version).at(-1);
  return published.reduce<RecordedOf<'OfferPublished'> | undefined>(
    (newest, event) => (newest === undefined || event.data.version >= newest.data.version ? event : newest),
    undefined,
  );
};
