// Which organisations, customers too, are in the channel, and what is known about each?
import * as z from 'zod';
import { forEveryone, forParties, forVendor } from '../../events/audience.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Reference } from '../../events/envelope.ts';
import { PartyRole } from '../../events/fields.ts';
import { parseStreamId } from '../../events/identifiers.ts';
import { partyIdOf } from '../context/context.ts';
import { foldParty } from '../context/party.ts';
import { nameOf, referencesOf } from '../context/references.ts';
import { standing } from '../history.ts';
import { At, PartyId, partyName } from './commonColumns.ts';
import { dismissalIn } from './raisedFlags.ts';
import { byLeadPartner, type Columns, defineTable, type MadeRow, type ReferenceSource } from './table.ts';

const columns = () => ({
  ...forEveryone({
    partyId: PartyId.describe('The party: the id of its stream.'),
    party: partyName('The party'),
    leadPartnerId: PartyId.nullable().describe(
      'The party itself if it is a partner, so that it sees its own row; else null.',
    ),
    leadPartner: partyName('That partner'),
    lastEventId: z.string().nullable().describe('The last event, in order of occurrence, that the row depends on.'),
    policyVersion: z.null().describe('Always null: no policy applies to this table.'),
    system: z.string().nullable().describe('The outside system whose reference names the party.'),
    kind: z.string().nullable().describe('The kind of thing that it is in that system.'),
    externalId: z.string().nullable().describe('Its id in that system.'),
    nameRef: z.string().nullable().describe('A reference to its name, which is kept elsewhere.'),
    roles: z
      .array(PartyRole)
      .describe('The roles that it plays from `rolesFrom` on, as was said last; empty if only facts name it.'),
    rolesFrom: At.nullable().describe('Since when it plays these roles; may be in the future.'),
    rolesBefore: z.array(PartyRole).nullable().describe('The roles that it plays until then; null if there were none.'),
    country: z.string().nullable().describe('ISO 3166-1 alpha-2.'),
    currency: z.string().nullable().describe('The currency that it reports in, ISO 4217.'),
    calendarId: z.string().nullable().describe('The id of its calendar of holidays in the policy.'),
    tier: z.string().nullable().describe("Its tier in the vendor's programme."),
    segment: z.string().nullable().describe('The segment that messages about the account name.'),
    registeredAt: At.nullable().describe('When it was registered; null if only facts name it.'),
  }),
  ...forParties(['leadPartnerId'], {
    capacity: z
      .array(
        z.strictObject(
          forParties(['leadPartnerId'], {
            month: z.string().describe('The month, YYYY-MM.'),
            team: z.string().nullable().describe('The team, as a code; null: the whole organisation.'),
            availableMinutes: z.int().describe('The minutes of work that it can do in that month.'),
            declaredAt: At.describe('When it was declared last.'),
          }),
        ),
      )
      .describe(
        'What it declares that it can deliver, by month and team; empty: nobody declared it, which is not none.',
      ),
  }),
  ...forVendor({
    dismissals: z
      .array(
        z.strictObject(
          forVendor({
            flagId: z.string().describe('The flag.'),
            eventId: z.string().describe('The event that dismisses it.'),
            at: At.describe('From when on; may be in the future.'),
            until: At.nullable().describe('Until when; null: for good.'),
            reason: z.string().describe('Why: a code, or a reference to the text.'),
            by: z.string().nullable().describe('The person who says it, as a reference.'),
          }),
        ),
      )
      .describe(
        'The dismissals of flags of the party (`partner_flags`), in order of occurrence. For the vendor alone.',
      ),
  }),
});

const partnerRoles: ReadonlySet<string> = new Set(['distributor', 'isv', 'var', 'msp', 'si']);

/** The references that lead to the party by the links; one that people chose comes first, then by their keys. */
const leadingTo = (
  partyId: string,
  {
    stands,
    tenantId,
    links,
  }: Pick<ReferenceSource, 'links'> & { readonly stands: readonly RecordedEvent[]; readonly tenantId: string },
): readonly Reference[] => {
  const led = referencesOf(stands).filter((reference) => partyIdOf({ tenantId, links }, reference) === partyId);
  return led.toSorted((a, b) => Number(b.system === 'reference') - Number(a.system === 'reference'));
};

/** What it declared last of each month and team, in their order. */
const capacityOf = (stands: readonly RecordedEvent[]): Columns<typeof columns>['capacity'] => {
  const declared = stands.filter((event) => event.type === 'CapacityDeclared');
  const last = new Map(declared.map((event) => [`${event.data.month} ${event.data.team ?? ''}`, event]));
  return [...last]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { data, occurredAt }]) => ({
      ...{ month: data.month, team: data.team ?? null },
      ...{ availableMinutes: data.availableMinutes, declaredAt: occurredAt },
    }));
};

/**
 * The row of `parties`, from a party stream's recorded events in any order, and the links of the references in them.
 * None if no event stands, or if facts only named it and a link leads that name to another party.
 */
const partyRows = ({ events, links }: ReferenceSource): readonly MadeRow<'partyId', Columns<typeof columns>>[] => {
  const stands = standing({ events });
  const last = stands.at(-1);
  if (last === undefined) return [];
  const { registered, identified, name, roles: dated } = foldParty(stands);
  const { tenantId, id: partyId } = parseStreamId(last.streamId);
  const reference =
    registered?.data.party ?? identified?.data.customer ?? leadingTo(partyId, { stands, tenantId, links })[0];
  if (reference === undefined && stands.every(({ type }) => type === 'PartyNamed')) return [];
  const [before, current] = [dated.at(-2), dated.at(-1)];
  const isPartner = [before, current].some((said) => said?.roles.some((role) => partnerRoles.has(role)));
  const party = name ?? (reference === undefined ? null : nameOf(reference));
  const cells: Columns<typeof columns> = {
    partyId,
    party,
    leadPartnerId: isPartner ? partyId : null,
    leadPartner: isPartner ? party : null,
    lastEventId: last.eventId,
    policyVersion: null,
    system: reference?.system ?? null,
    kind: reference?.kind ?? null,
    externalId: reference?.id ?? null,
    nameRef: registered?.data.nameRef ?? null,
    roles: [...(current?.roles ?? [])],
    rolesFrom: current?.from ?? null,
    rolesBefore: before === undefined ? null : [...before.roles],
    country: registered?.data.country ?? identified?.data.country ?? null,
    currency: registered?.data.currency ?? null,
    calendarId: registered?.data.calendarId ?? null,
    tier: registered?.data.tier ?? null,
    segment: identified?.data.segment ?? null,
    registeredAt: registered?.occurredAt ?? null,
    capacity: capacityOf(stands),
    dismissals: stands.filter((event) => event.type === 'FlagDismissed').map(dismissalIn),
  };
  return [{ key: { partyId }, columns: cells }];
};

export const parties = defineTable({
  name: 'parties',
  describes: 'One organisation: vendor, distributor, marketplace, partner or customer.',
  grain: 'party',
  key: ['partyId'],
  columns,
  indexes: [byLeadPartner],
  rows: partyRows,
});
