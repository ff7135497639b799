// How is the ratio of two sums computed and rounded?
import { quotient } from '../quotient.ts';

const scale = 1_000_000;

/**
 * `numerator` / `denominator`, both integers of 0 or more. The ratio has six decimals, rounded half to even: 0.733333
 * is 73.33 %. Null if the denominator is 0 (domain reference B0: never 0, never infinite).
 */
export const ratioOf = (numerator: number, denominator: number): number | null => {
  if (denominator === 0) return null;
  return Number(quotient(BigInt(numerator) * BigInt(scale), BigInt(denominator))) / scale;
};
