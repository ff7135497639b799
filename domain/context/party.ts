// What do registrations and messages say about an organisation?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { nameOf, referencesOf } from './references.ts';

export interface Party {
  readonly registered: RecordedOf<'PartyRegistered'> | undefined;
  /** What the latest message about the account says. */
  readonly identified: RecordedOf<'CustomerIdentified'> | undefined;
  /** What people read of it: a code that people chose, else the reference that it is registered with. */
  readonly name?: string | undefined;
}

/** Folds a party from its standing events. */
export const foldParty = (events: readonly RecordedEvent[]): Party => {
  const registered = events.filter((event) => event.type === 'PartyRegistered').at(-1);
  const identified = events.filter((event) => event.type === 'CustomerIdentified').at(-1);
  const said = registered?.data.party;
  const code = said?.system === 'reference' ? said : referencesOf(events).find(({ system }) => system === 'reference');
  const named = code ?? said;
  return { registered, identified, name: named === undefined ? undefined : nameOf(named) };
};
