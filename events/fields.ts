// Which schemas do the fields of several events share?
import * as z from 'zod';
import { holding } from './freeText.ts';

/** An id or a code: short text without line breaks. */
export const Id = holding(
  'code',
  z
    .string()
    .min(1)
    .max(256)
    .regex(/^[^\r\n]+$/, 'expected text on one line'),
);

const reference = () =>
  z
    .string()
    .min(1)
    .max(1024)
    .regex(/^[^\r\n]+$/, 'expected a reference on one line');

/** A reference to text or an artefact kept elsewhere: never the text itself. */
export const Ref = holding('code', reference());

/** A reference to a person, a role or a team: never a name. At the edge the table of names says who it is. */
export const PersonRef = holding('person', reference());

/** ISO 3166-1 alpha-2. */
export const Country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'expected an ISO 3166-1 code such as NO')
  .describe('A country, ISO 3166-1 alpha-2.');

/** Why a price is not known, as a code of its adapter: `metered`, `tiered`, `discounted`, … */
export const PriceReason = Id.optional().describe('Why the price is not known, as a code; absent if it is known.');

export const Minutes = z.int().min(0).max(10_000_000).describe('Whole minutes.');
export const Quantity = z.number().min(0).max(1e12);

export const PartyRole = z
  .enum(['vendor', 'distributor', 'marketplace', 'isv', 'var', 'msp', 'si', 'customer'])
  .describe('A role that an organisation plays in the channel.');

/** The four routes to market. */
export const Route = z.enum(['two_tier', 'direct', 'marketplace', 'co_sell']).describe('A route to market.');
export type Route = z.infer<typeof Route>;

export const Marketplace = z.enum(['aws', 'azure', 'google', 'other']).describe('A cloud marketplace.');

export const ComponentKind = z
  .enum(['base_licence', 'add_on_service', 'managed_service', 'implementation'])
  .describe('The kind of a component, and of the subscription that it becomes.');

/** ISO 8601 durations that billing uses: days, weeks, months or years. */
export const BillingPeriod = z
  .string()
  .regex(/^P[1-9]\d{0,2}[DWMY]$/, 'expected a duration of one unit, such as P1M, P4W or P1Y')
  .describe('The billing period: an ISO 8601 duration of days, weeks, months or years.');
export type BillingPeriod = z.infer<typeof BillingPeriod>;

export const ReportSection = z
  .enum(['adoption', 'compliance', 'security', 'business_impact'])
  .describe('The topic of a part of a report.');

/** Who may claim an order, in order of precedence. */
export const orderClaimants = ['seller_of_record', 'marketplace', 'distributor', 'crm'] as const;

/** What a participant may answer for. */
export const responsibilities = ['sell', 'bill', 'deliver', 'support', 'advise'] as const;
export const Responsibility = z.enum(responsibilities).describe('What a participant answers for.');
export type Responsibility = z.infer<typeof Responsibility>;
