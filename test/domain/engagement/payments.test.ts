// Do the amounts that all parties keep sum to what the customer pays, on every route and in any chain?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../domain/engagement/facts.ts';
import { ordersOf } from '../../../domain/engagement/orders.ts';
import { type Payment, paidByCustomer, paymentsOf, retainedOf } from '../../../domain/engagement/payments.ts';
import { contextOf } from '../../support/contexts.ts';
import { recorded } from '../../support/histories/events.ts';

type Entry = readonly [to: string, from: string, amount: number, component?: string];

const org = (id: string) => ({ system: 'crm', kind: 'account', id });
const usd = (dollars: number) => ({ amountMinor: dollars * 100, currency: 'USD' });

/** An order's payments, from seller to buyer as domain reference D5 writes them, in dollars. */
const payments = (legs: readonly Entry[], fees: readonly Entry[] = []): readonly Payment[] => {
  const placed = recorded(
    'OrderPlaced',
    {
      claimedBy: 'crm',
      orderId: 'O',
      legs: legs.map(([seller, buyer, amount, component = 'licence'], index) => ({
        seq: index + 1,
        component,
        seller: org(seller),
        buyer: org(buyer),
        amount: usd(amount),
      })),
      fees: fees.map(([payee, payer, amount]) => ({
        payee: org(payee),
        payer: org(payer),
        kind: 'listing',
        amount: usd(amount),
      })),
    },
    { at: '2026-01-01' },
  );
  const links = new Map(['V', 'D', 'P', 'C', 'M', 'I', 'S'].map((id) => [`crm|account|${id}`, id]));
  return ordersOf(factsOf([placed])).flatMap((order) => paymentsOf(order, contextOf({ links })));
};

const keptBy = (all: readonly Payment[]): Readonly<Record<string, number>> => {
  const kept: Record<string, number> = {};
  retainedOf(all).forEach(({ kept: left }, index) => {
    const to = all[index]?.to ?? '';
    kept[to] = (kept[to] ?? 0) + (left ?? Number.NaN);
  });
  return Object.fromEntries(Object.entries(kept).map(([party, minor]) => [party, minor / 100]));
};

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
const paid = (all: readonly Payment[]): number => sum(paidByCustomer(all).map(({ amountMinor }) => amountMinor)) / 100;

describe('the routes of domain reference D5', () => {
  const routes: readonly [string, readonly Payment[], Readonly<Record<string, number>>, number][] = [
    [
      'two-tier',
      payments([
        ['V', 'D', 7600],
        ['D', 'P', 8000],
        ['P', 'C', 10_000],
      ]),
      { V: 7600, D: 400, P: 2000 },
      10_000,
    ],
    ['direct', payments([['V', 'C', 10_000]]), { V: 10_000 }, 10_000],
    ['marketplace', payments([['V', 'C', 10_000]], [['M', 'V', 300]]), { V: 9700, M: 300 }, 10_000],
    [
      'marketplace through a partner',
      payments(
        [
          ['V', 'P', 8000],
          ['P', 'C', 10_000],
        ],
        [['M', 'V', 350]],
      ),
      { V: 7650, P: 2000, M: 350 },
      10_000,
    ],
    [
      'co-sell',
      payments([
        ['V', 'P', 8000],
        ['P', 'C', 10_000],
        ['I', 'C', 4000, 'add-on'],
        ['S', 'C', 15_000, 'service'],
      ]),
      { V: 8000, P: 2000, I: 4000, S: 15_000 },
      29_000,
    ],
  ];

  it.each(routes)(
    '%s: each party keeps the expected amount, and the amounts sum to the price',
    (_, all, kept, price) => {
      expect(keptBy(all)).toEqual(kept);
      expect(paid(all)).toBe(price);
      expect(sum(Object.values(kept))).toBe(price);
    },
  );
});

describe('an order of several components', () => {
  it('subtracts what a party buys from what it sells of the same component', () => {
    const all = payments([
      ['V', 'P', 60, 'a'],
      ['I', 'P', 30, 'b'],
      ['P', 'C', 100, 'a'],
      ['P', 'C', 50, 'b'],
    ]);
    expect(retainedOf(all).map(({ bought, kept }) => [bought, kept])).toEqual([
      [0, 6000],
      [0, 3000],
      [6000, 4000],
      [3000, 2000],
    ]);
  });

  it('subtracts what a party buys for its own use from what it sells', () => {
    const all = payments([
      ['V', 'P', 60, 'tool'],
      ['P', 'C', 100, 'service'],
    ]);
    expect(keptBy(all)).toEqual({ V: 60, P: 40 });
  });

  it('counts a fee that the customer pays as paid by the customer', () => {
    const all = payments([['V', 'C', 100]], [['M', 'C', 5]]);
    expect(keptBy(all)).toEqual({ V: 100, M: 5 });
    expect(paid(all)).toBe(105);
  });

  it('leaves the kept amount undefined if it is in several currencies', () => {
    const [leg, fee] = payments([['V', 'C', 100]], [['M', 'V', 5]]);
    if (leg === undefined || fee === undefined) throw new Error('two payments were made');
    expect(retainedOf([leg, { ...fee, currency: 'EUR' }])).toEqual([
      { bought: 0, fees: undefined, kept: undefined },
      { bought: 0, fees: 0, kept: 500 },
    ]);
  });
});

describe('any order in one currency', () => {
  const party = fc.constantFrom('V', 'D', 'P', 'I', 'S', 'M', 'C');
  const amount = fc.integer({ min: 0, max: 100_000 });

  it('with complete chains: the customer pays the sum of what every party keeps', () => {
    const chain = fc
      .tuple(
        fc.shuffledSubarray(['V', 'D', 'P', 'I', 'S'], { minLength: 1 }),
        fc.array(amount, { minLength: 5, maxLength: 5 }),
      )
      .map(([sellers, amounts]) =>
        sellers.map((seller, index) => [seller, sellers[index + 1] ?? 'C', amounts[index] ?? 0] as const),
      );
    const chains = fc
      .array(chain, { minLength: 1, maxLength: 4 })
      .map((all) =>
        all.flatMap((legs, index) => legs.map(([to, from, price]) => [to, from, price, `c${index}`] as const)),
      );
    const fees = fc.array(fc.tuple(fc.constantFrom('M', 'D', 'P'), fc.constantFrom('seller', 'C'), amount), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(chains, fees, (legs, said) => {
        const extra = said.map(
          ([to, from, price]) => [to, from === 'C' ? from : (legs[0]?.[0] ?? 'C'), price] as const,
        );
        const all = payments(legs, extra);
        expect(sum(Object.values(keptBy(all)))).toBeCloseTo(paid(all), 6);
        const prices = legs.filter(([, from]) => from === 'C').map(([, , price]) => price);
        const charged = extra.filter(([, from]) => from === 'C').map(([, , price]) => price);
        expect(paid(all)).toBeCloseTo(sum([...prices, ...charged]), 6);
      }),
    );
  });

  it('with any shape: nothing is lost between the parties', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(party, party, amount, fc.constantFrom('a', 'b')), { maxLength: 8 }), (legs) => {
        const all = payments(legs);
        expect(sum(Object.values(keptBy(all)))).toBeCloseTo(paid(all), 6);
      }),
    );
  });
});
