// Does every list of legs have a shape or none, also where parties sell to each other in a circle?
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { routesFitting } from '../../../domain/patterns/orderShape.ts';
import { contextOf } from '../../support/contexts.ts';
import { instant, recorded, type Said } from '../../support/histories/events.ts';

const org = (id: string) => ({ system: 'crm', kind: 'account', id });
const at = instant('2026-03-01');

const shapeOf = (sales: readonly (readonly [string, string])[]) => {
  const placed = recorded(
    'OrderPlaced',
    {
      ...{ claimedBy: 'crm', orderId: 'o' },
      legs: sales.map(([seller, buyer], index) => ({
        ...{ seq: index + 1, component: 'licence', seller: org(seller), buyer: org(buyer) },
        amount: { amountMinor: 100, currency: 'EUR' },
      })),
    },
    { at: '2026-03-01' },
  );
  return routesFitting(placed.data, { engagement: foldEngagement([placed]), context: contextOf(), at });
};

describe('a circle of sales has no shape', () => {
  test.each([
    ['a sale to oneself', [['a', 'a']]],
    [
      'a sale, then one to oneself',
      [
        ['a', 'b'],
        ['b', 'b'],
      ],
    ],
    [
      'two that sell to each other',
      [
        ['a', 'b'],
        ['b', 'a'],
      ],
    ],
    [
      'a sale into a circle',
      [
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'b'],
      ],
    ],
    [
      'a sale beside a circle',
      [
        ['a', 'b'],
        ['c', 'd'],
        ['d', 'c'],
      ],
    ],
  ] as const)('%s', (_, sales) => {
    expect(shapeOf(sales)).toBeUndefined();
  });
});

test('a chain of three is two-tier', () => {
  expect(
    shapeOf([
      ['b', 'c'],
      ['a', 'b'],
      ['c', 'd'],
    ])?.has('two_tier'),
  ).toBe(true);
});

test('any list of legs is judged', () => {
  const party = fc.constantFrom('a', 'b', 'c', 'd');
  fc.assert(
    fc.property(fc.array(fc.tuple(party, party), { maxLength: 6 }), (sales) => {
      const shape = shapeOf(sales);
      expect(shape === undefined || shape.size > 0).toBe(true);
    }),
  );
});

describe('the routes that a shape fits', () => {
  type Sale = readonly [seller: string, buyer: string, component?: string];
  const order = (sales: readonly Sale[], said: Partial<Said<'OrderPlaced'>> = {}) =>
    recorded(
      'OrderPlaced',
      {
        ...{ claimedBy: 'crm', orderId: 'o' },
        legs: sales.map(([seller, buyer, component = 'licence'], index) => ({
          ...{ seq: index + 1, component, seller: org(seller), buyer: org(buyer) },
          amount: { amountMinor: 100, currency: 'EUR' },
        })),
        ...said,
      },
      { at: '2026-03-01' },
    );
  const led = recorded('EngagementOpened', { leadPartner: org('P') }, { at: '2026-01-01' });
  const fits = (sales: readonly Sale[], said: Partial<Said<'OrderPlaced'>> = {}) => {
    const placed = order(sales, said);
    const routes = routesFitting(placed.data, { engagement: foldEngagement([led, placed]), context: contextOf(), at });
    return routes === undefined ? undefined : [...routes].sort();
  };

  test.each<readonly [string, readonly Sale[], readonly string[]]>([
    ['one sale by somebody', [['V', 'C']], ['co_sell', 'direct', 'marketplace']],
    ['one sale by the partner that leads', [['P', 'C']], ['co_sell', 'marketplace', 'two_tier']],
    [
      'two sales',
      [
        ['V', 'P'],
        ['P', 'C'],
      ],
      ['co_sell', 'marketplace', 'two_tier'],
    ],
    [
      'three sales',
      [
        ['V', 'D'],
        ['D', 'P'],
        ['P', 'C'],
      ],
      ['co_sell', 'two_tier'],
    ],
    [
      'two components, the longer of which counts',
      [
        ['V', 'C'],
        ['D', 'R', 'x'],
        ['R', 'V', 'x'],
        ['V', 'C', 'x'],
      ],
      ['co_sell', 'two_tier'],
    ],
    [
      'the longer component first',
      [
        ['D', 'R'],
        ['R', 'V'],
        ['V', 'C'],
        ['V', 'C', 'x'],
      ],
      ['co_sell', 'two_tier'],
    ],
    [
      'two sellers to the customer',
      [
        ['V', 'C'],
        ['P', 'C', 'x'],
      ],
      ['co_sell'],
    ],
  ])('%s', (_, sales, routes) => {
    expect(fits(sales)).toEqual(routes);
  });

  test('a marketplace, or a fee of one, leaves out direct, and lets any length pass', () => {
    const fee = (kind: string) => ({
      fees: [{ kind, payee: org('M'), payer: org('V'), amount: { amountMinor: 1, currency: 'EUR' } }],
    });
    for (const said of [{ marketplace: 'aws' as const }, fee('Marketplace fee'), fee('marketplace')]) {
      expect(fits([['V', 'C']], said)).toEqual(['co_sell', 'marketplace']);
      expect(
        fits(
          [
            ['V', 'D'],
            ['D', 'P'],
            ['P', 'C'],
          ],
          said,
        ),
      ).toEqual(['co_sell', 'marketplace', 'two_tier']);
      expect(
        fits(
          [
            ['V', 'C'],
            ['P', 'C', 'x'],
          ],
          said,
        ),
      ).toEqual(['co_sell', 'marketplace']);
    }
    expect(fits([['V', 'C']], fee('listing'))).toEqual(['co_sell', 'direct', 'marketplace']);
  });

  test('is not known of legs that are missing, part, or end at somebody else than the customer', () => {
    expect(fits([])).toBeUndefined();
    expect(
      fits([
        ['V', 'D'],
        ['P', 'C'],
      ]),
    ).toBeUndefined();
    expect(
      fits([
        ['V', 'C'],
        ['V', 'C'],
      ]),
    ).toBeUndefined();
    expect(
      fits([
        ['V', 'C'],
        ['V', 'E', 'x'],
      ]),
    ).toBeUndefined();
    expect(
      fits([
        ['V', 'C'],
        ['a', 'b', 'x'],
        ['b', 'a', 'x'],
      ]),
    ).toBeUndefined();
    expect(fits([['V', 'C']], { customer: org('E') })).toBeUndefined();
    expect(fits([['V', 'C']], { customer: org('C') })).toEqual(['co_sell', 'direct', 'marketplace']);
  });
});
