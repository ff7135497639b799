// What do sums over customers say, of a partner or of all? Movements, retention with what it is made of, and who is left out.
import * as z from 'zod';
import { Minor } from './commonColumns.ts';
import { logoColumns, moneyColumns, monthColumns, windowColumns, windowMeans } from './monthColumns.ts';

const ratio = z.number().min(0).nullable();
const count = z.int().min(0);
const reason = z.enum(['noBase']).nullable().describe('noBase: nothing stood at the start of the window. Else null.');

const cohort = 'customers that brought some in this currency just before the window';

/** Columns of sums over customers. */
export const retentionColumns = {
  ...monthColumns,
  ...moneyColumns,
  ...logoColumns,
  unknownCustomers: count.describe(
    'Customers that the sums of the month leave out: an amount of theirs is not known, or (logos) whether they bring any.',
  ),
  nrr: ratio.describe(
    `Net revenue retention of the window, 1 for 100 %, six decimals, half to even: of ${cohort}, their end by their start. ${windowMeans}`,
  ),
  nrrNumerator: Minor.describe("Their amounts at the window's end."),
  nrrDenominator: Minor.describe('Their amounts just before the window.'),
  nrrN: count.nullable().describe('How many they are.'),
  nrrReason: reason,
  grr: ratio.describe('Gross revenue retention: as `nrr`, each customer at most with what it began with.'),
  grrNumerator: Minor.describe('The smaller of end and start of each, summed.'),
  grrDenominator: Minor.describe('As `nrrDenominator`.'),
  grrN: count.nullable().describe('As `nrrN`.'),
  grrReason: reason,
  logoRetention: ratio.describe(
    "Of the customers just before the window, the share that is there at the window's end.",
  ),
  logoRetentionNumerator: count.nullable().describe('Those that are there at both.'),
  logoRetentionDenominator: count.nullable().describe('Those just before the window.'),
  logoRetentionN: count.nullable().describe('As the denominator.'),
  logoRetentionReason: reason,
  lowN: z.boolean().describe('Whether fewer than five customers stand behind the retention.'),
  ...windowColumns,
  windowTransferredCustomers: count.describe('Customers of which anything changed its partner in the window.'),
  windowUnknownCustomers: count.describe(
    'Customers that retention leaves out, as an amount at either end is not known.',
  ),
};
