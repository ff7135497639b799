// Does every list of legs have a shape or none, also where parties sell to each other in a circle?
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { routesFitting } from '../../../domain/patterns/orderShape.ts';
import { contextOf } from '../../support/contexts.ts';
import { instant, recorded } from '../../support/histories/events.ts';

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
