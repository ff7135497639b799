// How many minor units of ISO 4217 is an amount that Stripe writes?
import { Currency, exponentOf, type Money } from '../../money.ts';

/**
 * Decimals of Stripe's amounts where they differ from 2 (docs.stripe.com/currencies). ISK and UGX have no decimals, but
 * Stripe writes them with two. HUF and TWD have two here: they are special in payouts only.
 */
const decimals: ReadonlyMap<string, number> = new Map([
  ['BIF', 0],
  ['CLP', 0],
  ['DJF', 0],
  ['GNF', 0],
  ['ISK', 2],
  ['JPY', 0],
  ['KMF', 0],
  ['KRW', 0],
  ['MGA', 0],
  ['PYG', 0],
  ['RWF', 0],
  ['UGX', 2],
  ['VND', 0],
  ['VUV', 0],
  ['XAF', 0],
  ['XOF', 0],
  ['XPF', 0],
  ['BHD', 3],
  ['JOD', 3],
  ['KWD', 3],
  ['OMR', 3],
  ['TND', 3],
]);

/** The decimals that Stripe writes; undefined for a currency of which Stripe's table and ISO's differ in a way not documented. */
const decimalsOf = (currency: string): number | undefined =>
  decimals.get(currency) ?? (exponentOf(currency) === 2 ? 2 : undefined);

export type InMoney =
  | { readonly ok: true; readonly money: Money }
  | { readonly ok: false; readonly reason: 'currencyUnknown' | 'notWholeMinorUnits' | 'amountTooLarge' };

/**
 * An amount of Stripe as money. Stripe's unit is not always ISO's: 500000 of ISK are 5,000 krónur. A part of a minor
 * unit is never rounded.
 */
export const moneyOfStripe = (amount: bigint, stripeCurrency: string): InMoney => {
  const currency = stripeCurrency.toUpperCase();
  const written = decimalsOf(currency);
  if (!Currency.safeParse(currency).success || written === undefined) return { ok: false, reason: 'currencyUnknown' };
  const shift = exponentOf(currency) - written;
  const unit = 10n ** BigInt(Math.abs(shift));
  if (shift < 0 && amount % unit !== 0n) return { ok: false, reason: 'notWholeMinorUnits' };
  const amountMinor = Number(shift < 0 ? amount / unit : amount * unit);
  return Number.isSafeInteger(amountMinor)
    ? { ok: true, money: { amountMinor, currency } }
    : { ok: false, reason: 'amountTooLarge' };
};
