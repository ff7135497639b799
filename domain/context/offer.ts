// Which versions of an offer are published, and which one is in force at an instant?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import { isClaim } from '../claims.ts';
import { type Cuts, standing } from '../history.ts';

export interface Offer {
  readonly offerId: string;
  /** Every standing publication, in fold order. */
  readonly versions: readonly RecordedOf<'OfferPublished'>[];
  /** Every standing retirement, in fold order. A version that is published after one brings the offer back. */
  readonly retirements: readonly RecordedOf<'OfferRetired'>[];
}

/** What a partner publishes or retires counts from when it was recorded, and changes nothing that was recorded before. */
const asRecorded = (event: RecordedEvent): RecordedEvent =>
  (event.type !== 'OfferPublished' && event.type !== 'OfferRetired') || !isClaim(event)
    ? event
    : {
        ...event,
        factId: event.eventId,
        occurredAt: event.occurredAt < event.recordedAt ? event.recordedAt : event.occurredAt,
      };

/**
 * The standing events of an offer's stream, as engagements are judged by them. A partner that dates a version of its own offer back,
 * or restates one, does not change by which versions its sales were judged before.
 */
export const standingOffer = (events: readonly RecordedEvent[], cuts: Cuts = {}): readonly RecordedEvent[] =>
  standing({ events: events.some(isClaim) ? events.map(asRecorded) : events }, cuts);

/** Folds an offer from its standing events; undefined if none publishes it. */
export const foldOffer = (events: readonly RecordedEvent[]): Offer | undefined => {
  const versions = events.filter((event) => event.type === 'OfferPublished');
  const [first] = versions;
  const retirements = events.filter((event) => event.type === 'OfferRetired');
  return first === undefined ? undefined : { offerId: first.data.offerId, versions, retirements };
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

/** The retirement by which an offer is not to be proposed at an instant; undefined if it may be. */
export const retirementAt = (offer: Offer, at: Instant): RecordedOf<'OfferRetired'> | undefined => {
  const retirement = offer.retirements.findLast(({ occurredAt }) => occurredAt <= at);
  if (retirement === undefined) return undefined;
  const { occurredAt: since } = retirement;
  return offer.versions.some((event) => event.occurredAt > since && event.occurredAt <= at) ? undefined : retirement;
};
