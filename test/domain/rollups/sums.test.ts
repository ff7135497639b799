// Are the months of partners and of the tenant the same as sums of subscriptions, computed again at every instant?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monthAt, placeOf } from '../../../domain/rollups/months.ts';
import type { Row } from '../../../domain/rows/row.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import type { Instant } from '../../../events/instant.ts';
import { type Expected, expectedOf } from '../../support/histories/revenueOracle.ts';
import { aNow, someKnownRevenue, someRevenue } from '../../support/histories/someRevenue.ts';
import { monthsAt } from '../../support/rolledUp.ts';
import { partyId } from '../../support/tabled.ts';

const money = (row: Row['columns'] | undefined) => ({
  start: row?.startMinor ?? 0,
  end: row?.endMinor ?? 0,
  moves: {
    new: row?.newMinor ?? 0,
    expansion: row?.expansionMinor ?? 0,
    reactivation: row?.reactivationMinor ?? 0,
    transferIn: row?.transferInMinor ?? 0,
    contraction: row?.contractionMinor ?? 0,
    churn: row?.churnMinor ?? 0,
    transferOut: row?.transferOutMinor ?? 0,
  },
  denominator: row?.nrrDenominator ?? 0,
  numerator: row?.nrrNumerator ?? 0,
  retained: row?.grrNumerator ?? 0,
  n: row?.nrrN ?? 0,
  transferOut: row?.windowTransferOutMinor ?? 0,
  transferIn: row?.windowTransferInMinor ?? 0,
});

const logos = (row: Row['columns'] | undefined) => ({
  start: row?.logosStart ?? 0,
  end: row?.logosEnd ?? 0,
  moves: {
    new: row?.newLogos ?? 0,
    expansion: 0,
    reactivation: row?.reactivatedLogos ?? 0,
    transferIn: row?.transferredInLogos ?? 0,
    contraction: 0,
    churn: row?.churnedLogos ?? 0,
    transferOut: row?.transferredOutLogos ?? 0,
  },
  denominator: row?.logoRetentionDenominator ?? 0,
  numerator: row?.logoRetentionNumerator ?? 0,
  retained: row?.logoRetentionNumerator ?? 0,
  n: row?.logoRetentionN ?? 0,
  transferOut: 0,
  transferIn: 0,
});

/** What a row says in the oracle's words; counts apart only where there is a row to say them. */
const said = (measure: string, row: Row['columns'] | undefined, expected: Expected) => ({
  ...(measure === 'logos' ? logos(row) : money(row)),
  unknown: row?.unknownCustomers ?? expected.unknown,
  windowUnknown: row?.windowUnknownCustomers ?? expected.windowUnknown,
  transferred: row?.windowTransferredCustomers ?? expected.transferred,
});

/** Compares every month, also those without rows, of a scope. */
const compare = (events: readonly RecordedEvent[], now: Instant, partner: string | null): void => {
  const rows = monthsAt(partner === null ? 'tenant_months' : 'partner_months', now, events);
  const expected = expectedOf(events, now);
  const group = partner === null ? 'all' : partyId(partner);
  for (let place = placeOf('2023-11'); place <= placeOf(now); place += 1) {
    for (const measure of ['EUR', 'NOK', 'logos']) {
      const month = monthAt(place);
      const should = expected({ month, measure, partner: partner === null ? null : group });
      const row = rows.get(`${group}#${month}#${measure}`);
      expect(said(measure, row, should), `${group} ${month} ${measure}`).toEqual(should);
    }
  }
};

describe('the months of all engagements', () => {
  it('of the tenant are the sums of their subscriptions', () => {
    fc.assert(
      fc.property(someRevenue, aNow, (events, now) => compare(events, now, null)),
      { numRuns: 60 },
    );
  }, 60_000);

  it('of each partner are the sums of its subscriptions', () => {
    fc.assert(
      fc.property(someRevenue, aNow, fc.constantFrom('p', 'q'), (events, now, partner) =>
        compare(events, now, partner),
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  it('of each partner are these sums also if every amount is known', () => {
    fc.assert(
      fc.property(someKnownRevenue, aNow, fc.constantFrom('p', 'q'), (events, now, partner) =>
        compare(events, now, partner),
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});
