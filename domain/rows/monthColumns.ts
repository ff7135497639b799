// What do rows of months say, whatever the group? Their month, what they measure, and the same words for the same sums.
import * as z from 'zod';
import { CurrencyCode, Minor } from './commonColumns.ts';

/** Columns of every row of a month. */
export const monthColumns = {
  month: z.string().describe('The calendar month in UTC, as YYYY-MM: from its first instant up to the next month.'),
  closed: z.boolean().describe('Whether the month is over; while it is not, the row is as of now.'),
  measure: z
    .enum(['money', 'logos'])
    .describe('What the row measures: annual recurring revenue in one currency, or customers over all currencies.'),
};

const logos = (what: string) => z.int().min(0).nullable().describe(`${what} Null in rows of money.`);
const minor = (what: string) => Minor.describe(`${what} Null in rows of logos.`);

/** Money of the month: start + new + expansion + reactivation + transferIn − contraction − churn − transferOut = end. */
export const moneyColumns = {
  currency: CurrencyCode.describe('The currency of the amounts, minor units a year; null in rows of logos.'),
  startMinor: minor('Annual recurring revenue just before the month.'),
  newMinor: minor('Of customers who had brought none in this currency before.'),
  expansionMinor: minor('More of customers who brought some.'),
  reactivationMinor: minor('Of customers who had brought some before, and then none.'),
  transferInMinor: minor('Carried by another partner before; neither new nor expansion.'),
  contractionMinor: minor('Less of customers who still bring some.'),
  churnMinor: minor('Of customers whose last amount in this currency ended.'),
  transferOutMinor: minor('Carried by another partner since; neither churn nor contraction.'),
  endMinor: minor("Annual recurring revenue at the month's end; now, while it is open."),
};

/** Customers of the month: start + new + reactivated + transferredIn − churned − transferredOut = end. */
export const logoColumns = {
  logosStart: logos('Customers who brought something just before the month, in any currency.'),
  newLogos: logos('Began to bring something for the first time.'),
  reactivatedLogos: logos('Began again.'),
  transferredInLogos: logos('Came from another partner.'),
  churnedLogos: logos('Stopped bringing anything.'),
  transferredOutLogos: logos('Went to another partner.'),
  logosEnd: logos("Customers who bring something at the month's end; now, while it is open."),
};

const left = 'What a subscription brought that changed its partner in the window counts on neither side';

/** The window of twelve months. */
export const windowColumns = {
  windowTransferOutMinor: minor(`Left out of the window's start. ${left}: here at the window's start.`),
  windowTransferInMinor: minor(`Left out of the window's end. ${left}: here at the window's end.`),
};

/** What `window` means, for the tables' own words. */
export const windowMeans =
  'The window is the twelve months up to the end of the month (of the month under way: eleven months and what has passed of it).';
