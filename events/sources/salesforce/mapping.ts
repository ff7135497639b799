// In which fields does a Salesforce org keep what we need, and what do its words mean?
import * as z from 'zod';
import { Reference } from '../../envelope.ts';
import { RouteWords } from '../routeWords.ts';

const field = (name: string) => z.string().min(1).max(128).default(name);

type StageMeaning = 'proposed' | 'won' | 'lost' | 'open';

const salesforceStages: Readonly<Record<string, StageMeaning>> = { 'Closed Won': 'won', 'Closed Lost': 'lost' };

const opportunityFields = () =>
  z.strictObject({
    /** The reference that people chose for the engagement. */
    engagement: field('Engagement_Id__c'),
    customer: field('AccountId'),
    /** The lead partner: its code, or a lookup to its account. */
    partner: field('Sourcing_Partner__c'),
    route: field('Route_To_Market__c'),
    /** The route that the buyer prefers. */
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
    /** A picklist (never free text) that says why a deal closed. Absent: no reason is read. */
    closeReason: z.string().min(1).max(128).optional(),
  });

const orderFields = () =>
  z.strictObject({
    opportunity: field('OpportunityId'),
    contract: field('ContractId'),
    engagement: field('Engagement_Id__c'),
    customer: field('AccountId'),
    /** Its value counts as a route if the mapping or the usual words hold it. */
    route: field('Type'),
    total: field('TotalAmount'),
    currency: field('CurrencyIsoCode'),
    /** The fields for the purchase order's number that other parties also know. The first one with a value counts. */
    poNumbers: z.array(z.string().min(1).max(128)).max(5).default(['PoNumber', 'OrderReferenceNumber']),
    start: field('EffectiveDate'),
    end: field('EndDate'),
  });

const contractFields = () =>
  z.strictObject({
    opportunity: field('SBQQ__Opportunity__c'),
    engagement: field('Engagement_Id__c'),
    status: field('Status'),
  });

const accountFields = () =>
  z.strictObject({
    segment: field('Industry'),
    country: field('BillingAddress.CountryCode'),
  });

const outcomeFields = () =>
  z.strictObject({
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
 * A Salesforce connection's mapping. Everything has a default, so `{}` is a valid mapping. Names of fields are API names,
 * with a dot inside compound fields (`BillingAddress.CountryCode`). For example:
 *
 *     {
 *       "version": 2,
 *       "opportunity": { "partner": "Partner_Account__c", "offer": "Play__c" },
 *       "stages": { "Proposal/Price Quote": "proposed", "Verloren": "lost" },
 *       "routes": { "Via Arrowline": { "route": "two_tier" } },
 *       "renewalTypes": ["Renewal"]
 *     }
 */
export const salesforceMapping = () =>
  z.strictObject({
    version: z.int().min(0).default(0),
    opportunity: opportunityFields().prefault({}),
    order: orderFields().prefault({}),
    contract: contractFields().prefault({}),
    account: accountFields().prefault({}),
    outcome: outcomeFields().prefault({}),
    /**
     * What a stage's name means. `proposed` also says SolutionProposed. If the message holds neither IsClosed nor IsWon,
     * `won` and `lost` close a deal, and an update to a stage that is `open` or `proposed` reopens it. `open` also takes
     * the meaning away from one of Salesforce's own names (`Closed Won`, `Closed Lost`).
     */
    stages: z
      .record(z.string().min(1), z.enum(['proposed', 'won', 'lost', 'open']))
      .prefault({})
      .transform((stages) => ({ ...salesforceStages, ...stages })),
    /** The routes that the org's own words mean. They win over the usual words. */
    routes: RouteWords.prefault({}),
    /**
     * Opportunity types that renew the engagement that a reference names. They say RenewalProposed instead of
     * EngagementOpened.
     */
    renewalTypes: z.array(z.string().min(1)).max(20).default(['Renewal']),
    /** The lead partner of every engagement whose message names none. It is for a connection to a partner's own org. */
    leadPartner: Reference.optional(),
  });
export type SalesforceMapping = Readonly<z.infer<ReturnType<typeof salesforceMapping>>>;

/** What the org means by a stage's name. */
export const meaningOf = (mapping: SalesforceMapping, stageName: string | undefined): StageMeaning | undefined =>
  stageName !== undefined && Object.hasOwn(mapping.stages, stageName) ? mapping.stages[stageName] : undefined;
