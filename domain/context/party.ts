// What is known of an organisation? Its registration, and what customer messages said of it.
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';

export interface Party {
  readonly registered: RecordedOf<'PartyRegistered'> | undefined;
  /** The latest that a message about the account said. */
  readonly identified: RecordedOf<'CustomerIdentified'> | undefined;
}

/** Folds a party from its standing events. */
export const foldParty = (events: readonly RecordedEvent[]): Party => ({
  registered: events.filter((event) => event.type === 'PartyRegistered').at(-1),
  identified: events.filter((event) => event.type === 'CustomerIdentified').at(-1),
});
