// Which columns do all rows of months have, whatever the group?
import * as z from 'zod';
import { forVendor } from '../../events/audience.ts';
import { CurrencyCode, Minor } from './commonColumns.ts';
import { seenByColumn } from './seenBy.ts';

/** Columns of every row of a month. */
export const monthColumns = () => ({
  month: z.string().describe('The calendar month in UTC, as YYYY-MM: from its first instant up to the next month.'),
  closed: z.boolean().describe('Whether the month is over. If it is not, the row is as of now.'),
  measure: z
    .enum(['money', 'logos'])
    .describe('What the row measures: annual recurring revenue in one currency, or customers over all currencies.'),
  currency: CurrencyCode.describe('The currency of the amounts, minor units a year; null in rows of logos.'),
});

/** Who sees the sums of months: with a price in them that its partner may not see, only the vendor does. */
export const monthSeers = () =>
  forVendor({
    amountsSeenBy: seenByColumn('the amounts of the month'),
    windowSeenBy: seenByColumn('the amounts of the window'),
  });
export const inMonth = { seenBy: 'amountsSeenBy' } as const;
export const inWindow = { seenBy: 'windowSeenBy' } as const;

const logos = (what: string) => z.int().min(0).nullable().describe(`${what} Null in rows of money.`);
const minor = (what: string) => Minor.describe(`${what} Null in rows of logos.`);

/** Money of the month: start + new + expansion + reactivation + transferIn − contraction − churn − transferOut = end. */
export const moneyColumns = () => ({
  startMinor: minor('Annual recurring revenue just before the month.'),
  newMinor: minor('Revenue of customers who never had any in this currency before.'),
  expansionMinor: minor('Increase for customers who already had some.'),
  reactivationMinor: minor('Revenue of customers who had some earlier, and then none.'),
  transferInMinor: minor('Revenue that another partner had before. It is neither new nor expansion.'),
  contractionMinor: minor('Decrease for customers who still have some.'),
  churnMinor: minor('Revenue that ended for customers who have none left in this currency.'),
  transferOutMinor: minor('Revenue that another partner has now. It is neither churn nor contraction.'),
  endMinor: minor('Annual recurring revenue at the end of the month, or now while the month is open.'),
});

/** Customers of the month: start + new + reactivated + transferredIn − churned − transferredOut = end. */
export const logoColumns = () => ({
  logosStart: logos('Customers with revenue just before the month, in any currency.'),
  newLogos: logos('Customers with revenue for the first time.'),
  reactivatedLogos: logos('Customers with revenue again, after a time without.'),
  transferredInLogos: logos('Customers that came from another partner.'),
  churnedLogos: logos('Customers whose last revenue ended.'),
  transferredOutLogos: logos('Customers that went to another partner.'),
  logosEnd: logos('Customers with revenue at the end of the month, or now while the month is open.'),
});

const left =
  'Revenue of subscriptions that changed their partner in the window counts neither at its start nor at its end';

/** The window of twelve months. */
export const windowColumns = () => ({
  windowTransferOutMinor: minor(`The revenue left out at the window's start. ${left}.`),
  windowTransferInMinor: minor(`The revenue left out at the window's end. ${left}.`),
});

/** What "window" means, for the texts of tables. */
export const windowMeans =
  'The window is the twelve months up to the end of the month. In an open month it is eleven months and the part that has passed.';
