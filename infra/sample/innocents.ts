// Which stories look like failures, and are none? Each has an excuse that its rules know, so that they say nothing of it.

/** What excuses a story, and the rules that know it. */
export const innocents = {
  rollOutInSteps: ['P1.2'],
  season: ['P1.2'],
  productWithoutUsers: ['P1.2'],
  telemetryMissing: ['P1.3'],
  licencePool: ['P1.2'],
  promotedIntoOffer: ['P2.2'],
  handoffToOneself: ['P3.3'],
  smallDeal: ['P3.1', 'P3.2'],
  workBeforeTheSale: ['P2.3'],
  clocksDiffer: ['P3.1'],
  reportFromOutside: ['P4.1'],
  liveDashboard: ['P4.1'],
  yearlyReports: ['P4.1'],
  monthToMonth: ['P4.7'],
  fiscalYear: ['P5.5'],
  secondStep: ['P5.4'],
  invoiceAfterEntitlement: ['P5.5'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Innocent = keyof typeof innocents;

/** A segment of customers that use little in winter, and what the sample's policy says of it. */
export const seasonal = { segment: 'Tourism', quietMonths: [11, 12, 1, 2, 3] } as const;

/** A tier of customers that get one report a year, and the days in which it is due. */
export const yearly = { tier: 'annual', days: 400 } as const;

/** Below this sum, in minor units, a deal needs no handoffs. */
export const smallDeal = 100_000;

/** The feature that an offer takes in with its second version, and how many days before today that is published. */
export const promoted = { offer: 'cloud-cost-control', feature: 'single_sign_on', daysAgo: 190 } as const;
