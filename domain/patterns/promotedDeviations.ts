// Which custom work became part of the offer that was sold, and is the offer still new?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { addDays, type Instant } from '../../events/instant.ts';
import type { Context } from '../context/context.ts';
import { type Offer, versionAt } from '../context/offer.ts';
import type { Facts } from '../engagement/facts.ts';
import { type Naming, namingsOf } from '../engagement/offerAsSold.ts';
import { inFoldOrder } from '../history.ts';
import { lastBefore } from '../time/sortedSearch.ts';

type Deviation = RecordedOf<'DeviationRecorded'>;
type Published = RecordedOf<'OfferPublished'>;

/** Finds the fact that names the offer at an instant: the latest proposal, else the opening. */
export const namingAt = (facts: Facts): ((at: Instant) => Naming | undefined) => {
  const namings = namingsOf(facts);
  const openings = namings.filter(({ type }) => type === 'EngagementOpened').sort(inFoldOrder);
  const proposals = namings.filter(({ type }) => type === 'SolutionProposed');
  return (at) =>
    lastBefore(proposals, ({ occurredAt }) => occurredAt > at) ??
    lastBefore(openings, ({ occurredAt }) => occurredAt > at);
};

/** The first version after the one that was sold that lists each feature, without the features that this one listed already. */
const firstListing = (offer: Offer, sold: number, now: Instant): ReadonlyMap<string, Published> => {
  const published = offer.versions.filter(({ occurredAt }) => occurredAt <= now);
  const before = new Set(published.flatMap(({ data }) => (data.version === sold ? (data.features ?? []) : [])));
  const listing = new Map<string, Published>();
  for (const version of published) {
    if (version.data.version <= sold) continue;
    for (const feature of version.data.features ?? [])
      if (!before.has(feature) && !listing.has(feature)) listing.set(feature, version);
  }
  return listing;
};

/** The customisations that became part of the offer, each with the version that took it in. */
export type Promotions = ReadonlyMap<RecordedEvent, Published>;

/**
 * The customisations whose feature a later version of the offer lists, each with the first such version that is published by `now`: from
 * its publication on, the work counts as part of the template. A deviation that names no feature is never found in one.
 */
export const promotionsOf = (facts: Facts, { offers }: Pick<Context, 'offers'>, now: Instant): Promotions => {
  const namedAt = namingAt(facts);
  const listings = new Map<Naming, ReadonlyMap<string, Published>>();
  const listingOf = (naming: Naming): ReadonlyMap<string, Published> => {
    const offer = offers.get(naming.data.offerId ?? '');
    const sold = naming.data.offerVersion ?? (offer && versionAt(offer, naming.occurredAt)?.data.version);
    return offer === undefined || sold === undefined ? new Map() : firstListing(offer, sold, now);
  };
  const listedFor = (deviation: Deviation): Published | undefined => {
    const naming = namedAt(deviation.occurredAt);
    if (naming === undefined || deviation.data.feature === undefined) return undefined;
    const known = listings.get(naming) ?? listingOf(naming);
    listings.set(naming, known);
    return known.get(deviation.data.feature);
  };
  return new Map(
    facts.of('DeviationRecorded').flatMap((deviation): readonly (readonly [RecordedEvent, Published])[] => {
      const listed = deviation.data.kind === 'customisation' ? listedFor(deviation) : undefined;
      return listed === undefined ? [] : [[deviation, listed]];
    }),
  );
};

/**
 * Whether the offer that was sold was still new at an instant: published for the first time at most `days` days before. False if no
 * version of it is known.
 */
export const isNewOffer = (
  facts: Facts,
  { offers }: Pick<Context, 'offers'>,
  { at, days }: { readonly at: Instant; readonly days: number },
): boolean => {
  if (days === 0) return false;
  const first = offers.get(namingAt(facts)(at)?.data.offerId ?? '')?.versions[0]?.occurredAt;
  return first !== undefined && first <= at && at < addDays(first, days);
};
