// How is the ratio of two sums computed and rounded?

const scale = 1_000_000;

/**
 * `numerator` / `denominator`, both integers of 0 or more. The ratio has six decimals, rounded half to even: 0.733333
 * is 73.33 %. Null if the denominator is 0 (domain reference B0: never 0, never infinite).
 */
export const ratioOf = (numerator: number, denominator: number): number | null => {
  if (denominator === 0) return null;
  const [scaled, by] = [BigInt(numerator) * BigInt(scale), BigInt(denominator)];
  const [below, rest] = [scaled / by, scaled % by];
  const isUp = rest * 2n > by || (rest * 2n === by && below % 2n === 1n);
  return Number(isUp ? below + 1n : below) / scale;
};
