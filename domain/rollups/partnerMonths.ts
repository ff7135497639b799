// What are the sums over a partner's customers, month by month?
import * as z from 'zod';
import { builtOnce } from '../../events/builtOnce.ts';
import { customerMonths } from '../rows/customerMonths.ts';
import { partnerMonths as table } from '../rows/partnerMonths.ts';
import { allMonths, ClosedRun, runsOf, seenInMonth } from './closedMonths.ts';
import { type CustomerMonthRow, FedCustomer, fedCustomer } from './customerFeed.ts';
import { customerOf } from './customers.ts';
import { placeOf } from './months.ts';
import { defineRollup } from './rollup.ts';
import { sumRows } from './sumRows.ts';

/** A customer's months, and what people read of the partner. */
const FedPartner = builtOnce(() =>
  z.preprocess(
    // An earlier release fed the months alone.
    (said) =>
      typeof said === 'object' && said !== null && !('months' in said) ? { partner: null, months: said } : said,
    z.strictObject({
      partner: z.string().nullable(),
      months: FedCustomer(),
      // An earlier release did not feed it.
      closed: z.array(ClosedRun()).optional(),
    }),
  ),
);

/** The months in which a customer's amounts are not the partner's to see. */
const closedOf = (rows: readonly CustomerMonthRow[]): ClosedRun[] => {
  const months = new Map(rows.map(({ columns }) => [placeOf(columns.month), columns.amountsSeenBy.length === 0]));
  const last = Math.max(...months.keys());
  const goesOn = rows.some(({ columns }) => placeOf(columns.month) === last && columns.amountsSeenAfter.length === 0);
  return [...runsOf(months, goesOn)];
};

export const partnerMonths = defineRollup({
  name: 'partner_months',
  describes: 'A partner: its customers in each month, their revenue by currency, how it changed, and what is retained.',
  over: customerMonths,
  writes: table,
  buckets: 4,
  data: FedPartner,
  contribute: (rows) => {
    const own = rows.filter(({ columns }) => columns.partnerId !== null);
    const [first] = own;
    if (first === undefined || first.columns.partnerId === null) return [];
    const spreadBy = customerOf(first.columns);
    return [
      {
        group: first.columns.partnerId,
        part: 'months',
        spreadBy,
        data: { partner: first.columns.partner, months: fedCustomer(own), closed: closedOf(own) },
      },
    ];
  },
  rowsOf: ({ group, fed, now }) => {
    const months = fed.map(({ data, ...by }) => ({ ...by, data: data.months }));
    const { rows, nextDueAt } = sumRows(months, now);
    // Of several texts the first by itself holds, whatever came first.
    const partner = fed.flatMap(({ data }) => data.partner ?? []).sort()[0] ?? null;
    const closed = fed.flatMap(({ data }) => data.closed ?? allMonths);
    const columns = { partnerId: group, partner, leadPartnerId: group, leadPartner: partner };
    return {
      rows: rows.map((row) =>
        table.row({
          key: { partnerId: group, ...row.key },
          columns: { ...columns, ...row.columns, ...seenInMonth(closed, placeOf(row.columns.month)) },
        }),
      ),
      nextDueAt,
    };
  },
});
