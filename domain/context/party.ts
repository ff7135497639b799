// What do registrations and messages say about an organisation?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';

export interface Party {
  readonly registered: RecordedOf<'PartyRegistered'> | undefined;
  /** What the latest message about the account says. */
  readonly identified: RecordedOf<'CustomerIdentified'> | undefined;
}

/** Folds a party from its standing events. */
export const foldParty = (events: readonly RecordedEvent[]): Party => ({
  registered: events.filter((event) => event.type === 'PartyRegistered').at(-1),
  identified: events.filter((event) => event.type === 'CustomerIdentified').at(-1),
});
