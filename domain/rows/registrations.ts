// Which deals are registered for which partner, until when, and which registrations exclude each other?
import * as z from 'zod';
import { forEveryone, forSeers, forVendor } from '../../events/audience.ts';
import type { RecordedOf } from '../../events/catalog.ts';
import { partyIdOf } from '../context/context.ts';
import { type Registration, registrationConflicts, registrationsOf } from '../engagement/sell/registrations.ts';
import { At, CustomerName, carriedByEngagement, PartnerName, PartyId } from './commonColumns.ts';
import { carried, type RowContext } from './rowContext.ts';
import { seenBy, seenByColumn } from './seenBy.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

/** When it was registered, on both clocks. */
const clocks = () => ({
  registeredAt: At.describe('When it was registered, in the world.'),
  recordedAt: At.describe('When that became known here.'),
});

const until = () =>
  At.nullable().describe('When its protection ends: after its last day, UTC. Null: nobody said when.');

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    registrationId: z.string().describe('The registration.'),
    registeredEvent: z.string().describe('The event that says it last, such as its extension.'),
    ...clocks(),
  }),
  ...forVendor({ registrationSeenBy: seenByColumn('whose deal it is, for whom it is protected and until when') }),
  ...forSeers(
    { seenBy: 'registrationSeenBy', from: 'registeredEvent' },
    {
      customerId: PartyId.nullable().describe('The customer whose deal is registered.'),
      customer: CustomerName,
      partnerId: PartyId.nullable().describe('The partner for whom it is protected.'),
      partner: PartnerName,
      offerId: z.string().nullable().describe('The offer that is registered; null: whatever the customer buys.'),
      until: until(),
      state: z
        .enum(['protected', 'over'])
        .nullable()
        .describe(
          'Whether it protects the deal now, or on the date asked for. Computed when the row is read, so it is null in the stored item.',
        ),
    },
  ),
  ...forVendor({ conflictsSeenBy: seenByColumn('the conflicts: all that may see each of the registrations') }),
  ...forSeers(
    { seenBy: 'conflictsSeenBy' },
    {
      conflicts: z
        .array(
          z.strictObject(
            forEveryone({
              registrationId: z.string().describe('The other registration.'),
              partnerId: PartyId.describe('The partner for whom it is protected.'),
              partner: PartnerName,
              ...clocks(),
              until: until(),
            }),
          ),
        )
        .describe(
          'The registrations of this engagement that protect the same customer and offer for another partner at the same time. Those across engagements stand in `registration_conflicts`, for the vendor.',
        ),
    },
  ),
});

type Registered = RecordedOf<'DealRegistered'>;

/** What each registration was first, and last. */
const saidOf = ({ events }: Registration): { readonly first: Registered; readonly last: Registered } | undefined => {
  const [first, last] = [events[0], events.at(-1)];
  return first === undefined || last === undefined ? undefined : { first, last };
};

const registrationRows = (rowContext: RowContext) => {
  const { engagement, context, nameOfParty, seersOf } = rowContext;
  const registrations = registrationsOf(engagement, (party) => partyIdOf(context, party));
  const others = Map.groupBy(
    registrationConflicts(registrations).flatMap(({ earlier, later }) => [
      { of: earlier.registrationId, other: later },
      { of: later.registrationId, other: earlier },
    ]),
    ({ of }) => of,
  );
  return registrations.flatMap((registration) => {
    const said = saidOf(registration);
    if (said === undefined) return [];
    const { registrationId, customer, partner, offerId } = registration;
    const excluding = (others.get(registrationId) ?? []).flatMap(({ other }) => {
      const saidOfOther = saidOf(other);
      return saidOfOther === undefined ? [] : [{ other, ...saidOfOther }];
    });
    const cells: Columns<typeof columns> = {
      ...carried(rowContext, said.last.eventId),
      registrationId,
      registeredEvent: said.last.eventId,
      ...{ registeredAt: said.first.occurredAt, recordedAt: said.first.recordedAt },
      registrationSeenBy: seenBy([seersOf(said.last, 'partner')]),
      ...{ customerId: customer, customer: nameOfParty(customer), partnerId: partner, partner: nameOfParty(partner) },
      ...{ offerId: offerId ?? null, until: registration.until ?? null, state: null },
      conflictsSeenBy: seenBy(
        [said.last, ...excluding.map(({ last }) => last)].map((event) => seersOf(event, 'partner')),
      ),
      conflicts: excluding.map(({ other, first }) => ({
        ...{ registrationId: other.registrationId, partnerId: other.partner, partner: nameOfParty(other.partner) },
        ...{ registeredAt: first.occurredAt, recordedAt: first.recordedAt, until: other.until ?? null },
      })),
    };
    return [{ key: { engagementId: cells.engagementId, registrationId }, columns: cells }];
  });
};

export const registrations = defineTable({
  name: 'registrations',
  describes: 'One registration of a deal for a partner, with what excludes it.',
  grain: 'engagement',
  key: ['engagementId', 'registrationId'],
  columns,
  indexes: [byLeadPartner],
  rows: registrationRows,
  whenRead: ({ until: ends }, at) => ({ state: typeof ends === 'string' && ends <= at ? 'over' : 'protected' }),
  turns: () => [],
});
