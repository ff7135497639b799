// Do the rows of groups depend on contributions alone, whatever their order and repetition, and as time passes?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rollups } from '../../../domain/rollups/catalog.ts';
import { monthAt, placeOf, startOf } from '../../../domain/rollups/months.ts';
import { tables } from '../../../domain/rows/catalog.ts';
import type { Row } from '../../../domain/rows/row.ts';
import { addMilliseconds, type Instant } from '../../../events/instant.ts';
import { tenantId } from '../../support/histories/events.ts';
import { aNow, someRevenue } from '../../support/histories/someRevenue.ts';
import { engagementsAt, type RolledUp, rollUp } from '../../support/rolledUp.ts';

const byKey = (rows: readonly Row[]): readonly Row[] =>
  rows.toSorted((a, b) => (`${a.table} ${a.rowKey}` < `${b.table} ${b.rowKey}` ? -1 : 1));
const ofGroups = (rows: readonly Row[]): readonly Row[] =>
  byKey(rows.filter(({ table }) => rollups.some(({ writes }) => writes.name === table)));

const isOfMonth = ({ columns }: Row): boolean => columns.month !== undefined;

/** What was fed, to the letter. */
const textOf = ({ fed }: RolledUp): readonly string[] =>
  [...fed].flatMap(([group, own]) => own.map((each) => `${group} ${JSON.stringify(each)}`)).sort();

/** Everything twice, in an order of its own for each seed. */
const mixed = <Item>(items: readonly Item[], seed: number): readonly Item[] =>
  [...items, ...items]
    .map((item, index) => ({ item, place: ((index + 1) * 7919 * (seed + 1)) % 10_007 }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);

const nextMonth = (now: Instant): Instant => startOf(placeOf(now) + 1);
const number = (cell: unknown): number => (typeof cell === 'number' ? cell : Number.NaN);

describe('rows of groups', () => {
  it('are the same for any order and number of contributions', () => {
    fc.assert(
      fc.property(someRevenue, aNow, fc.nat(10_000), (events, now, seed) => {
        const owners = engagementsAt(now, events);
        const some = rollUp(owners, now, (fed) => mixed(fed, seed));
        const turned = new Map([...owners].reverse().map(([owner, rows]) => [owner, rows.toReversed()]));
        expect(ofGroups(some.rows)).toEqual(ofGroups(rollUp(owners, now).rows));
        expect(ofGroups(rollUp(turned, now).rows)).toEqual(ofGroups(rollUp(owners, now).rows));
        expect(textOf(rollUp(turned, now))).toEqual(textOf(rollUp(owners, now)));
      }),
      { numRuns: 60 },
    );
  });

  it('reconcile: start plus movements is the end of each month, and the start of the next month', () => {
    fc.assert(
      fc.property(someRevenue, aNow, (events, now) => {
        const rows = ofGroups(rollUp(engagementsAt(now, events), now).rows).filter(isOfMonth);
        for (const { rowKey, columns: row } of rows) {
          const money =
            number(row.startMinor) +
            number(row.newMinor) +
            number(row.expansionMinor) +
            number(row.reactivationMinor) +
            number(row.transferInMinor) -
            number(row.contractionMinor) -
            number(row.churnMinor) -
            number(row.transferOutMinor);
          const logos =
            number(row.logosStart) +
            number(row.newLogos) +
            number(row.reactivatedLogos) +
            number(row.transferredInLogos) -
            number(row.churnedLogos) -
            number(row.transferredOutLogos);
          if (row.reason === 'amountUnknown') continue;
          expect(row.measure === 'money' ? money : logos, rowKey).toBe(
            row.measure === 'money' ? row.endMinor : row.logosEnd,
          );
        }
        const customers = new Map(rows.map(({ table, rowKey, columns }) => [`${table} ${rowKey}`, columns]));
        for (const [id, row] of customers) {
          if (!id.startsWith('customer_months')) continue;
          const month = String(row.month);
          const before = customers.get(id.replace(`#${month}#`, `#${monthAt(placeOf(month) - 1)}#`));
          if (before !== undefined)
            expect([row.startMinor, row.logosStart], id).toEqual([before.endMinor, before.logosEnd]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('have unique keys that begin with their group, and the columns of their table', () => {
    fc.assert(
      fc.property(someRevenue, aNow, (events, now) => {
        const rows = ofGroups(rollUp(engagementsAt(now, events), now).rows);
        expect(new Set(rows.map(({ table, rowKey }) => `${table} ${rowKey}`)).size).toBe(rows.length);
        for (const row of rows) {
          expect(tables.find(({ name }) => name === row.table)?.columns.parse(row.columns)).toEqual(row.columns);
          if (isOfMonth(row)) expect(row.columns.closed).toBe(String(row.columns.month) < now.slice(0, 7));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('change by time alone only at the instant that their group names', () => {
    fc.assert(
      fc.property(someRevenue, aNow, fc.double({ min: 0, max: 1, noNaN: true }), (events, now, share) => {
        const { fed } = rollUp(engagementsAt('2030-01-01', events), now);
        for (const rollup of rollups) {
          for (const [id, own] of fed) {
            if (!id.startsWith(`${rollup.name} `)) continue;
            const group = { tenantId, group: id.slice(rollup.name.length + 1), fed: own };
            const { rows, nextDueAt } = rollup.rowsOf({ ...group, now });
            const until = nextDueAt ?? addMilliseconds(now, 900 * 86_400_000);
            const wait = Math.floor((Date.parse(until) - Date.parse(now) - 1) * share);
            expect(rollup.rowsOf({ ...group, now: addMilliseconds(now, wait) }), id).toEqual({ rows, nextDueAt });
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the start of a month', () => {
  it('feeds nothing new to the tenant: its sums follow from earlier contributions', () => {
    fc.assert(
      fc.property(someRevenue, aNow, (events, now) => {
        const owners = engagementsAt(now, events);
        const [before, after] = [rollUp(owners, now), rollUp(owners, nextMonth(now))];
        expect(after.fed.get('tenant_months all')).toEqual(before.fed.get('tenant_months all'));
      }),
      { numRuns: 60 },
    );
  });

  it('feeds a partner only customers with a transfer within the window', () => {
    fc.assert(
      fc.property(someRevenue, aNow, (events, now) => {
        const owners = engagementsAt(now, events);
        const [before, after] = [rollUp(owners, now), rollUp(owners, nextMonth(now))];
        const transferred = new Set(
          after.rows
            .filter(({ table, columns }) => table === 'customer_months' && columns.windowTransferred === true)
            .map(({ rowKey }) => `customer_months ${rowKey.split('#')[0]}`),
        );
        for (const [group, fed] of after.fed) {
          if (!group.startsWith('partner_months')) continue;
          const stays = fed.filter(({ owner }) => !transferred.has(owner));
          const known = before.fed.get(group)?.filter(({ owner }) => !transferred.has(owner));
          expect(stays, group).toEqual(known);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a transfer', () => {
  it('changes nothing for the tenant', () => {
    fc.assert(
      fc.property(someRevenue, aNow, (events, now) => {
        for (const { table, columns } of rollUp(engagementsAt(now, events), now).rows) {
          if (table !== 'tenant_months') continue;
          expect([columns.transferInMinor ?? 0, columns.transferOutMinor ?? 0]).toEqual([0, 0]);
          expect(columns.windowTransferredCustomers).toBe(0);
        }
      }),
      { numRuns: 40 },
    );
  });
});
