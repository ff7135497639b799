// Does retention leave out, at both ends of the window, the revenue that changed its partner, and nothing else?
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { engagement } from '../../support/histories/revenue.ts';
import { monthsAt } from '../../support/rolledUp.ts';
import { partyId } from '../../support/tabled.ts';

/** The window of July 2026 begins in August 2025. */
const now = '2026-08-01';
const before = '2025-03-10';
const e = engagement('e1');
const stays = engagement('e2');
const [p, q] = [partyId('p'), partyId('q')];

const base = [
  e.opened('2025-01-01', { customer: 'c', lead: 'p' }),
  e.started(before, 's', 400),
  stays.opened('2025-01-01', { customer: 'c' }),
  stays.started(before, 'of p', 600, { partner: 'p' }),
  stays.started(before, 'of q', 500, { partner: 'q' }),
];

const partnerAt = (events: readonly RecordedEvent[], partner: string, measured = 'EUR', month = '2026-07') =>
  monthsAt('partner_months', now, events).get(`${partner}#${month}#${measured}`);

/** Denominator and numerators of a partner's retention, and what was left out of either side. */
const sidesOf = (events: readonly RecordedEvent[], partner: string, month = '2026-07') => {
  const row = partnerAt(events, partner, 'EUR', month) ?? {};
  return [row.nrrDenominator, row.nrrNumerator, row.windowTransferOutMinor, row.windowTransferInMinor];
};

const moved = e.assigned('2026-02-10', 'q');

describe('a subscription that is transferred in the window', () => {
  it('is left out at both ends, for both partners, and its customer is counted', () => {
    expect(partnerAt([...base, moved], p)).toMatchObject({ nrr: 1, grr: 1, windowTransferredCustomers: 1 });
    expect(sidesOf([...base, moved], p)).toEqual([600, 600, 400, 0]);
    expect(sidesOf([...base, moved], q)).toEqual([500, 500, 0, 400]);
  });

  it('is left out even if it changed or ended before or since', () => {
    const changed = [...base, e.changed('2025-10-01', 's', 450), moved, e.changed('2026-04-01', 's', 300)];
    expect(sidesOf(changed, p)).toEqual([600, 600, 400, 0]);
    expect(sidesOf(changed, q)).toEqual([500, 500, 0, 300]);
    expect(sidesOf([...base, moved, e.ended('2026-04-01', 's')], q)).toEqual([500, 500, 0, 0]);
  });

  it('counts again after the transfer is before the window', () => {
    const later = '2027-02';
    const at = (partner: string, month: string) => {
      const row = monthsAt('partner_months', '2027-03-01', [...base, moved]).get(`${partner}#${month}#EUR`) ?? {};
      return [row.nrrDenominator, row.nrrNumerator, row.windowTransferredCustomers];
    };
    expect(at(q, '2027-01')).toEqual([500, 500, 1]);
    expect(at(q, later)).toEqual([900, 900, 0]);
    expect(at(p, later)).toEqual([600, 600, 0]);
  });

  it('is left out at both ends also if it comes back', () => {
    const back = [...base, moved, e.assigned('2026-05-10', 'p')];
    expect(sidesOf(back, p)).toEqual([600, 600, 400, 400]);
    expect(sidesOf(back, q)).toEqual([500, 500, 0, 0]);
  });

  it('counts for the tenant as before', () => {
    const row = monthsAt('tenant_months', now, [...base, moved]).get('all#2026-07#EUR');
    expect(row).toMatchObject({ nrrDenominator: 1500, nrrNumerator: 1500, windowTransferredCustomers: 0 });
    expect(row).toMatchObject({ transferInMinor: 0, transferOutMinor: 0, windowTransferOutMinor: 0 });
  });

  it('takes its customer out of the logos of both ends if the customer has nothing else', () => {
    const alone = [e.opened('2025-01-01', { customer: 'c', lead: 'p' }), e.started(before, 's', 400), moved];
    const none = { logoRetention: null, logoRetentionReason: 'noBase', windowTransferredCustomers: 1 };
    expect(partnerAt(alone, p, 'logos')).toMatchObject({ ...none, logosEnd: 0 });
    expect(partnerAt(alone, q, 'logos')).toMatchObject({ ...none, logosEnd: 1 });
    expect(partnerAt(alone, q, 'EUR')).toMatchObject({ nrr: null, nrrReason: 'noBase', endMinor: 400 });
  });
});

describe('a subscription of a transferred engagement that was not transferred itself', () => {
  it('counts as lost for the partner that it ended with, also at the instant of the transfer', () => {
    const other = e.started(before, 'gone', 70);
    expect(sidesOf([...base, other, e.ended('2025-12-01', 'gone'), moved], p)).toEqual([670, 600, 400, 0]);
    expect(sidesOf([...base, other, e.ended('2026-02-10', 'gone'), moved], p)).toEqual([670, 600, 400, 0]);
  });

  it('counts at neither end if it began and ended in between', () => {
    const brief = [e.started('2025-10-01', 'brief', 70), e.ended('2025-12-01', 'brief')];
    expect(sidesOf([...base, ...brief, moved], p)).toEqual([600, 600, 400, 0]);
  });

  it('counts as new for the partner that it began with, also at the instant of the transfer', () => {
    const after = e.started('2026-04-01', 'new', 70);
    const at = e.started('2026-02-10', 'new', 70);
    expect(sidesOf([...base, moved, after], q)).toEqual([500, 570, 0, 400]);
    expect(sidesOf([...base, moved, at], q)).toEqual([500, 570, 0, 400]);
    expect(sidesOf([...base, moved, after, e.changed('2026-05-01', 'new', 90)], q)).toEqual([500, 590, 0, 400]);
  });

  it('counts for its own partner if it names one', () => {
    const own = e.started(before, 'own', 30, { partner: 'p' });
    expect(sidesOf([...base, own, moved], p)).toEqual([630, 630, 400, 0]);
  });
});

describe('a subscription that is transferred in another currency', () => {
  it('has not ended because its currency changed before, nor begun because it changed after', () => {
    const early = [...base, e.changed('2025-10-01', 's', 900, 'NOK'), moved];
    expect(sidesOf(early, p)).toEqual([600, 600, 400, 0]);
    const late = [...base, moved, e.changed('2026-04-01', 's', 900, 'NOK')];
    expect(sidesOf(late, q)).toEqual([500, 500, 0, 0]);
    expect(partnerAt(late, q, 'NOK')).toMatchObject({ nrrReason: 'noBase', windowTransferInMinor: 900, endMinor: 900 });
  });
});

describe('a subscription whose amount is not known', () => {
  it('does not leave out its customer if it is transferred', () => {
    const bare = e.started(before, 'bare', 'unknown');
    expect(partnerAt([...base, bare, moved], p)).toMatchObject({ nrrDenominator: 600, windowUnknownCustomers: 0 });
    expect(partnerAt([...base, bare], p)).toMatchObject({ nrrDenominator: 0, windowUnknownCustomers: 1 });
  });

  it('leaves out its customer if it is not transferred', () => {
    const bare = stays.started(before, 'bare', 'unknown', { partner: 'p' });
    expect(partnerAt([...base, bare, moved], p)).toMatchObject({ nrrDenominator: 0, windowUnknownCustomers: 1 });
  });
});
