// Is the current month as of now, does it close by time alone, and is a large customer fed in parts?
import { describe, expect, it } from 'vitest';
import { customerMonths } from '../../../domain/rollups/customerMonths.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { instant, tenantId } from '../../support/histories/events.ts';
import { engagement } from '../../support/histories/revenue.ts';
import { engagementsAt, monthsAt, rollUp } from '../../support/rolledUp.ts';
import { partyId } from '../../support/tabled.ts';

const e = engagement('e1');
const opened = e.opened('2024-01-01', { customer: 'c', lead: 'p' });
const started = e.started('2026-01-10', 's', 1000);
const c = partyId('c');
const now = '2026-06-15';

const monthOf = (month: string, events: readonly RecordedEvent[], { at = now }: { at?: string } = {}) =>
  monthsAt('customer_months', at, events).get(`${c}#${month}#EUR`);

describe('the current month', () => {
  it('is as of now and says that it is open', () => {
    const events = [opened, started, e.ended('2026-02-01', 's', '2026-06-20')];
    expect(monthOf('2026-06', events)).toMatchObject({ closed: false, endMinor: 1000, churnMinor: 0 });
    expect(monthOf('2026-05', events)).toMatchObject({ closed: true });
    expect(monthOf('2026-06', events, { at: '2026-06-20' })).toMatchObject({ closed: false, churnMinor: 1000 });
    expect(monthOf('2026-06', events, { at: '2026-07-01' })).toMatchObject({ closed: true, churnMinor: 1000 });
    expect(monthOf('2026-07', events, { at: '2026-06-30' })).toBeUndefined();
  });

  it('has a window with the same start as after the end of the month', () => {
    const events = [opened, e.started('2025-07-10', 's', 1000)];
    expect(monthOf('2026-06', events)).toMatchObject({ windowStartMinor: 0, windowEndMinor: 1000 });
    expect(monthOf('2026-06', events, { at: '2026-07-01' })).toMatchObject({ windowStartMinor: 0 });
    expect(monthOf('2026-07', events, { at: '2026-07-01' })).toMatchObject({ windowStartMinor: 1000 });
  });

  it('closes when the next month begins; a customer without revenue for a year has no further months', () => {
    const events = [opened, started, e.ended('2026-02-03', 's')];
    const dueAt = (at: string) => rollUp(engagementsAt(at, events), instant(at)).due.filter((due) => due !== undefined);
    expect(new Set(dueAt('2026-06-15'))).toEqual(new Set([instant('2026-07-01')]));
    expect(new Set(dueAt('2027-01-31'))).toEqual(new Set([instant('2027-02-01')]));
    expect(new Set(dueAt('2027-02-01'))).toEqual(new Set());
    expect(monthOf('2027-01', events, { at: '2027-01-31' })).toMatchObject({
      windowStartMinor: 1000,
      windowEndMinor: 0,
    });
    expect(monthOf('2027-02', events, { at: '2027-02-01' })).toBeUndefined();
  });

  it('waits for a step that lies ahead of the clock of this rollup', () => {
    const fed = rollUp(engagementsAt(now, [opened, started]), instant(now)).fed.get(`customer_months ${c}`) ?? [];
    const early = customerMonths.rowsOf({ tenantId, group: c, fed, now: instant('2026-01-09') });
    expect(early).toEqual({ rows: [], nextDueAt: instant('2026-01-10') });
  });
});

describe('a customer of many steps', () => {
  it('is fed in parts that are small enough for an item', () => {
    const many = Array.from({ length: 1200 }, (_, index) =>
      e.changed(new Date(Date.UTC(2026, 0, 11, index)).toISOString(), 's', 1001 + index),
    );
    const { fed, rows } = rollUp(engagementsAt(now, [opened, started, ...many]), instant(now));
    const parts = fed.get(`customer_months ${c}`) ?? [];
    expect(parts.map(({ part }) => part)).toEqual(['0', '1', '2']);
    expect(Math.max(...parts.map(({ data }) => JSON.stringify(data).length))).toBeLessThan(100_000);
    expect(rows.find(({ rowKey }) => rowKey === `${c}#2026-06#EUR`)?.columns.endMinor).toBe(2200);
  });
});
