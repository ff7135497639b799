// What is said in Sell? An engagement opens, its customer, partner, outcomes and route are agreed, and the deal closes.
// These names are the storage format: they never change, they are only added to.
import * as z from 'zod';
import { define, everyone } from './definition.ts';
import { Reference } from './envelope.ts';
import { Country, Id, Marketplace, Ref, Route } from './fields.ts';
import { CalendarDate } from './instant.ts';
import { DealValue } from './money.ts';

export const sellEvents = {
  EngagementOpened: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({
      customer: Reference.optional(),
      segment: Id.optional(),
      country: Country.optional(),
      leadPartner: Reference.optional(),
      offerId: Id.optional(),
      offerVersion: z.int().min(1).optional(),
      campaignId: Id.optional(),
      parentEngagement: Id.optional(),
      expectedValue: DealValue.optional(),
      expectedClose: CalendarDate.optional(),
      salesStage: Id.optional(),
      dealRegistration: Id.optional(),
    }),
  }),
  CustomerIdentified: define({
    version: 1,
    streams: ['engagement', 'party'],
    saidBy: everyone,
    data: z.strictObject({ customer: Reference, segment: Id.optional(), country: Country.optional() }),
  }),
  PartnerAssigned: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    data: z.strictObject({ partner: Reference, by: z.enum(['connection', 'identity', 'person']) }),
  }),
  DealRevised: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({
      salesStage: Id.optional(),
      forecast: Id.optional(),
      value: DealValue.optional(),
      expectedClose: CalendarDate.optional(),
    }),
  }),
  OutcomeAgreed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({
      outcomeId: Id,
      statementRef: Ref.optional(),
      metric: Id.optional(),
      unit: Id.optional(),
      baseline: z.number().optional(),
      target: z.number().optional(),
      due: CalendarDate.optional(),
    }),
  }),
  RouteAgreed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({
      route: Route,
      buyerPreference: Route.optional(),
      marketplace: Marketplace.optional(),
      distributor: Reference.optional(),
      reason: Ref.optional(),
    }),
  }),
  SolutionProposed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({
      proposalRef: Ref.optional(),
      offerId: Id.optional(),
      offerVersion: z.int().min(1).optional(),
      outcomeIds: z.array(Id).max(100).default([]),
      commitments: z
        .array(z.strictObject({ id: Id, capability: Id }))
        .max(100)
        .default([]),
      value: DealValue.optional(),
      expiresAt: CalendarDate.optional(),
    }),
  }),
  DealClosed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({ result: z.enum(['won', 'lost']), reason: Ref.optional(), value: DealValue.optional() }),
  }),
};
