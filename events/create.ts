// Which facts does Create record about the offers that partners publish?
// These names are the storage format: new names may be added, but none may change.
import * as z from 'zod';
import { forEveryone, forParties } from './audience.ts';
import { define, everyone } from './definition.ts';
import { Reference } from './envelope.ts';
import { BillingPeriod, ComponentKind, Id, Marketplace, Minutes, Ref, Route } from './fields.ts';
import { Price } from './money.ts';

const OutcomeTemplate = z.strictObject({
  metric: Id.describe('What is measured.'),
  unit: Id.describe('The unit of the measure.'),
  defaultTarget: z.number().optional().describe('The target if the customer names none, in that unit.'),
});

const Component = z.strictObject({
  ...forParties(['ownerPartner'], {
    componentId: Id.describe('The id of the component, unique in the offer.'),
    kind: ComponentKind,
    vasKind: z
      .enum(['backup', 'security', 'compliance', 'optimisation'])
      .optional()
      .describe('The kind of value-added service.'),
    provider: Reference.optional().describe('Who provides it.'),
    listPrice: Price.optional().describe('Its list price for a billing period.'),
    billingPeriod: BillingPeriod.optional(),
    minTerm: BillingPeriod.optional().describe('The shortest term for which it is sold.'),
    cost: Price.optional().describe('What it costs its owner for a billing period.'),
  }),
});

export const createEvents = {
  OfferPublished: define({
    version: 1,
    streams: ['offer'],
    saidBy: everyone,
    because:
      "Whoever designs an offer publishes it. The system of a partner publishes only offers of its own; a partner's people record on engagements alone.",
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            offerId: Id.describe('The offer; it names the stream.'),
            version: z.int().min(1).describe('The version of the offer, counting up from 1.'),
          }),
          ...forParties(['ownerPartner'], {
            ownerPartner: Reference.optional().describe('The partner that designed it.'),
            outcomeTemplates: z
              .array(OutcomeTemplate)
              .max(100)
              .default([])
              .describe('What the offer promises to achieve.'),
            components: z.array(Component).min(1).max(100).describe('What the offer consists of.'),
            capabilities: z.array(Id).max(200).default([]).describe('The capabilities that a proposal may promise.'),
            templateRef: Ref.optional().describe('Its delivery template; an offer with one is repeatable.'),
            plannedMinutes: Minutes.optional().describe('The effort that a delivery is planned to take.'),
            features: z
              .array(Id)
              .max(200)
              .optional()
              .describe(
                'What its delivery template includes, as codes. A customisation that a later version lists is one no more.',
              ),
          }),
          // A flag that cites the offer of another partner rests on its id, its version and its routes.
          ...forEveryone({
            routes: z.array(Route).max(4).default([]).describe('The routes by which it can be sold.'),
          }),
          ...forParties(['ownerPartner'], {
            marketplaces: z.array(Marketplace).max(10).default([]).describe('The marketplaces that list it.'),
            segments: z.array(Id).max(100).default([]).describe('The segments that it is made for.'),
          }),
        })
        .describe('A version of an offer is published: from then on it can be sold.'),
  }),
  OfferRetired: define({
    version: 1,
    streams: ['offer'],
    saidBy: everyone,
    because: 'Whoever designs an offer retires it; the system of a partner only offers of its own.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            offerId: Id.describe('The offer; it names the stream.'),
            reason: Ref.optional().describe('Why: a code, or a reference to the text.'),
          }),
        )
        .describe('An offer is retired: from then on it is not to be proposed. A new version brings it back.'),
  }),
};
