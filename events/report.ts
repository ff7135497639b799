// What is said in Report? Usage and outcomes are measured, and value is reported to the customer.
// These names are the storage format: they never change, they are only added to.
import * as z from 'zod';
import { define, everyone } from './definition.ts';
import { Id, Quantity, Ref, ReportSection } from './fields.ts';
import { CalendarDate, Instant } from './instant.ts';

export const reportEvents = {
  UsageMeasured: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({
      subscriptionId: Id,
      windowStart: Instant,
      windowEnd: Instant,
      purchasedUnits: Quantity.optional(),
      activeUnits: Quantity,
      metric: Id,
    }),
  }),
  OutcomeMeasured: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({
      outcomeId: Id,
      value: z.number(),
      unit: Id.optional(),
      met: z.boolean().optional(),
      evidenceRef: Ref.optional(),
      evidenceHash: Id.optional(),
    }),
  }),
  ValueReported: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({
      reportId: Id,
      period: z.strictObject({ start: CalendarDate, end: CalendarDate }).optional(),
      sections: z.array(ReportSection).max(4).default([]),
      outcomeIds: z.array(Id).max(100).default([]),
      artefactRef: Ref.optional(),
      artefactHash: Id.optional(),
      branding: Id.optional(),
    }),
  }),
};
