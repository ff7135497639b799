// Where does an org keep what Throughline needs? The names of its fields and the meaning of its words, each with a default.
import * as z from 'zod';
import { Reference } from '../../envelope.ts';
import { RouteWords } from '../routeWords.ts';

const field = (name: string) => z.string().min(1).max(128).default(name);

type StageMeaning = 'proposed' | 'won' | 'lost' | 'open';

const salesforceStages: Readonly<Record<string, StageMeaning>> = { 'Closed Won': 'won', 'Closed Lost': 'lost' };

const OpportunityFields = z.strictObject({
  /** The reference that people chose for the engagement. */
  engagement: field('Engagement_Id__c'),
  customer: field('AccountId'),
  /** The partner that leads: its code, or a lookup to its account. */
  partner: field('Sourcing_Partner__c'),
  route: field('Route_To_Market__c'),
  /** The route that the buyer would rather take. */
  buyerPreference: field('Preferred_Route__c'),
  offer: field('Offer_Id__c'),
  offerVersion: field('Offer_Version__c'),
  campaign: field('Campaign_Id__c'),
  segment: field('Segment__c'),
  country: field('Country_Code__c'),
  dealRegistration: field('Deal_Registration__c'),
  amount: field('Amount'),
  currency: field('CurrencyIsoCode'),
  forecast: field('ForecastCategory'),
  closeDate: field('CloseDate'),
  type: field('Type'),
  /** A picklist (never free text) that says why a deal closed; absent: no reason is taken. */
  closeReason: z.string().min(1).max(128).optional(),
});

const OrderFields = z.strictObject({
  opportunity: field('OpportunityId'),
  contract: field('ContractId'),
  engagement: field('Engagement_Id__c'),
  customer: field('AccountId'),
  /** Its value is a route where it is one of the words known. */
  route: field('Type'),
  total: field('TotalAmount'),
  currency: field('CurrencyIsoCode'),
  /** The purchase order's number, as the other parties to the order know it: the first of these that is filled. */
  poNumbers: z.array(z.string().min(1).max(128)).max(5).default(['PoNumber', 'OrderReferenceNumber']),
  start: field('EffectiveDate'),
  end: field('EndDate'),
});

const ContractFields = z.strictObject({
  opportunity: field('SBQQ__Opportunity__c'),
  engagement: field('Engagement_Id__c'),
  status: field('Status'),
});

const AccountFields = z.strictObject({
  segment: field('Industry'),
  country: field('BillingAddress.CountryCode'),
});

const OutcomeFields = z.strictObject({
  /** The platform event's name. */
  event: field('Outcome_Agreed__e'),
  key: field('Event_Key__c'),
  engagement: field('Engagement_Id__c'),
  opportunity: field('Opportunity_Id__c'),
  metric: field('Metric__c'),
  unit: field('Unit__c'),
  baseline: field('Baseline_Value__c'),
  target: field('Target_Value__c'),
  due: field('Due_Date__c'),
});

/**
 * A Salesforce connection's mapping. Everything has a default, so that `{}` is one; names of fields are API names, with a dot
 * inside compound fields (`BillingAddress.CountryCode`). For example:
 *
 *     {
 *       "version": 2,
 *       "opportunity": { "partner": "Partner_Account__c", "offer": "Play__c" },
 *       "stages": { "Proposal/Price Quote": "proposed", "Verloren": "lost" },
 *       "routes": { "Via Arrowline": { "route": "two_tier" } },
 *       "renewalTypes": ["Renewal"]
 *     }
 */
export const SalesforceMapping = z.strictObject({
  version: z.int().min(0).default(0),
  opportunity: OpportunityFields.prefault({}),
  order: OrderFields.prefault({}),
  contract: ContractFields.prefault({}),
  account: AccountFields.prefault({}),
  outcome: OutcomeFields.prefault({}),
  /**
   * What a stage's name means: `proposed` also says SolutionProposed; `won` and `lost` close a deal where the message holds
   * neither IsClosed nor IsWon; `open` takes the meaning from one of Salesforce's own names (`Closed Won`, `Closed Lost`).
   */
  stages: z
    .record(z.string().min(1), z.enum(['proposed', 'won', 'lost', 'open']))
    .prefault({})
    .transform((stages) => ({ ...salesforceStages, ...stages })),
  /** The meaning of the org's words for routes, before the usual ones. */
  routes: RouteWords.prefault({}),
  /** Opportunity types that renew what a reference names: they say RenewalProposed in place of EngagementOpened. */
  renewalTypes: z.array(z.string().min(1)).max(20).default(['Renewal']),
  /** The partner of every engagement whose message names none: for a connection to a partner's own org. */
  leadPartner: Reference.optional(),
});
export type SalesforceMapping = Readonly<z.infer<typeof SalesforceMapping>>;

/** What the org means by a stage's name. */
export const meaningOf = (mapping: SalesforceMapping, stageName: string | undefined): StageMeaning | undefined =>
  stageName !== undefined && Object.hasOwn(mapping.stages, stageName) ? mapping.stages[stageName] : undefined;
