// Which rows do the sums over customers give, and when do they next change by time alone?
import type { Instant } from '../../events/instant.ts';
import type { partnerMonths } from '../rows/partnerMonths.ts';
import type { ColumnsOf } from '../rows/table.ts';
import { type FedCustomer, readCustomer } from './customerFeed.ts';
import { logos } from './measures.ts';
import { type Apart, type MeasureSum, type MonthSum, monthSums } from './monthSums.ts';
import { monthAt, type Place, placeOf, startOf } from './months.ts';
import { ratioOf } from './ratio.ts';
import type { Fed } from './rollup.ts';

/** The columns of a row for its month and measure, of a partner or of all. */
export type SumColumns = Omit<
  ColumnsOf<typeof partnerMonths>,
  'partnerId' | 'partner' | 'leadPartnerId' | 'leadPartner' | 'amountsSeenBy' | 'windowSeenBy'
>;

export interface SumRow {
  /** The parts of the key that tell the row apart from others of its group. */
  readonly key: { readonly month: string; readonly measured: string };
  readonly columns: SumColumns;
}

const reasonOf = (base: number): 'noBase' | null => (base === 0 ? 'noBase' : null);

/** A sum of amounts of 0 or more; null if it is too large for an exact number. */
const exact = (sum: number): number | null => (Number.isSafeInteger(sum) ? sum : null);

/** A ratio of sums, with its numerator and denominator. */
const retention = (numerator: number, denominator: number) => {
  const isExact = exact(numerator) !== null && exact(denominator) !== null;
  return {
    ratio: isExact ? ratioOf(numerator, denominator) : null,
    reason: isExact ? reasonOf(denominator) : ('amountTooLarge' as const),
  };
};

const noMoney = {
  currency: null,
  startMinor: null,
  newMinor: null,
  expansionMinor: null,
  reactivationMinor: null,
  transferInMinor: null,
  contractionMinor: null,
  churnMinor: null,
  transferOutMinor: null,
  endMinor: null,
  amountReason: null,
  nrr: null,
  nrrNumerator: null,
  nrrDenominator: null,
  nrrN: null,
  nrrReason: null,
  grr: null,
  grrNumerator: null,
  grrDenominator: null,
  grrN: null,
  grrReason: null,
  windowTransferOutMinor: null,
  windowTransferInMinor: null,
} as const satisfies Partial<SumColumns>;

const moneyOf = (currency: string, sum: MeasureSum) => {
  const [added, expansion, reactivation, transferIn, contraction, churn, transferOut] = sum.moves;
  const { start, end, before, after, retained } = sum;
  const amounts = [start, end, before, after, retained, sum.transferOut, sum.transferIn, ...sum.moves];
  const [net, gross] = [retention(after, before), retention(retained, before)];
  return {
    currency,
    startMinor: exact(start),
    newMinor: exact(added),
    expansionMinor: exact(expansion),
    reactivationMinor: exact(reactivation),
    transferInMinor: exact(transferIn),
    contractionMinor: exact(contraction),
    churnMinor: exact(churn),
    transferOutMinor: exact(transferOut),
    endMinor: exact(end),
    amountReason: amounts.every((amount) => exact(amount) !== null) ? null : ('amountTooLarge' as const),
    nrr: net.ratio,
    nrrNumerator: exact(after),
    nrrDenominator: exact(before),
    nrrN: sum.cohort,
    nrrReason: net.reason,
    grr: gross.ratio,
    grrNumerator: exact(retained),
    grrDenominator: exact(before),
    grrN: sum.cohort,
    grrReason: gross.reason,
    windowTransferOutMinor: exact(sum.transferOut),
    windowTransferInMinor: exact(sum.transferIn),
  } satisfies { readonly [column in keyof typeof noMoney]: SumColumns[column] };
};

const noLogos = {
  logosStart: null,
  newLogos: null,
  reactivatedLogos: null,
  transferredInLogos: null,
  churnedLogos: null,
  transferredOutLogos: null,
  logosEnd: null,
  logoRetention: null,
  logoRetentionNumerator: null,
  logoRetentionDenominator: null,
  logoRetentionN: null,
  logoRetentionReason: null,
} as const satisfies Partial<SumColumns>;

const logosOf = (sum: MeasureSum) => {
  const [added, , reactivation, transferIn, , churn, transferOut] = sum.moves;
  return {
    logosStart: sum.start,
    newLogos: added,
    reactivatedLogos: reactivation,
    transferredInLogos: transferIn,
    churnedLogos: churn,
    transferredOutLogos: transferOut,
    logosEnd: sum.end,
    logoRetention: ratioOf(sum.retained, sum.before),
    logoRetentionNumerator: sum.retained,
    logoRetentionDenominator: sum.before,
    logoRetentionN: sum.cohort,
    logoRetentionReason: reasonOf(sum.before),
  } satisfies { readonly [column in keyof typeof noLogos]: SumColumns[column] };
};

/** Below this many customers a ratio says little (domain reference B0). */
const fewCustomers = 5;

const rowsOfMonth = (place: Place, sums: MonthSum, isClosed: boolean): readonly SumRow[] => {
  const month = monthAt(place);
  const row = (measured: string, sum: MeasureSum, apart: Apart): SumRow => ({
    key: { month, measured },
    columns: {
      lastEventId: null,
      policyVersion: null,
      month,
      closed: isClosed,
      ...(measured === logos
        ? { measure: 'logos', ...noMoney, ...logosOf(sum) }
        : { measure: 'money', ...moneyOf(measured, sum), ...noLogos }),
      unknownCustomers: apart.unknown,
      lowN: sum.cohort < fewCustomers,
      windowTransferredCustomers: sums.transferred,
      windowUnknownCustomers: apart.windowUnknown,
    },
  });
  return [
    ...[...sums.money].map(([currency, sum]) => row(currency, sum, sums.apart.money)),
    ...(sums.logos === undefined ? [] : [row(logos, sums.logos, sums.apart.logos)]),
  ];
};

/**
 * The rows of the customers that contributed, and when they next change by time alone. If the current month has rows,
 * that is the start of the next month. A customer's own rows may already have reached a month that has not begun by
 * `now`: its rows come when it begins.
 */
export const sumRows = (
  fed: readonly Fed<FedCustomer>[],
  now: Instant,
): { readonly rows: readonly SumRow[]; readonly nextDueAt: Instant | undefined } => {
  const current = placeOf(now);
  const once = new Map(fed.map((each) => [`${each.owner}#${each.part}`, readCustomer(each.data)]));
  const months = monthSums([...once.values()], current);
  const ahead = [...once.values()].flatMap((measures) =>
    [...measures.values()].flatMap(({ entries }) => entries.map(([place]) => place).filter((place) => place > current)),
  );
  const next = months.has(current) ? current + 1 : ahead.reduce((first, place) => Math.min(first, place), Infinity);
  return {
    rows: [...months].flatMap(([place, sums]) => rowsOfMonth(place, sums, place < current)),
    nextDueAt: Number.isFinite(next) ? startOf(next) : undefined,
  };
};
