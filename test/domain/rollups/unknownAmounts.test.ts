// Is an unknown amount null with its reason, and is its customer left out of both ends and counted?
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { engagement } from '../../support/histories/revenue.ts';
import { monthsAt } from '../../support/rolledUp.ts';
import { partyId } from '../../support/tabled.ts';

const now = '2026-08-01';
const c = partyId('c');
const e = engagement('e1');
const opened = e.opened('2025-01-01', { customer: 'c' });
const known = e.started('2025-03-10', 's', 1000);
const bare = e.started('2026-03-10', 'bare', 'unknown');
const other = engagement('e2');
const others = [other.opened('2025-01-01', { customer: 'd' }), other.started('2025-03-10', 's', 300)];

const customerAt = (month: string, events: readonly RecordedEvent[], measured = 'EUR') =>
  monthsAt('customer_months', now, events).get(`${c}#${month}#${measured}`);
const tenantAt = (month: string, events: readonly RecordedEvent[], measured = 'EUR') =>
  monthsAt('tenant_months', now, events).get(`all#${month}#${measured}`);

const unknown = { reason: 'amountUnknown' };
const noMoves = { newMinor: null, expansionMinor: null, churnMinor: null, transferInMinor: null };

describe('a customer with an unknown amount', () => {
  it('has null amounts from that month on, and known ones before', () => {
    const events = [opened, known, bare];
    expect(customerAt('2026-02', events)).toMatchObject({ startMinor: 1000, endMinor: 1000, reason: null });
    expect(customerAt('2026-03', events)).toMatchObject({ startMinor: 1000, endMinor: null, ...noMoves, ...unknown });
    expect(customerAt('2026-04', events)).toMatchObject({ startMinor: null, endMinor: null, ...noMoves, ...unknown });
  });

  it('has known amounts again from the month after the amount became known, or ended', () => {
    for (const clears of [e.changed('2026-05-10', 'bare', 0), e.ended('2026-05-10', 'bare')]) {
      const events = [opened, known, bare, clears];
      expect(customerAt('2026-05', events)).toMatchObject({ startMinor: null, endMinor: 1000, ...noMoves, ...unknown });
      expect(customerAt('2026-06', events)).toMatchObject({
        startMinor: 1000,
        newMinor: 0,
        endMinor: 1000,
        reason: null,
      });
    }
  });

  it('has a row without a currency while the amount is unknown', () => {
    const alone = [opened, bare, e.changed('2026-05-10', 'bare', 70)];
    expect(customerAt('2026-04', alone, 'unknown')).toMatchObject({ measure: 'money', currency: null, endMinor: null });
    expect(customerAt('2026-04', alone)).toBeUndefined();
    expect(customerAt('2026-05', alone)).toMatchObject({ startMinor: null, endMinor: 70, ...noMoves, ...unknown });
    expect(customerAt('2026-06', alone)).toMatchObject({ startMinor: 70, endMinor: 70, reason: null });
  });

  it('is a logo while another subscription has revenue; otherwise that is not known either', () => {
    expect(customerAt('2026-04', [opened, known, bare], 'logos')).toMatchObject({
      logosStart: 1,
      logosEnd: 1,
      reason: null,
    });
    expect(customerAt('2026-03', [opened, bare], 'logos')).toMatchObject({
      logosStart: 0,
      logosEnd: null,
      newLogos: null,
    });
    const ended = [opened, known, bare, e.ended('2026-04-10', 's')];
    expect(customerAt('2026-04', ended, 'logos')).toMatchObject({
      logosStart: 1,
      logosEnd: null,
      churnedLogos: null,
      ...unknown,
    });
  });

  it('has a window with null at the end that is not known', () => {
    const events = [opened, known, bare];
    const side = { windowStartMinor: 1000, windowEndMinor: null, windowRetainedMinor: null };
    expect(customerAt('2026-07', events)).toMatchObject({ ...side, windowReason: 'amountUnknown' });
    expect(customerAt('2026-02', events)).toMatchObject({
      windowStartMinor: 0,
      windowEndMinor: 1000,
      windowReason: null,
    });
  });

  it('has such a window also in a currency that had no known amount by then', () => {
    const alone = [opened, bare, e.changed('2026-05-10', 'bare', 70)];
    const rows = monthsAt('customer_months', '2027-06-01', alone);
    expect(rows.get(`${c}#2027-04#EUR`)).toMatchObject({ windowStartMinor: null, windowEndMinor: 70 });
    expect(rows.get(`${c}#2027-05#EUR`)).toMatchObject({
      windowStartMinor: 70,
      windowEndMinor: 70,
      windowReason: null,
    });
  });

  it('is not new afterwards', () => {
    const events = [opened, bare, e.ended('2026-04-10', 'bare'), e.started('2026-06-10', 't', 50)];
    expect(customerAt('2026-06', events)).toMatchObject({ newMinor: 0, reactivationMinor: 50 });
    expect(customerAt('2026-06', events, 'logos')).toMatchObject({ newLogos: 0, reactivatedLogos: 1 });
  });
});

describe('sums', () => {
  const events = [opened, known, bare, ...others];

  it('leave out that customer in the month, in every currency, and count it', () => {
    expect(tenantAt('2026-02', events)).toMatchObject({ startMinor: 1300, endMinor: 1300, unknownCustomers: 0 });
    expect(tenantAt('2026-03', events)).toMatchObject({ startMinor: 300, endMinor: 300, unknownCustomers: 1 });
  });

  it('leave it out at both ends of retention, and count it', () => {
    expect(tenantAt('2026-07', events)).toMatchObject({
      nrr: 1,
      nrrNumerator: 300,
      nrrDenominator: 300,
      nrrN: 1,
      windowUnknownCustomers: 1,
    });
  });

  it('count it among the logos if it is known to have revenue', () => {
    expect(tenantAt('2026-07', events, 'logos')).toMatchObject({ logosEnd: 2, unknownCustomers: 0, logoRetentionN: 2 });
    expect(tenantAt('2026-07', [opened, bare, ...others], 'logos')).toMatchObject({
      logosEnd: 1,
      unknownCustomers: 1,
      windowUnknownCustomers: 1,
      logoRetentionN: 1,
    });
  });
});
