// Which link of an external id stands?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { isClaim } from '../claims.ts';

/**
 * The first link in fold order; one that was said for a partner only where nobody else links the id. A link to elsewhere never
 * moves what the id already opened: its engagement is merged.
 */
export const linkOf = (events: readonly RecordedEvent[]): RecordedOf<'IdentityLinked'> | undefined => {
  const links = events.filter((event) => event.type === 'IdentityLinked');
  return links.find((link) => !isClaim(link)) ?? links[0];
};
