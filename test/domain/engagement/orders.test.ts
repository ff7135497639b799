// Which claims are one order, what does the order say, and do its legs conserve value?
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../domain/engagement/facts.ts';
import { legsConserve, ordersOf } from '../../../domain/engagement/orders.ts';
import { inFoldOrder } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { recorded, type Said } from '../../support/histories/events.ts';

const org = (id: string) => ({ system: 'crm', kind: 'account', id });
const leg = (component: string, seller: string, buyer: string, amountMinor = 100, currency = 'USD') => ({
  seq: 1,
  component,
  seller: org(seller),
  buyer: org(buyer),
  amount: { amountMinor, currency },
});
const claim = (at: string, said: Said<'OrderPlaced'>) => recorded('OrderPlaced', said, { at });
const orders = (...events: readonly RecordedEvent[]) => ordersOf(factsOf([...events].sort(inFoldOrder)));

describe('claims', () => {
  const crm = claim('2026-01-03', { claimedBy: 'crm', orderId: 'C1', poNumber: 'PO1', route: 'direct' });
  const market = claim('2026-01-02', { claimedBy: 'marketplace', orderId: 'M1', agreementId: 'A1' });
  const seller = claim('2026-01-04', {
    claimedBy: 'seller_of_record',
    orderId: 'S1',
    agreementId: 'A1',
    poNumber: 'PO1',
    route: 'two_tier',
  });

  it('without a shared key are separate orders, sorted by first claim', () => {
    expect(orders(crm, market).map(({ orderId }) => orderId)).toEqual(['M1', 'C1']);
  });

  it('with a shared key are one order, and joining is transitive', () => {
    const [order, ...others] = orders(crm, market, seller);
    expect(others).toEqual([]);
    expect(order).toMatchObject({ orderId: 'M1', claims: [market, crm, seller] });
  });

  it('merge by precedence of the claimant, whatever came first, and differences are named', () => {
    const [order] = orders(crm, market, seller);
    expect(order?.said).toMatchObject({
      claimedBy: 'seller_of_record',
      orderId: 'M1',
      route: 'two_tier',
      poNumber: 'PO1',
    });
    expect(order?.differences).toEqual(['route']);
  });

  it('without a field leave it to claims of lower precedence', () => {
    const silent = claim('2026-01-05', { claimedBy: 'seller_of_record', orderId: 'C1' });
    const legs = [leg('a', 'V', 'C')];
    const said = claim('2026-01-03', { claimedBy: 'crm', orderId: 'C1', legs });
    expect(orders(said, silent)[0]).toMatchObject({ said: { legs, claimedBy: 'seller_of_record' }, differences: [] });
  });

  it.each([
    ['an amount later', { currency: 'EUR' }, { total: { amount: '5' } }, { amount: '5', currency: 'EUR' }],
    [
      'another amount later',
      { total: { amount: '4', currency: 'EUR' } },
      { total: { amount: '5' } },
      { amount: '5', currency: 'EUR' },
    ],
    [
      'another currency later',
      { total: { amount: '4', currency: 'EUR' } },
      { currency: 'NOK' },
      { amount: '4', currency: 'NOK' },
    ],
    ['no currency at all', { total: { amount: '4' } }, { total: { amount: '5' } }, { amount: '5' }],
  ])('of one claimant give the total the currency that was named last: %s', (_, first, later, total) => {
    const crmSays = (at: string, said: Partial<Said<'OrderPlaced'>>) =>
      claim(at, { claimedBy: 'crm', orderId: 'C1', ...said });
    expect(orders(crmSays('2026-01-03', first), crmSays('2026-01-04', later))[0]?.said.total).toEqual(total);
  });
});

describe('a fulfilment', () => {
  it('belongs to the order that one of its keys names; the first one counts', () => {
    const placed = claim('2026-01-02', { claimedBy: 'crm', orderId: 'C1', agreementId: 'A1' });
    const first = recorded('OrderFulfilled', { orderId: 'A1' }, { at: '2026-01-03' });
    const second = recorded('OrderFulfilled', { orderId: 'C1' }, { at: '2026-01-04' });
    const stray = recorded('OrderFulfilled', { orderId: 'X' }, { at: '2026-01-01' });
    expect(orders(stray, placed, first, second)).toMatchObject([{ orderId: 'C1', fulfilled: first }]);
  });
});

describe('legs conserve value', () => {
  it('if each component goes from one first seller to one customer', () => {
    expect(legsConserve([leg('a', 'V', 'C')])).toBe(true);
    expect(legsConserve([leg('a', 'V', 'D'), leg('a', 'P', 'C'), leg('a', 'D', 'P')])).toBe(true);
    expect(legsConserve([leg('a', 'V', 'P'), leg('a', 'P', 'C'), leg('b', 'P', 'C')])).toBe(true);
  });

  it('not if a seller has not bought, a chain ends twice, or currencies differ', () => {
    expect(legsConserve([leg('a', 'V', 'D'), leg('a', 'P', 'C')])).toBe(false);
    expect(legsConserve([leg('a', 'V', 'C'), leg('a', 'V', 'X')])).toBe(false);
    expect(legsConserve([leg('a', 'V', 'P'), leg('a', 'P', 'C', 100, 'EUR')])).toBe(false);
    expect(legsConserve([leg('a', 'V', 'P'), leg('a', 'P', 'V')])).toBe(false);
  });
});
