// How are exact sums and quotients of integers computed, beyond what a JavaScript number holds?

/** The quotient of two integers of 0 or more, rounded half to even. Throws if the denominator is 0. */
export const quotient = (numerator: bigint, denominator: bigint): bigint => {
  const [below, rest] = [numerator / denominator, numerator % denominator];
  const isUp = rest * 2n > denominator || (rest * 2n === denominator && below % 2n === 1n);
  return isUp ? below + 1n : below;
};

/** The integer as a number; undefined if a number can not hold it exactly (beyond 2⁵³), so that no row holds it. */
export const safeNumber = (integer: bigint): number | undefined => {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : undefined;
};
