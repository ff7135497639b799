// Which partner leads an engagement, and from when on?
import type { RecordedEvent } from '../../events/catalog.ts';
import type { ExternalId } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import { isClaim } from '../claims.ts';

/** A lead partner, from an instant on. `partner` is undefined if nobody leads from then on. */
export interface Lead {
  readonly at: Instant;
  readonly partner: ExternalId | undefined;
  readonly eventId: string;
}

const saysLead = (event: RecordedEvent): boolean =>
  event.type === 'PartnerAssigned' || (event.type === 'EngagementOpened' && event.data.leadPartner !== undefined);

/** Whether only partners have opened the engagement, and nobody for the vendor. `events` are its standing events. */
export const isOpenedByPartnerAlone = (events: readonly RecordedEvent[]): boolean => {
  const openings = events.filter(({ type }) => type === 'EngagementOpened');
  return openings.length > 0 && openings.every(isClaim);
};

/**
 * The lead partners by an engagement's standing events, in fold order. A partner's own opening makes it the lead only of what it
 * began: not where somebody has opened the engagement for the vendor, nor where the stream said already who leads. So a partner
 * can't claim a reference before the vendor uses it, nor date its lead back into the time of the partner before it.
 */
export const leadsOf = (events: readonly RecordedEvent[]): readonly Lead[] => {
  const words = events.filter(saysLead);
  const first = words.reduce((least, { version }) => Math.min(least, version), Number.POSITIVE_INFINITY);
  const byPartnerAlone = isOpenedByPartnerAlone(events);
  return words.flatMap((event): readonly Lead[] => {
    const { eventId, occurredAt: at } = event;
    if (event.type === 'PartnerAssigned') return [{ at, partner: event.data.partner ?? undefined, eventId }];
    if (event.type !== 'EngagementOpened') return [];
    if (isClaim(event) && (!byPartnerAlone || event.version !== first)) return [];
    return [{ at, partner: event.data.leadPartner, eventId }];
  });
};
