// What are the sums over a partner's customers, month by month?
import { customerMonths } from '../rows/customerMonths.ts';
import { partnerMonths as table } from '../rows/partnerMonths.ts';
import { FedCustomer, fedCustomer } from './customerFeed.ts';
import { customerOf } from './customers.ts';
import { defineRollup } from './rollup.ts';
import { sumRows } from './sumRows.ts';

export const partnerMonths = defineRollup({
  name: 'partner_months',
  describes: 'A partner: its customers in each month, their revenue by currency, how it changed, and what is retained.',
  over: customerMonths,
  writes: table,
  buckets: 4,
  data: FedCustomer,
  contribute: (rows) => {
    const own = rows.filter(({ columns }) => columns.partnerId !== null);
    const [first] = own;
    if (first === undefined || first.columns.partnerId === null) return [];
    const spreadBy = customerOf(first.columns);
    return [{ group: first.columns.partnerId, part: 'months', spreadBy, data: fedCustomer(own) }];
  },
  rowsOf: ({ group, fed, now }) => {
    const { rows, nextDueAt } = sumRows(fed, now);
    const columns = { partnerId: group, leadPartnerId: group };
    return {
      rows: rows.map((row) =>
        table.row({ key: { partnerId: group, ...row.key }, columns: { ...columns, ...row.columns } }),
      ),
      nextDueAt,
    };
  },
});
