// Does each leg and fee have a row, with what its seller keeps or why that is not known?
import { describe, expect, it } from 'vitest';
import { recorded } from '../../support/histories/events.ts';
import { columnsAt, org, partyId, tableAt } from '../../support/tabled.ts';

const leg = (seq: number, seller: string, buyer: string, amountMinor: number, currency = 'USD') => ({
  seq,
  component: 'licence',
  seller: org(seller),
  buyer: org(buyer),
  amount: { amountMinor, currency },
});
const fee = (payee: string, payer: string, amountMinor: number, currency = 'USD') => ({
  payee: org(payee),
  payer: org(payer),
  kind: 'listing',
  amount: { amountMinor, currency },
});
const placed = (legs: readonly ReturnType<typeof leg>[], fees: readonly ReturnType<typeof fee>[] = []) =>
  recorded(
    'OrderPlaced',
    {
      claimedBy: 'marketplace',
      orderId: 'O',
      route: 'marketplace',
      marketplace: 'aws',
      legs: [...legs],
      fees: [...fees],
    },
    { at: '2026-02-01' },
  );
const now = '2026-03-01';

describe('an order through a marketplace and a partner', () => {
  const order = placed([leg(2, 'P', 'C', 1_000_000), leg(1, 'V', 'P', 800_000)], [fee('M', 'V', 35_000)]);
  const rows = tableAt('order_legs', now, [order]);

  it('has a row for each leg, by its number, then for each fee', () => {
    expect(rows.map(({ rowKey }) => rowKey)).toEqual(['e1#O#0001', 'e1#O#0002', 'e1#O#0003']);
    expect(rows[0]?.columns).toMatchObject({
      orderId: 'O',
      kind: 'leg',
      seq: 1,
      component: 'licence',
      sellerId: partyId('V'),
      buyerId: partyId('P'),
      amountMinor: 800_000,
      currency: 'USD',
      boughtMinor: 0,
      feesMinor: 35_000,
      retainedBySellerMinor: 765_000,
      retainedReason: null,
      route: 'marketplace',
      marketplace: 'aws',
      claimedBy: 'marketplace',
      lastEventId: order.eventId,
    });
    expect(rows[2]?.columns).toMatchObject({
      kind: 'fee',
      seq: null,
      component: null,
      feeKind: 'listing',
      sellerId: partyId('M'),
      buyerId: partyId('V'),
      retainedBySellerMinor: 35_000,
    });
  });

  it('sums to what the customer pays', () => {
    expect(rows.map(({ columns }) => Number(columns.retainedBySellerMinor)).reduce((a, b) => a + b)).toBe(1_000_000);
  });
});

describe('what a seller keeps is not known', () => {
  it('if legs are missing', () => {
    expect(columnsAt('order_legs', now, [placed([leg(1, 'V', 'D', 5), leg(2, 'P', 'C', 9)])])).toMatchObject([
      { retainedBySellerMinor: null, retainedReason: 'legsIncomplete' },
      { retainedBySellerMinor: null, retainedReason: 'legsIncomplete' },
    ]);
  });

  it('if a fee is in another currency', () => {
    expect(columnsAt('order_legs', now, [placed([leg(1, 'V', 'C', 5)], [fee('M', 'V', 1, 'EUR')])])[0]).toMatchObject({
      feesMinor: null,
      retainedBySellerMinor: null,
      retainedReason: 'mixedCurrencies',
    });
  });
});

describe('an order without legs', () => {
  it('has no rows', () => {
    expect(columnsAt('order_legs', now, [placed([])])).toEqual([]);
  });
});
