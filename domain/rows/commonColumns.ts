// What does every row carry, whatever its table? Whose it is, the event that it rests on last, and the policy that it was made by.
import * as z from 'zod';
import { forEveryone } from '../../events/audience.ts';
import { Instant } from '../../events/instant.ts';

/** A point in time in a cell. */
export const At = Instant;

/** A party's id in a cell: the UUID of its party stream. */
export const PartyId = z.string();

/** Columns of every row of an engagement. */
export const carriedByEngagement = forEveryone({
  engagementId: z.string().describe('The engagement: the id of its stream.'),
  leadPartnerId: PartyId.nullable().describe(
    'The partner that leads the engagement now; null where none is assigned (direct, or not known yet).',
  ),
  lastEventId: z.string().nullable().describe('The last event, in the order of occurrence, that the row rests on.'),
  policyVersion: z.int().nullable().describe('The version of the policy in force; 0 stands for the built-in defaults.'),
});

/** Columns of every row of a group, which rests on many engagements and on no policy. */
export const carriedByGroup = {
  lastEventId: z.null().describe('Always null: the row rests on the facts of many engagements.'),
  policyVersion: z.null().describe('Always null: no policy bears on this table.'),
};

/** The column of rows that keep who led when they began. */
export const ledBy = PartyId.nullable().describe('The partner that led when this began; null where none did.');

/** Integer minor units of the currency beside it. */
export const Minor = z.int().nullable();

/** An ISO 4217 code beside an amount. */
export const CurrencyCode = z.string().nullable();
