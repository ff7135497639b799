// How are sums of decimal prices made exactly, without a float?

/** An exact number: `n / 10^scale`. */
export interface Exact {
  readonly n: bigint;
  readonly scale: number;
}

export const whole = (n: bigint): Exact => ({ n, scale: 0 });

/** The exact value of decimal text in its shortest form, as `decimalOf` writes it. */
export const exactOf = (decimal: string): Exact => {
  const [integer = '', fraction = ''] = decimal.split('.');
  return { n: BigInt(integer + fraction), scale: fraction.length };
};

export const times = (value: Exact, factor: Exact): Exact => ({
  n: value.n * factor.n,
  scale: value.scale + factor.scale,
});

export const plus = (one: Exact, other: Exact): Exact => {
  const scale = Math.max(one.scale, other.scale);
  return {
    n: one.n * 10n ** BigInt(scale - one.scale) + other.n * 10n ** BigInt(scale - other.scale),
    scale,
  };
};

/** The value as a whole number; undefined if it has a fraction. */
export const wholeOf = ({ n, scale }: Exact): bigint | undefined => {
  const unit = 10n ** BigInt(scale);
  return n % unit === 0n ? n / unit : undefined;
};
