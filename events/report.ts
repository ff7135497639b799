// Which facts does Report record about usage, outcomes and the reports that customers get?
// These names are the storage format: new names may be added, but none may change.
import * as z from 'zod';
import { forEveryone, forLead } from './audience.ts';
import { define, everyone } from './definition.ts';
import { Id, Quantity, Ref, ReportSection } from './fields.ts';
import { CalendarDate, Instant } from './instant.ts';

const Period = z.strictObject({
  start: CalendarDate.describe('Its first day.'),
  end: CalendarDate.describe('Its last day.'),
});

export const reportEvents = {
  UsageMeasured: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'Usage is measured by the product, not by the partner that is measured by it.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            subscriptionId: Id.describe('The subscription that is used.'),
            windowStart: Instant.describe('When the measurement begins.'),
            windowEnd: Instant.describe('When it ends.'),
            purchasedUnits: Quantity.optional().describe('The units that were paid for in that time.'),
            activeUnits: Quantity.describe('The units that were used in that time.'),
            metric: Id.describe('What counts as used, such as activeUsers.'),
          }),
        )
        .describe('The usage of a subscription is measured.'),
  }),
  OutcomeMeasured: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because:
      'The partner measures what it promised. After a flag was raised, its word is a claim until the vendor confirms it.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            outcomeId: Id.describe('The agreed outcome.'),
            value: z.number().describe('What was measured, in `unit`.'),
            unit: Id.optional().describe('The unit of the measure.'),
            met: z.boolean().optional().describe('Whether the outcome is reached.'),
          }),
          ...forLead({
            evidenceRef: Ref.optional().describe('Where the evidence is kept.'),
            evidenceHash: Id.optional().describe('A digest of the evidence.'),
          }),
        })
        .describe('An agreed outcome is measured.'),
  }),
  ValueReported: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because:
      'The partner writes the report. After a flag was raised, its word is a claim until the vendor confirms it.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            reportId: Id.describe('The report.'),
            period: Period.optional().describe('The days that it covers.'),
            sections: z.array(ReportSection).max(4).default([]).describe('What it reports on.'),
            outcomeIds: z.array(Id).max(100).default([]).describe('The agreed outcomes that it shows.'),
          }),
          ...forLead({
            artefactRef: Ref.optional().describe('Where the report is kept.'),
            artefactHash: Id.optional().describe('A digest of the report.'),
            branding: Id.optional().describe('The brand under which it is sent.'),
          }),
        })
        .describe('A report shows the customer what value they get.'),
  }),
};
