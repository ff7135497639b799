// Which facts does Report record about usage, outcomes, service and the reports that customers get?
// These names are the storage format: new names may be added, but none may change.
import * as z from 'zod';
import { forEveryone, forLead } from './audience.ts';
import { define, everyone } from './definition.ts';
import { Id, PersonRef, Quantity, Ref, ReportSection } from './fields.ts';
import { CalendarDate, Instant } from './instant.ts';
import { customerCareEvents } from './report/customerCare.ts';

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
  ComplianceMeasured: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'Compliance is measured by the product, not by the partner that is measured by it.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            subscriptionId: Id.optional().describe('The subscription that is measured; absent: all of them.'),
            policySet: Id.describe('The policies that it is held against, as a code.'),
            passed: Quantity.describe('How many policies are kept.'),
            failed: Quantity.describe('How many are broken.'),
            notApplicable: Quantity.optional().describe('How many do not apply.'),
          }),
          ...forLead({
            tenantRef: Ref.optional().describe("A reference to the customer's own tenant that was measured."),
          }),
        })
        .describe('It is measured how far the customer keeps its policies.'),
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
            form: z
              .enum(['report', 'dashboard'])
              .optional()
              .describe(
                'Its form: a report that was sent, or a live dashboard that the customer has looked at, which proves less. Absent: a report.',
              ),
          }),
          ...forLead({
            artefactRef: Ref.optional().describe('Where the report is kept.'),
            artefactHash: Id.optional().describe('A digest of the report.'),
            branding: Id.optional().describe('The brand under which it is sent.'),
          }),
        })
        .describe('A report shows the customer what value they get.'),
  }),
  ReportAcknowledged: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    because:
      'The customer tells whoever reports. After a flag was raised, the word of the partner is a claim until the vendor confirms it.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({ reportId: Id.describe('The report.') }),
          ...forLead({ by: PersonRef.optional().describe('A reference to the person who acknowledged it.') }),
        })
        .describe('The customer acknowledges a report: it was read.'),
  }),
  ...customerCareEvents,
};
