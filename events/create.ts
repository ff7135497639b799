// What is said in Create? A partner designs a repeatable offer and publishes it.
// These names are the storage format: they never change, they are only added to.
import * as z from 'zod';
import { define, everyone } from './definition.ts';
import { Reference } from './envelope.ts';
import { BillingPeriod, ComponentKind, Id, Marketplace, Minutes, Ref, Route } from './fields.ts';
import { Price } from './money.ts';

export const createEvents = {
  OfferPublished: define({
    version: 1,
    streams: ['offer'],
    saidBy: everyone,
    data: z.strictObject({
      offerId: Id,
      version: z.int().min(1),
      ownerPartner: Reference.optional(),
      outcomeTemplates: z
        .array(z.strictObject({ metric: Id, unit: Id, defaultTarget: z.number().optional() }))
        .max(100)
        .default([]),
      components: z
        .array(
          z.strictObject({
            componentId: Id,
            kind: ComponentKind,
            vasKind: z.enum(['backup', 'security', 'compliance', 'optimisation']).optional(),
            provider: Reference.optional(),
            listPrice: Price.optional(),
            billingPeriod: BillingPeriod.optional(),
            minTerm: BillingPeriod.optional(),
            cost: Price.optional(),
          }),
        )
        .min(1)
        .max(100),
      capabilities: z.array(Id).max(200).default([]),
      templateRef: Ref.optional(),
      plannedMinutes: Minutes.optional(),
      routes: z.array(Route).max(4).default([]),
      marketplaces: z.array(Marketplace).max(10).default([]),
      segments: z.array(Id).max(100).default([]),
    }),
  }),
};
