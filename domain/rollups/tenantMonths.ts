// What are the sums over all customers of a tenant, month by month?
import { customerMonths } from '../rows/customerMonths.ts';
import { tenantMonths as table } from '../rows/tenantMonths.ts';
import { FedCustomer, fedCustomer } from './customerFeed.ts';
import { customerOf } from './customers.ts';
import { defineRollup } from './rollup.ts';
import { sumRows } from './sumRows.ts';

/** The only group of a tenant. */
const everyCustomer = 'all';

export const tenantMonths = defineRollup({
  name: 'tenant_months',
  describes:
    'All customers, each counted once even if two partners serve it: their revenue in each month by currency, how it changed, and what is retained.',
  over: customerMonths,
  writes: table,
  buckets: 16,
  data: FedCustomer,
  contribute: (rows) => {
    const overAll = rows.filter(({ columns }) => columns.partnerId === null);
    const [first] = overAll;
    if (first === undefined) return [];
    return [{ group: everyCustomer, part: 'months', spreadBy: customerOf(first.columns), data: fedCustomer(overAll) }];
  },
  rowsOf: ({ group, fed, now }) => {
    const { rows, nextDueAt } = sumRows(fed, now);
    return {
      rows: rows.map((row) =>
        table.row({
          key: { group, ...row.key },
          columns: { leadPartnerId: null, amountsSeenBy: [], windowSeenBy: [], ...row.columns },
        }),
      ),
      nextDueAt,
    };
  },
});
