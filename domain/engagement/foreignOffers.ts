// Which offers does only a partner name for an engagement although they are another's?
import type { RecordedEvent } from '../../events/catalog.ts';
import { unconfirmedIn } from '../claims.ts';
import { type Context, partyIdOf } from '../context/context.ts';

/** What a fact names of an engagement's origin: the offer that is sold, the campaign that led to it. */
export const originNamedBy = (event: {
  readonly type: string;
  readonly data: object;
}): { readonly offerId?: string; readonly campaignId?: string } =>
  event.type === 'EngagementOpened' || event.type === 'SolutionProposed' ? event.data : {};

/**
 * Whether a fact that no partner said, or that the vendor confirmed, names that offer or campaign for the engagement of these
 * standing events.
 */
export const isNamedForVendor = (
  events: readonly RecordedEvent[],
  field: 'offerId' | 'campaignId',
  id: string,
): boolean => {
  const isUnconfirmed = unconfirmedIn(events);
  return events.some((event) => !isUnconfirmed(event) && originNamedBy(event)[field] === id);
};

const isForeign = (
  { saidBy }: RecordedEvent,
  offerId: string,
  { offers, ...context }: Pick<Context, 'offers' | 'tenantId' | 'links'>,
): boolean =>
  (offers.get(offerId)?.versions ?? []).some(
    ({ data: { ownerPartner } }) => ownerPartner !== undefined && partyIdOf(context, ownerPartner) !== saidBy?.partyId,
  );

export interface WithOffers {
  /** The events, without the offers that don't count. */
  readonly events: readonly RecordedEvent[];
  /** The facts whose offers don't count, as they were said. */
  readonly leftOut: readonly RecordedEvent[];
}

/**
 * What a partner says of its engagement can't hang it on another's offer: it counts without the offer, until a fact that no
 * partner said names the same offer, or the vendor confirms it. `events` are the standing events in fold order; who owns an offer is asked at the context's
 * instant, so that an offer which is published later counts too.
 */
export const withoutForeignOffers = (
  events: readonly RecordedEvent[],
  context: Pick<Context, 'offers' | 'tenantId' | 'links'>,
): WithOffers => {
  const isUnconfirmed = unconfirmedIn(events);
  const leftOut = events.filter((event) => {
    const { offerId } = isUnconfirmed(event) ? originNamedBy(event) : {};
    return offerId !== undefined && !isNamedForVendor(events, 'offerId', offerId) && isForeign(event, offerId, context);
  });
  if (leftOut.length === 0) return { events, leftOut };
  const stripped = events.map((event): RecordedEvent => {
    if (!leftOut.includes(event)) return event;
    switch (event.type) {
      case 'EngagementOpened': {
        const { offerId: _offer, offerVersion: _version, ...data } = event.data;
        return { ...event, data };
      }
      case 'SolutionProposed': {
        const { offerId: _offer, offerVersion: _version, ...data } = event.data;
        return { ...event, data };
      }
      default:
        return event;
    }
  });
  return { events: stripped, leftOut };
};
