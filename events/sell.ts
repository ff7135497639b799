// Which facts does Sell record, from the opening of an engagement to the closing of its deal?
// These names are the storage format: new names may be added, but none may change.
import * as z from 'zod';
import { forEveryone, forLead } from './audience.ts';
import { define, everyone } from './definition.ts';
import { Reference } from './envelope.ts';
import { Country, Id, Marketplace, Ref, Route } from './fields.ts';
import { CalendarDate } from './instant.ts';
import { Currency, DealValue } from './money.ts';
import { participantEvents } from './sell/participants.ts';
import { promiseEvents } from './sell/promises.ts';
import { takenBackEvents } from './sell/takenBack.ts';

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
    because:
      'It says who leads. A partner opens only what it leads itself, and nothing that others began; of systems only CRMs are trusted with it.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            customer: Reference.optional().describe('The customer of the engagement.'),
            segment: Id.optional().describe("The customer's segment."),
            country: Country.optional(),
            leadPartner: Reference.optional().describe(
              'The lead partner; absent if the engagement is direct or not assigned yet.',
            ),
            offerId: Id.optional().describe('The offer that is sold; absent if the solution is bespoke.'),
            offerVersion: OfferVersion.optional(),
            campaignId: Id.optional().describe('The campaign that led to it.'),
            expectedClose: CalendarDate.optional().describe('The day on which the deal is expected to close.'),
            salesStage: Id.optional().describe('The stage of the sale, in the words of its source.'),
          }),
          ...forLead({
            parentEngagement: Id.optional().describe('The earlier engagement that led to it.'),
            expectedValue: DealValue.optional().describe('What the deal is expected to be worth.'),
            dealRegistration: Id.optional().describe('The registration that protects the deal for its partner.'),
          }),
        })
        .describe('An engagement opens: there is something to sell to a customer. It enters Sell.'),
  }),
  CustomerIdentified: define({
    version: 1,
    streams: ['engagement', 'party'],
    saidBy: everyone,
    because:
      'Whoever sells learns who buys. It decides in whose sums the engagement counts, so a partner, and a system that may not open engagements, can not move it to another customer.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            customer: Reference.describe('The customer, as its system names it.'),
            segment: Id.optional().describe("The customer's segment."),
            country: Country.optional(),
          }),
        )
        .describe('Says who the customer of an engagement is, or what is known about a customer account.'),
  }),
  PartnerAssigned: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because:
      'Who leads sees the engagement and speaks on it, so nobody assigns itself: of systems only CRMs are trusted with it.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            partner: Reference.nullable().describe('The lead partner from now on; null: nobody leads any more.'),
            by: z.enum(['connection', 'identity', 'person']).describe('What assigned the partner.'),
          }),
        )
        .describe(
          'A partner becomes the lead partner of the engagement. It may then see the engagement and record facts on it. With null, the last partner loses both at once.',
        ),
  }),
  DealRevised: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because: 'Whoever leads the sale knows its stage, forecast and price.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            salesStage: Id.nullable().optional().describe('The stage of the sale, in the words of its source.'),
            currency: Currency.optional().describe(
              "The currency of the deal's value, if the currency alone has changed. The amount stays as it was.",
            ),
            expectedClose: CalendarDate.nullable()
              .optional()
              .describe('The day on which the deal is expected to close.'),
          }),
          ...forLead({
            forecast: Id.nullable().optional().describe('The forecast category, in the words of its source.'),
            value: DealValue.nullable().optional().describe('What the deal is worth now.'),
          }),
        })
        .describe('The deal is revised. Fields that are absent stay as they were; null clears a field.'),
  }),
  ...participantEvents,
  OutcomeAgreed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because: 'The partner agrees it with the customer.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            outcomeId: Id.describe('The outcome, unique in the engagement.'),
            metric: Id.optional().describe('What is measured.'),
            unit: Id.optional().describe('The unit of the measure.'),
            baseline: z.number().optional().describe('The measure before, in that unit.'),
            target: z.number().optional().describe('The measure to reach, in that unit.'),
            due: CalendarDate.optional().describe('The day by which it is to be reached.'),
          }),
          ...forLead({
            statementRef: Ref.optional().describe('Where the outcome is written down.'),
          }),
        })
        .describe('The customer and the partner agree what is to be achieved.'),
  }),
  RouteAgreed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because: 'The partner agrees it with the customer.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            route: Route.describe('The route to market that the order is to take.'),
            buyerPreference: Route.optional().describe('The route that the buyer prefers.'),
            marketplace: Marketplace.optional().describe('The marketplace, if the route is one.'),
            reason: Ref.optional().describe('Why: a code, or a reference to the text.'),
            inSteps: z
              .boolean()
              .optional()
              .describe(
                'Whether the customer buys in several steps on purpose, so that orders follow later, or by other routes.',
              ),
          }),
          ...forLead(
            {
              distributor: Reference.optional().describe('The distributor, if the route has one.'),
            },
            ['distributor'],
          ),
        })
        .describe('The route by which the customer will buy is agreed, or changed.'),
  }),
  SolutionProposed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because: "The partner proposes it. Another's offer counts only once the vendor has named it too.",
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            offerId: Id.optional().describe('The offer that is proposed.'),
            offerVersion: OfferVersion.optional(),
            outcomeIds: z.array(Id).max(100).default([]).describe('The agreed outcomes that it should achieve.'),
          }),
          ...forLead({
            proposalRef: Ref.optional().describe('Where the proposal is kept.'),
            commitments: z.array(Commitment).max(100).default([]).describe('The capabilities that are promised.'),
            value: DealValue.optional().describe('The price that is asked.'),
            expiresAt: CalendarDate.optional().describe('The last day on which it is valid.'),
          }),
        })
        .describe('A solution is proposed to the customer.'),
  }),
  ...promiseEvents,
  DealClosed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because: 'Whoever leads the sale closes it; of systems only CRMs are trusted with it.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            result: z.enum(['won', 'lost']).describe('How the deal ended.'),
            reason: Ref.optional().describe('Why: a code, or a reference to the text.'),
          }),
          ...forLead({
            value: DealValue.optional().describe('What the deal is worth.'),
          }),
        })
        .describe('The deal is won, and the engagement enters Procure; or it is lost, and ends.'),
  }),
  ...takenBackEvents,
};
