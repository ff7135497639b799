// Where does an external id lead? To what the link that stands in its identity stream says.
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';

/**
 * The link that stands: the first in fold order, so that what an id once opened stays where it is whatever arrives later
 * (a link that would lead it elsewhere waits as `needsMerge`).
 */
export const linkOf = (events: readonly RecordedEvent[]): RecordedOf<'IdentityLinked'> | undefined =>
  events.find((event) => event.type === 'IdentityLinked');
