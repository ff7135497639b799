// Is a ratio exact to six decimals, rounded half to even, and null if the denominator is 0?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ratioOf } from '../../../domain/rollups/ratio.ts';

describe('a ratio', () => {
  it.each([
    [2200, 3000, 0.733333],
    [2, 3, 0.666667],
    [19, 20, 0.95],
    [0, 7, 0],
    [5, 5, 1],
    [12, 5, 2.4],
    [1, 2_000_000, 0],
    [3, 2_000_000, 0.000002],
    [5, 2_000_000, 0.000002],
    [9_007_199_254_740_991, 9_007_199_254_740_991, 1],
  ])('of %d to %d is %d', (numerator, denominator, ratio) => {
    expect(ratioOf(numerator, denominator)).toBe(ratio);
  });

  it('with the denominator 0 is null, also 0 / 0', () => {
    expect(ratioOf(5, 0)).toBeNull();
    expect(ratioOf(0, 0)).toBeNull();
  });

  it('is within half a millionth, and has no further decimals', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000_000), fc.integer({ min: 1, max: 1_000_000_000 }), (numerator, denominator) => {
        const ratio = ratioOf(numerator, denominator) ?? Number.NaN;
        expect(Math.abs(ratio - numerator / denominator)).toBeLessThanOrEqual(0.5e-6 + ratio * 1e-15);
        expect(Number(ratio.toFixed(6))).toBe(ratio);
      }),
    );
  });
});
