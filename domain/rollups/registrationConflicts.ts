// Which registrations of one customer and offer exclude each other, across engagements?
import * as z from 'zod';
import { builtOnce } from '../../events/builtOnce.ts';
import { Instant } from '../../events/instant.ts';
import { registrationConflicts as conflictsIn, type Protection } from '../engagement/sell/registrations.ts';
import { registrationConflicts as table } from '../rows/registrationConflicts.ts';
import { registrations } from '../rows/registrations.ts';
import { defineRollup, type Fed } from './rollup.ts';

/** One registration, and what people read of its parties. */
const FedRegistration = builtOnce(() =>
  z.strictObject({
    ...{ registrationId: z.string(), offerId: z.string().nullable(), from: Instant, until: Instant.nullable() },
    ...{ partnerId: z.string(), partner: z.string().nullable(), customer: z.string().nullable() },
  }),
);
type FedRegistration = z.output<ReturnType<typeof FedRegistration>>;

interface OfEngagement extends Protection {
  readonly engagementId: string;
  readonly said: FedRegistration;
}

/** Each registration once. Its id is unique in its engagement alone. */
const protectionsOf = (customer: string, fed: readonly Fed<FedRegistration>[]): readonly OfEngagement[] =>
  [...new Map(fed.map((each) => [`${each.owner}#${each.part}`, each]))].map(([registrationId, { owner, data }]) => ({
    ...{ registrationId, customer, partner: data.partnerId, offerId: data.offerId ?? undefined },
    ...{ from: data.from, until: data.until ?? undefined, engagementId: owner, said: data },
  }));

const rowOf = (
  customerId: string,
  { earlier, later }: { readonly earlier: OfEngagement; readonly later: OfEngagement },
) => {
  const key = {
    customerId,
    ...{ earlierEngagementId: earlier.engagementId, earlierRegistrationId: earlier.said.registrationId },
    ...{ laterEngagementId: later.engagementId, laterRegistrationId: later.said.registrationId },
  };
  return table.row({
    key,
    columns: {
      ...{ lastEventId: null, policyVersion: null, leadPartnerId: null, leadPartner: null },
      ...key,
      // Of two texts the first by itself holds, whatever came first.
      customer: [earlier.said, later.said].flatMap(({ customer }) => customer ?? []).sort()[0] ?? null,
      offerId: earlier.offerId === later.offerId ? (earlier.offerId ?? null) : null,
      ...{ earlierPartnerId: earlier.partner, earlierPartner: earlier.said.partner },
      ...{ earlierFrom: earlier.from, earlierUntil: earlier.until ?? null },
      ...{ laterPartnerId: later.partner, laterPartner: later.said.partner },
      ...{ laterFrom: later.from, laterUntil: later.until ?? null },
      conflictFrom: later.from,
      conflictUntil: [earlier.until, later.until].filter((end) => end !== undefined).sort()[0] ?? null,
    },
  });
};

export const registrationConflicts = defineRollup({
  name: 'registration_conflicts',
  describes: 'A customer: which registrations of its deals exclude each other, in one engagement or across them.',
  over: registrations,
  writes: table,
  buckets: 1,
  data: FedRegistration,
  contribute: (rows) =>
    rows.flatMap(({ columns }) => {
      const { registrationId, customerId, customer, partnerId, partner, offerId, until } = columns;
      if (customerId === null || partnerId === null) return [];
      const data = { registrationId, offerId, from: columns.registeredAt, until, partnerId, partner, customer };
      return [{ group: customerId, part: registrationId, spreadBy: customerId, data }];
    }),
  rowsOf: ({ group, fed }) => ({
    rows: conflictsIn(protectionsOf(group, fed)).map((conflict) => rowOf(group, conflict)),
    nextDueAt: undefined,
  }),
});
