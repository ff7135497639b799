// From when on does an event count, and when does it take effect?
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';

/** From when on an event counts. A policy holds from its date, whenever it was published. */
export const countsFrom = (event: RecordedEvent): Instant =>
  event.type === 'PolicyPublished' ? event.data.effectiveFrom : event.occurredAt;

const announcedFor = (event: RecordedEvent): Instant | undefined => {
  switch (event.type) {
    case 'SubscriptionSuspended':
    case 'SubscriptionReinstated':
    case 'SubscriptionChanged':
    case 'SubscriptionEnded':
    case 'CancellationAnnounced':
      return event.data.effectiveAt;
    case 'PartyRolesChanged':
      return event.data.effectiveFrom;
    default:
      return undefined;
  }
};

/** When an event takes effect: what is announced for a later time does so then. */
export const takesEffectAt = (event: RecordedEvent): Instant => {
  const [from, announced] = [countsFrom(event), announcedFor(event)];
  return announced !== undefined && announced > from ? announced : from;
};
