// Which columns does every row have, whatever its table?
import * as z from 'zod';
import { forEveryone } from '../../events/audience.ts';
import { Instant } from '../../events/instant.ts';

/** A point in time in a cell. */
export const At = Instant;

/** A party's id in a cell: the UUID of its party stream. */
export const PartyId = z.string();

/** What people read of a party beside its id, never a name of a person. */
const readable =
  'its code if people chose one (`NORTHWIND`), else `system/kind/id` as its source names it; null if none is known.';

/** What people read of a party; `who` says which. */
export const partyName = (who: string) => z.string().nullable().describe(`${who}: ${readable}`);

export const CustomerName = partyName('The customer');
export const PartnerName = partyName('The partner');

/** Columns of every row of an engagement. */
export const carriedByEngagement = () =>
  forEveryone({
    engagementId: z.string().describe('The engagement: the id of its stream.'),
    reference: z
      .string()
      .nullable()
      .describe('The reference that people chose for the engagement, as it was last named; null if none was.'),
    leadPartnerId: PartyId.nullable().describe(
      'The lead partner of the engagement now; null if none is assigned (direct, or not known yet).',
    ),
    leadPartner: partyName('The lead partner'),
    lastEventId: z.string().nullable().describe('The last event, in order of occurrence, that the row depends on.'),
    policyVersion: z
      .int()
      .nullable()
      .describe(
        'The version of the policy in force, of a flag or deadline the one in force when it was opened; 0 means the built-in defaults.',
      ),
  });

/** The columns of every row of a group. Such a row depends on many engagements and on no policy. */
export const carriedByGroup = () => ({
  lastEventId: z.null().describe('Always null: the row depends on the facts of many engagements.'),
  policyVersion: z.null().describe('Always null: no policy applies to this table.'),
});

/** The column of rows that keep the lead partner of the time when they began. */
export const ledBy = PartyId.nullable().describe('The lead partner when this began; null if there was none.');

/** Integer minor units of the currency beside it. */
export const Minor = z.int().nullable();

/** An ISO 4217 code beside an amount. */
export const CurrencyCode = z.string().nullable();
