// What do registrations and messages say about an organisation, and which roles does it play when?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import { nameOf, referencesOf } from './references.ts';

/** A role in the channel. */
type Role = RecordedOf<'PartyRegistered'>['data']['roles'][number];

/** The roles of an organisation from an instant on: all that it plays then. */
export interface RolesFrom {
  readonly from: Instant;
  readonly roles: readonly Role[];
}

export interface Party {
  readonly registered: RecordedOf<'PartyRegistered'> | undefined;
  /** What the latest message about the account says. */
  readonly identified: RecordedOf<'CustomerIdentified'> | undefined;
  /** Its roles, in the order in which they begin; empty if it is not registered. */
  readonly roles: readonly RolesFrom[];
  /** What people read of it: a code that people chose, else the reference that it is registered with. */
  readonly name?: string | undefined;
}

/** What is said for a later time holds from then on; what is said for an earlier one, from when it was said. */
const rolesIn = (event: RecordedEvent): readonly RolesFrom[] => {
  if (event.type === 'PartyRegistered') return [{ from: event.occurredAt, roles: event.data.roles }];
  if (event.type !== 'PartyRolesChanged') return [];
  const { roles, effectiveFrom = event.occurredAt } = event.data;
  return [{ from: effectiveFrom > event.occurredAt ? effectiveFrom : event.occurredAt, roles }];
};

const rolesSaid = (events: readonly RecordedEvent[]): readonly RolesFrom[] =>
  events.flatMap(rolesIn).sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));

/** Folds a party from its standing events. */
export const foldParty = (events: readonly RecordedEvent[]): Party => {
  const registered = events.filter((event) => event.type === 'PartyRegistered').at(-1);
  const identified = events.filter((event) => event.type === 'CustomerIdentified').at(-1);
  const said = registered?.data.party;
  const code = said?.system === 'reference' ? said : referencesOf(events).find(({ system }) => system === 'reference');
  const named = code ?? said;
  return { registered, identified, roles: rolesSaid(events), name: named === undefined ? undefined : nameOf(named) };
};

/** The roles that a party plays at an instant: before its registration, those that it is registered with. Undefined if it is not. */
export const rolesAt = (party: Party | undefined, at: Instant): readonly Role[] | undefined => {
  const dated = party?.roles ?? [];
  return (dated.findLast(({ from }) => from <= at) ?? dated[0])?.roles;
};
