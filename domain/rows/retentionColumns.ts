// Which columns do sums over customers have, of one partner or of all?
import * as z from 'zod';
import { forEveryone, forSeers } from '../../events/audience.ts';
import { Minor } from './commonColumns.ts';
import {
  inMonth,
  inWindow,
  logoColumns,
  moneyColumns,
  monthColumns,
  monthSeers,
  windowColumns,
  windowMeans,
} from './monthColumns.ts';

const ratio = () => z.number().min(0).nullable();
const count = () => z.int().min(0);
const reason = () =>
  z
    .enum(['noBase', 'amountTooLarge'])
    .nullable()
    .describe(
      'noBase: there was nothing at the start of the window. amountTooLarge: a sum exceeds 2^53. Null if there is a ratio.',
    );

const cohort = 'customers that had revenue in this currency just before the window';

/** Columns of sums over customers. */
export const retentionColumns = () => ({
  ...forEveryone(monthColumns()),
  ...monthSeers(),
  ...forSeers(
    { ...inMonth, reason: 'amountReason' },
    {
      ...moneyColumns(),
      amountReason: z
        .enum(['amountTooLarge'])
        .nullable()
        .describe('Why an amount of a row of money is null: the sum exceeds 2^53, so that no number holds it exactly.'),
    },
  ),
  ...forEveryone({
    ...logoColumns(),
    unknownCustomers: count().describe(
      'Customers that the sums of the month leave out, because an amount (for logos: whether there is revenue) is not known.',
    ),
  }),
  ...forSeers(
    { ...inWindow, reason: 'nrrReason' },
    {
      nrr: ratio().describe(
        `Net revenue retention of the window: for ${cohort}, their revenue at its end divided by that at its start. 1 is 100 %, with six decimals, rounded half to even. ${windowMeans}`,
      ),
      nrrNumerator: Minor.describe("The revenue of these customers at the window's end."),
      nrrDenominator: Minor.describe('The revenue of these customers just before the window.'),
      nrrReason: reason(),
    },
  ),
  ...forEveryone({ nrrN: count().nullable().describe('The number of these customers.') }),
  ...forSeers(
    { ...inWindow, reason: 'grrReason' },
    {
      grr: ratio().describe(
        'Gross revenue retention: as `nrr`, but each customer counts at most with its revenue at the start.',
      ),
      grrNumerator: Minor.describe("The sum of each customer's smaller amount, of start and end."),
      grrDenominator: Minor.describe('The same as `nrrDenominator`.'),
      grrReason: reason(),
    },
  ),
  ...forEveryone({
    grrN: count().nullable().describe('The same as `nrrN`.'),
    logoRetention: ratio().describe(
      'The share of the customers just before the window that are still customers at its end.',
    ),
    logoRetentionNumerator: count().nullable().describe('The customers at both instants.'),
    logoRetentionDenominator: count().nullable().describe('The customers just before the window.'),
    logoRetentionN: count().nullable().describe('The same as the denominator.'),
    logoRetentionReason: reason(),
    lowN: z.boolean().describe('Whether the retention is of fewer than five customers.'),
  }),
  ...forSeers(inWindow, windowColumns()),
  ...forEveryone({
    windowTransferredCustomers: count().describe(
      'Customers with a subscription that changed its partner in the window.',
    ),
    windowUnknownCustomers: count().describe(
      "Customers that retention leaves out, because an amount at the window's start or end is not known.",
    ),
  }),
});
