// Do the worked numbers of retention come out, for partners and for the tenant (domain reference B1, B2, B20)?
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { engagement } from '../../support/histories/revenue.ts';
import { monthsAt } from '../../support/rolledUp.ts';
import { partyId } from '../../support/tabled.ts';

/** The window of July 2026 begins in August 2025. */
const now = '2026-08-01';
const before = '2025-03-10';
const within = '2026-02-10';
const p = partyId('p');

/** A customer of an engagement of its own, which the partner leads. */
const customer = (id: string, ...says: readonly ((e: ReturnType<typeof engagement>) => RecordedEvent)[]) => {
  const e = engagement(`of ${id}`);
  return [e.opened('2025-01-01', { customer: id, lead: 'p' }), ...says.map((say) => say(e))];
};

const tenantAt = (events: readonly RecordedEvent[], measured = 'EUR', month = '2026-07') =>
  monthsAt('tenant_months', now, events).get(`all#${month}#${measured}`);
const partnerAt = (events: readonly RecordedEvent[], measured = 'EUR', of = p) =>
  monthsAt('partner_months', now, events).get(`${of}#2026-07#${measured}`);

describe('revenue retention (B1)', () => {
  const worked = [
    ...customer(
      'A',
      (e) => e.started(before, 's', 1000),
      (e) => e.changed(within, 's', 1200),
    ),
    ...customer(
      'B',
      (e) => e.started(before, 's', 1000),
      (e) => e.changed(within, 's', 700),
    ),
    ...customer(
      'C',
      (e) => e.started(before, 's', 500),
      (e) => e.ended(within, 's'),
    ),
    ...customer('D', (e) => e.started(before, 's', 500)),
    ...customer('E', (e) => e.started(within, 's', 900)),
  ];

  it('is 80.00 % net and 73.33 % gross', () => {
    const expected = {
      nrr: 0.8,
      nrrNumerator: 2400,
      nrrDenominator: 3000,
      nrrN: 4,
      nrrReason: null,
      grr: 0.733333,
      grrNumerator: 2200,
      grrDenominator: 3000,
      grrN: 4,
      grrReason: null,
      lowN: true,
      endMinor: 3300,
      unknownCustomers: 0,
    };
    expect(tenantAt(worked)).toMatchObject(expected);
    expect(partnerAt(worked)).toMatchObject({ ...expected, leadPartnerId: p });
  });

  it('keeps a customer whose revenue falls and recovers, and shows both movements', () => {
    const dips = customer(
      'A',
      (e) => e.started(before, 's', 1000),
      (e) => e.changed('2025-10-01', 's', 400),
      (e) => e.changed('2026-07-01', 's', 1000),
    );
    expect(tenantAt(dips)).toMatchObject({ nrr: 1, grr: 1, expansionMinor: 600 });
    expect(tenantAt(dips, 'EUR', '2025-10')).toMatchObject({ contractionMinor: 600 });
  });

  it('without a base is null and says so; it is not 0', () => {
    const base = { nrr: null, nrrReason: 'noBase', nrrDenominator: 0, nrrN: 0, grr: null, grrReason: 'noBase' };
    expect(tenantAt(customer('E', (e) => e.started(within, 's', 900)))).toMatchObject({ ...base, endMinor: 900 });
  });

  it('is computed within each currency', () => {
    const both = [
      ...customer(
        'A',
        (e) => e.started(before, 's', 1000),
        (e) => e.changed(within, 's', 500),
      ),
      ...customer('B', (e) => e.started(before, 's', 100, { currency: 'NOK' })),
    ];
    expect(tenantAt(both)).toMatchObject({ nrr: 0.5, nrrN: 1 });
    expect(tenantAt(both, 'NOK')).toMatchObject({ nrr: 1, nrrN: 1, currency: 'NOK' });
    expect(tenantAt(both, 'logos')).toMatchObject({ logoRetention: 1, logoRetentionN: 2, currency: null, nrr: null });
  });
});

describe('logo retention (B2)', () => {
  const twenty = Array.from({ length: 20 }, (_, index) =>
    index === 0
      ? customer(
          'gone',
          (e) => e.started(before, 's', 100),
          (e) => e.ended(within, 's'),
        )
      : customer(`kept ${index}`, (e) => e.started(before, 's', 100)),
  ).flat();
  const four = Array.from({ length: 4 }, (_, index) =>
    customer(`new ${index}`, (e) => e.started(within, 's', 1)),
  ).flat();
  const expected = {
    logoRetention: 0.95,
    logoRetentionNumerator: 19,
    logoRetentionDenominator: 20,
    logoRetentionN: 20,
    logoRetentionReason: null,
    lowN: false,
  };

  it('is 95.0 % if one of twenty customers is lost', () => {
    expect(tenantAt(twenty, 'logos')).toMatchObject({ ...expected, logosEnd: 19 });
    expect(partnerAt(twenty, 'logos')).toMatchObject({ ...expected, logosEnd: 19 });
  });

  it('is the same with four new customers', () => {
    expect(tenantAt([...twenty, ...four], 'logos')).toMatchObject({ ...expected, logosEnd: 23 });
  });

  it('keeps a customer that is lost and returns inside the window, and lists the reactivation', () => {
    const back = customer(
      'A',
      (e) => e.started(before, 's', 100),
      (e) => e.ended('2026-05-10', 's'),
      (e) => e.started('2026-07-10', 't', 100),
    );
    expect(tenantAt(back, 'logos')).toMatchObject({
      logoRetention: 1,
      reactivatedLogos: 1,
      logosStart: 0,
      logosEnd: 1,
    });
  });

  it('without a base is null and says so', () => {
    expect(tenantAt(four, 'logos')).toMatchObject({ logoRetention: null, logoRetentionReason: 'noBase', lowN: true });
  });
});

describe('the MSP case (B20)', () => {
  it('gives 42,000,000 a year for 50 managed services at 70,000 a month, 840,000 each', () => {
    const fifty = Array.from({ length: 50 }, (_, index) =>
      customer(`c${index}`, (e) => e.started(before, 's', 840_000)),
    );
    expect(tenantAt(fifty.flat())).toMatchObject({ endMinor: 42_000_000, nrr: 1, nrrN: 50 });
    expect(tenantAt(fifty.flat(), 'logos')).toMatchObject({ logosEnd: 50 });
  });

  it('retains 100.0 % if nothing changes, with no expansion', () => {
    const same = customer('c', (e) => e.started(before, 's', 240_000, { currency: 'USD' }));
    expect(tenantAt(same, 'USD')).toMatchObject({ nrr: 1, expansionMinor: 0, contractionMinor: 0 });
  });
});

describe('a customer that two partners serve', () => {
  const e = engagement('other');
  const served = [
    ...customer('A', (own) => own.started(before, 's', 1000)),
    e.opened('2025-01-01', { customer: 'A', lead: 'q' }),
    e.started(before, 's', 500),
  ];

  it('is one logo for the vendor, and one for each partner', () => {
    expect(tenantAt(served, 'logos')).toMatchObject({ logosEnd: 1, logoRetentionN: 1 });
    expect(partnerAt(served, 'logos')).toMatchObject({ logosEnd: 1 });
    expect(partnerAt(served, 'logos', partyId('q'))).toMatchObject({ logosEnd: 1 });
    expect(tenantAt(served)).toMatchObject({ endMinor: 1500, nrrN: 1 });
  });

  it('is a contraction for the vendor if it leaves one partner, and churn for that partner', () => {
    const left = [...served, e.ended('2026-07-10', 's')];
    expect(tenantAt(left)).toMatchObject({ contractionMinor: 500, churnMinor: 0 });
    expect(tenantAt(left, 'logos')).toMatchObject({ logosEnd: 1, churnedLogos: 0, logoRetention: 1 });
    expect(partnerAt(left, 'logos', partyId('q'))).toMatchObject({ logosEnd: 0, churnedLogos: 1, logoRetention: 0 });
  });
});
