// How is an amount of money written, and how is text read as money without a float?
import * as z from 'zod';

/** ISO 4217 exponents that differ from 2 (ISO 4217:2015, list one). */
const exponents: Readonly<Record<string, number>> = {
  BHD: 3,
  BIF: 0,
  CLF: 4,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  IQD: 3,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  PYG: 0,
  RWF: 0,
  TND: 3,
  UGX: 0,
  UYI: 0,
  UYW: 4,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
};

/** An ISO 4217 code: three capital letters. */
export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as EUR')
  .describe('An ISO 4217 code.');

/** Money: integer minor units (cents for EUR) of a currency. */
const amountMinor = z.int().describe('Minor units of the currency: cents for EUR.');
export const Money = z.strictObject({ amountMinor, currency: Currency }).describe('Money, which may be negative.');
export type Money = z.infer<typeof Money>;

/** Money that can't be negative: a price, a leg, a fee. */
export const Price = z
  .strictObject({ amountMinor: amountMinor.min(0), currency: Currency })
  .describe('Money that can not be negative.');

/** Text of a decimal number, as a source wrote it: `84000.0`. */
const DecimalText = z
  .string()
  .regex(
    /^-?\d{1,15}(\.\d{1,9})?$/,
    'expected a decimal number as text, such as "84000.00", of at most 15 digits before its point and 9 after it',
  )
  .describe('A decimal number as text.');

/** Text of a decimal number above zero, with as many digits as a rate of exchange may have. */
export const PositiveDecimalText = z
  .string()
  .regex(
    /^(?!0+(?:\.0+)?$)\d{1,15}(\.\d{1,12})?$/,
    'expected a decimal number above 0 as text, such as "1.0842", of at most 15 digits before its point and 12 after it',
  )
  .describe('A decimal number above 0, as text.');

/** A deal's value as a system says it: decimal text, and a currency if the message names one. */
export const DealValue = z
  .strictObject({
    amount: DecimalText.describe('Decimal text, such as "84000.00".'),
    currency: Currency.optional().describe(
      "ISO 4217; absent: the currency that its source last named for the deal, else the connection's.",
    ),
  })
  .describe('An amount as its source writes it.');
export type DealValue = z.infer<typeof DealValue>;

/** How many decimals the currency's minor unit has: 2 for USD, 0 for JPY, 3 for KWD (ISO 4217). */
export const exponentOf = (currency: string): number => exponents[currency] ?? 2;

/**
 * Decimal text as exact money. Undefined if the text is no decimal number, exceeds safe integers, or has more decimals
 * than the currency (zeros don't count).
 */
export const moneyOf = (amount: string, currency: string): Money | undefined => {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(amount);
  if (match === null) return undefined;
  const [, sign, whole, fraction = ''] = match;
  const exponent = exponentOf(currency);
  if (/[1-9]/.test(fraction.slice(exponent))) return undefined;
  const minor = Number(`${sign}${whole}${fraction.slice(0, exponent).padEnd(exponent, '0')}`);
  return Number.isSafeInteger(minor) ? { amountMinor: minor === 0 ? 0 : minor, currency } : undefined;
};

/** Money as exact decimal text, with as many decimals as its currency has. */
export const decimalOf = ({ amountMinor, currency }: Money): string => {
  const exponent = exponentOf(currency);
  const digits = String(Math.abs(amountMinor)).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const fraction = exponent === 0 ? '' : `.${digits.slice(-exponent)}`;
  return `${amountMinor < 0 ? '-' : ''}${whole}${fraction}`;
};
