// Which party of a tenant does a text name, and is there such a party?
// `npm run connect`, `token` and `record` call it before they let anybody speak for a partner; it reads streams of the events table.
import { streamIdOf } from '../../../events/identifiers.ts';
import { createIdentityResolver } from '../../../functions/intake/identityResolver.ts';
import { createKnownIds } from '../../../functions/intake/knownIds.ts';
import { createDynamoEventStore } from '../../../functions/store/dynamoEventStore.ts';
import { refuse } from '../../local/core/refusal.ts';
import type { Target } from '../target.ts';

export interface PartyAsked {
  readonly tenant: string;
  /** Its party id, the code that people chose (NORTHWIND), or an external id (system/kind/id). */
  readonly party: string;
}

/** As long as an external id may be. */
const longestText = 900;

/** The party id of that text. Refuses a text that names no party: who speaks for nobody would see nothing, and say nothing. */
export async function knownParty(
  { dynamo, output, name }: Pick<Target, 'dynamo' | 'output' | 'name'>,
  { tenant, party }: PartyAsked,
): Promise<string> {
  const store = createDynamoEventStore({ client: dynamo, table: output('EventsTable') });
  const identities = createIdentityResolver({ store, now: () => new Date().toISOString() });
  const isPossible = party !== '' && Buffer.byteLength(party) <= longestText;
  const id = isPossible ? await createKnownIds(identities).party(tenant, party) : party;
  if (isPossible && (await identities.hasBegun(streamIdOf(tenant, 'party', id)))) return id;
  return refuse(
    `Tenant ${tenant} has no party "${party.slice(0, 80)}" in ${name}. A party is known once a fact names it. npm run export -- parties --tenant ${tenant} shows them: name it by its id, its code, or system/kind/id. A vendor registers a new one: npm run record -- PartyRegistered --tenant ${tenant} 'party={"system":"reference","kind":"partner","id":"CODE"}' 'roles=["msp"]'`,
  );
}
