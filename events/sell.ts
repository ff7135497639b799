// What is said in Sell? An engagement opens, its customer, partner, outcomes and route are agreed, and the deal closes.
// These names are the storage format: they never change, they are only added to.
import * as z from 'zod';
import { forEveryone } from './audience.ts';
import { define, everyone } from './definition.ts';
import { Reference } from './envelope.ts';
import { Country, Id, Marketplace, Ref, Route } from './fields.ts';
import { CalendarDate } from './instant.ts';
import { DealValue } from './money.ts';

const OfferVersion = z.int().min(1).describe('The version of the offer, from 1.');

const Commitment = z.strictObject({
  id: Id.describe('The commitment, unique in the proposal.'),
  capability: Id.describe('The capability that is promised.'),
});

export const sellEvents = {
  EngagementOpened: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z
      .strictObject(
        forEveryone({
          customer: Reference.optional().describe('Whom it is for.'),
          segment: Id.optional().describe("The customer's segment."),
          country: Country.optional(),
          leadPartner: Reference.optional().describe(
            'The partner that leads it; absent where it is direct or unassigned.',
          ),
          offerId: Id.optional().describe('The offer that is sold; absent where it is bespoke.'),
          offerVersion: OfferVersion.optional(),
          campaignId: Id.optional().describe('The campaign that it came of.'),
          parentEngagement: Id.optional().describe('The engagement that it grew out of.'),
          expectedValue: DealValue.optional().describe('What the deal is expected to be worth.'),
          expectedClose: CalendarDate.optional().describe('The day on which the deal is expected to close.'),
          salesStage: Id.optional().describe('The stage of the sale, in the words of its source.'),
          dealRegistration: Id.optional().describe('The registration that protects the deal for its partner.'),
        }),
      )
      .describe('An engagement opens: a customer is to be won for something. It enters Sell.'),
  }),
  CustomerIdentified: define({
    version: 1,
    streams: ['engagement', 'party'],
    saidBy: everyone,
    data: z
      .strictObject(
        forEveryone({
          customer: Reference.describe('The customer, as its system names it.'),
          segment: Id.optional().describe("The customer's segment."),
          country: Country.optional(),
        }),
      )
      .describe('Who the customer is: of an engagement, or of the account that a message is about.'),
  }),
  PartnerAssigned: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    data: z
      .strictObject(
        forEveryone({
          partner: Reference.describe('The partner that leads from now on.'),
          by: z.enum(['connection', 'identity', 'person']).describe('What assigned it.'),
        }),
      )
      .describe('A partner is given the lead of the engagement: it sees it, and may record on it.'),
  }),
  DealRevised: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z
      .strictObject(
        forEveryone({
          salesStage: Id.optional().describe('The stage of the sale, in the words of its source.'),
          forecast: Id.optional().describe('The forecast category, in the words of its source.'),
          value: DealValue.optional().describe('What the deal is worth now.'),
          expectedClose: CalendarDate.optional().describe('The day on which the deal is expected to close.'),
        }),
      )
      .describe('The deal is revised; what it does not say stays as it was.'),
  }),
  OutcomeAgreed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z
      .strictObject(
        forEveryone({
          outcomeId: Id.describe('The outcome, unique in the engagement.'),
          statementRef: Ref.optional().describe('Where the outcome is written down.'),
          metric: Id.optional().describe('What is measured.'),
          unit: Id.optional().describe('The unit of the measure.'),
          baseline: z.number().optional().describe('The measure before, in that unit.'),
          target: z.number().optional().describe('The measure to reach, in that unit.'),
          due: CalendarDate.optional().describe('The day by which it is to be reached.'),
        }),
      )
      .describe('The customer and the partner agree what is to be achieved.'),
  }),
  RouteAgreed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z
      .strictObject(
        forEveryone({
          route: Route.describe('The route to market that the order is to take.'),
          buyerPreference: Route.optional().describe('The route that the buyer would rather take.'),
          marketplace: Marketplace.optional().describe('The marketplace, where the route is one.'),
          distributor: Reference.optional().describe('The distributor, where the route has one.'),
          reason: Ref.optional().describe('Why: a code, or where it is written.'),
        }),
      )
      .describe('The route by which the customer will buy is agreed, or changed.'),
  }),
  SolutionProposed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z
      .strictObject(
        forEveryone({
          proposalRef: Ref.optional().describe('Where the proposal is kept.'),
          offerId: Id.optional().describe('The offer that is proposed.'),
          offerVersion: OfferVersion.optional(),
          outcomeIds: z.array(Id).max(100).default([]).describe('The agreed outcomes that it serves.'),
          commitments: z.array(Commitment).max(100).default([]).describe('What is promised to be delivered.'),
          value: DealValue.optional().describe('What is asked for it.'),
          expiresAt: CalendarDate.optional().describe('The last day on which it holds.'),
        }),
      )
      .describe('A solution is proposed to the customer.'),
  }),
  DealClosed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z
      .strictObject(
        forEveryone({
          result: z.enum(['won', 'lost']).describe('How the deal ended.'),
          reason: Ref.optional().describe('Why: a code, or where it is written.'),
          value: DealValue.optional().describe('What the deal is worth.'),
        }),
      )
      .describe('The deal is won, and the engagement enters Procure; or it is lost, and ends.'),
  }),
};
