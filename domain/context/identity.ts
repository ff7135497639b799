// Which link of an external id stands?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';

/**
 * The first link in fold order. A link to elsewhere never moves what the id already opened: such a link waits as
 * `needsMerge`.
 */
export const linkOf = (events: readonly RecordedEvent[]): RecordedOf<'IdentityLinked'> | undefined =>
  events.find((event) => event.type === 'IdentityLinked');
