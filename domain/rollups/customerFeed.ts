// What does a customer contribute to the sums over customers?
import * as z from 'zod';
import { builtOnce } from '../../events/builtOnce.ts';
import type { customerMonths } from '../rows/customerMonths.ts';
import type { Row } from '../rows/row.ts';
import type { ColumnsOf } from '../rows/table.ts';
import { logos, type Measures, unknown } from './measures.ts';
import { entriesOf, type Moves, type WindowEntry } from './monthSeries.ts';
import { type Place, placeOf } from './months.ts';

export type CustomerMonthRow = Row<ColumnsOf<typeof customerMonths>>;

const amount = () => z.int().nullable();
const Entry = builtOnce(() =>
  z.tuple([z.int(), amount(), z.tuple([z.int(), z.int(), z.int(), z.int(), z.int(), z.int(), z.int()]).nullable()]),
);
const WindowOfMonth = builtOnce(() => z.tuple([z.int(), amount(), amount(), z.int(), z.int()]));

/** For each measure: the months in which it changed, and the windows that hold a transfer. */
export const FedCustomer = builtOnce(() => z.record(z.string(), z.tuple([z.array(Entry()), z.array(WindowOfMonth())])));
export type FedCustomer = z.output<ReturnType<typeof FedCustomer>>;

type Columns = CustomerMonthRow['columns'];

const movesOf = (row: Columns): Moves | null => {
  const [added, reactivation, transferIn, churn, transferOut] =
    row.measure === 'logos'
      ? [row.newLogos, row.reactivatedLogos, row.transferredInLogos, row.churnedLogos, row.transferredOutLogos]
      : [row.newMinor, row.reactivationMinor, row.transferInMinor, row.churnMinor, row.transferOutMinor];
  const [expansion, contraction] = row.measure === 'logos' ? [0, 0] : [row.expansionMinor, row.contractionMinor];
  // Either all are null, or none is.
  return added === null
    ? null
    : [added, expansion ?? 0, reactivation ?? 0, transferIn ?? 0, contraction ?? 0, churn ?? 0, transferOut ?? 0];
};

const measuredBy = ({ columns: { measure, currency } }: CustomerMonthRow): string =>
  measure === 'logos' ? logos : (currency ?? unknown);

const windowsOf = (rows: readonly { readonly place: Place; readonly row: Columns }[]): WindowEntry[] =>
  rows
    .filter(({ row }) => row.windowTransferred)
    .map(({ place, row }) =>
      row.measure === 'logos'
        ? [place, row.windowLogosStart, row.windowLogosEnd, 0, 0]
        : [
            place,
            row.windowStartMinor,
            row.windowEndMinor,
            row.windowTransferOutMinor ?? 0,
            row.windowTransferInMinor ?? 0,
          ],
    );

/**
 * The contribution of one customer's group, made of its rows. Months without a change are left out, so that it does not
 * change as time passes.
 */
export const fedCustomer = (rows: readonly CustomerMonthRow[]): FedCustomer => {
  const byMeasure = [...Map.groupBy(rows, measuredBy)].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    byMeasure.map(([measure, own]) => {
      const months = own
        .map(({ columns: row }) => ({ place: placeOf(row.month), row }))
        .sort((a, b) => a.place - b.place);
      const ends = months.map(({ place, row }) => ({
        place,
        end: row.measure === 'logos' ? row.logosEnd : row.endMinor,
        moves: movesOf(row),
      }));
      const entries = entriesOf(ends).map(
        ([place, end, moves]): z.output<ReturnType<typeof Entry>> => [place, end, moves === null ? null : [...moves]],
      );
      return [
        measure,
        [entries, windowsOf(months).map((window): z.output<ReturnType<typeof WindowOfMonth>> => [...window])],
      ];
    }),
  );
};

/** The measures of a customer, read from its contribution. */
export const readCustomer = (fed: FedCustomer): Measures =>
  new Map(Object.entries(fed).map(([measure, [entries, windows]]) => [measure, { entries, windows }]));
