// Does a partner's fact hang its engagement on another's offer or campaign, without the vendor's word?
// Translate and record call it; it reads offer and campaign streams through what it gets.
import { isNamedForVendor, originNamedBy } from '../../domain/engagement/foreignOffers.ts';
import type { Fact, RecordedEvent } from '../../events/catalog.ts';
import { type ExternalId, streamIdOf } from '../../events/identifiers.ts';

export interface OffersRead {
  /** The party id of the partner that says the fact. */
  readonly partner: string;
  /** The standing events of the engagement. */
  readonly engagement: readonly RecordedEvent[];
  readonly eventsOf: (streamId: string) => Promise<readonly RecordedEvent[]>;
  readonly partyIdOf: (party: ExternalId) => Promise<string | undefined>;
}

/**
 * Why the partner may not name the offer or campaign of its fact; undefined where it may: the offer is its own, or the vendor's, or
 * nobody's yet; the campaign is open to all, or the partner takes part in it; or a fact for the vendor names the same.
 */
export const offerOfOthers = async (
  fact: Pick<Fact, 'type' | 'data' | 'tenantId'>,
  { partner, engagement, eventsOf, partyIdOf }: OffersRead,
): Promise<string | undefined> => {
  const { offerId, campaignId } = originNamedBy(fact);
  const isSelf = async (party: ExternalId): Promise<boolean> => (await partyIdOf(party)) === partner;
  if (offerId !== undefined && !isNamedForVendor(engagement, 'offerId', offerId)) {
    for (const event of await eventsOf(streamIdOf(fact.tenantId, 'offer', offerId))) {
      const owner = event.type === 'OfferPublished' ? event.data.ownerPartner : undefined;
      if (owner !== undefined && !(await isSelf(owner)))
        return `offer ${offerId} is of another partner; leave offerId out, or ask the vendor to record a fact of this engagement that names it`;
    }
  }
  if (campaignId !== undefined && !isNamedForVendor(engagement, 'campaignId', campaignId)) {
    const launched = (await eventsOf(streamIdOf(fact.tenantId, 'campaign', campaignId))).findLast(
      ({ type }) => type === 'CampaignLaunched',
    );
    const partners = launched?.type === 'CampaignLaunched' ? launched.data.partners : [];
    const taking = await Promise.all(partners.map(isSelf));
    if (partners.length > 0 && !taking.includes(true))
      return `campaign ${campaignId} is of other partners; leave campaignId out, or ask the vendor to record a fact of this engagement that names it`;
  }
  return undefined;
};
