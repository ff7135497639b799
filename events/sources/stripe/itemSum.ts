// What does one item of a subscription cost in one of its own intervals, or why is that not known?
import { Quantity } from '../../fields.ts';
import { at, decimalAt, flagAt, integerAt, isObject, type Json, listAt, textAt } from '../sourceJson.ts';
import { exactOf, times, whole, wholeOf } from './exact.ts';
import { tieredSum } from './tiers.ts';

/** A sum in Stripe's own unit of the currency, or the reason why it is not known. */
export type ItemSum = { readonly amount: bigint; readonly currency: string } | { readonly reason: string };

/** The quantity that is billed: divided and rounded if the price sells packages. */
const billedQuantity = (item: Json, quantity: bigint): bigint | undefined => {
  const rule = at(item, 'price.transform_quantity') ?? at(item, 'plan.transform_usage');
  if (!isObject(rule)) return quantity;
  const size = integerAt(rule, 'divide_by');
  const round = textAt(rule, 'round');
  if (size === undefined || size < 1 || (round !== 'up' && round !== 'down')) return undefined;
  const packages = quantity / BigInt(size);
  return round === 'up' && quantity % BigInt(size) !== 0n ? packages + 1n : packages;
};

/**
 * Where the amounts stand in the currency that the subscription bills: in the price itself, or among its other
 * currencies. Undefined if the price does not show that currency.
 */
const amountsIn = (item: Json, own: string | undefined, billed: string | undefined): Json | undefined => {
  const price = isObject(at(item, 'price')) ? at(item, 'price') : undefined;
  if (billed === undefined || own === undefined || own === billed) return price ?? at(item, 'plan');
  const option = at(price, `currency_options.${billed}`);
  return isObject(option) ? option : undefined;
};

/** A plan, which prices replaced in API version 2020-08-27, writes `amount` where a price writes `unit_amount`. */
const unitOf = (item: Json, amounts: Json): string | undefined => {
  const name = isObject(at(item, 'price')) ? 'unit_amount' : 'amount';
  return decimalAt(amounts, name) ?? decimalAt(amounts, `${name}_decimal`);
};

const isTiered = (item: Json): boolean =>
  (textAt(item, 'price.billing_scheme') ?? textAt(item, 'plan.billing_scheme')) === 'tiered' ||
  (textAt(item, 'price.tiers_mode') ?? textAt(item, 'plan.tiers_mode')) !== undefined;

/**
 * A price with tax inside has no net amount that is known beforehand. Without any tax, "inclusive" changes nothing.
 */
const taxReason = (item: Json, subscription: Json): string | undefined => {
  const rates = [...listAt(item, 'tax_rates'), ...listAt(subscription, 'default_tax_rates')];
  if (rates.some((rate) => flagAt(rate, 'inclusive') === true)) return 'taxInside';
  if (flagAt(subscription, 'automatic_tax.enabled') !== true) return undefined;
  const behavior = textAt(item, 'price.tax_behavior');
  if (behavior === 'exclusive') return undefined;
  return behavior === 'inclusive' ? 'taxInside' : 'taxUnspecified';
};

/** The sum of an item in its own interval, before discounts. A part of Stripe's unit is never rounded. */
export const itemSum = (item: Json, subscription: Json): ItemSum => {
  const usage = textAt(item, 'price.recurring.usage_type') ?? textAt(item, 'plan.usage_type');
  const stated = at(item, 'quantity');
  if (usage === 'metered' || stated === undefined || stated === null) return { reason: 'metered' };
  const count = integerAt(item, 'quantity');
  if (count === undefined || !Quantity.safeParse(count).success) return { reason: 'quantityUnreadable' };
  if (isObject(at(item, 'current_trial'))) return { reason: 'trial' };
  const tax = taxReason(item, subscription);
  if (tax !== undefined) return { reason: tax };
  const own = (textAt(item, 'price.currency') ?? textAt(item, 'plan.currency'))?.toLowerCase();
  const billed = textAt(subscription, 'currency')?.toLowerCase();
  const currency = billed ?? own;
  const amounts = amountsIn(item, own, billed);
  if (currency === undefined || amounts === undefined) return { reason: 'currencyNotShown' };
  const quantity = billedQuantity(item, BigInt(count));
  if (quantity === undefined) return { reason: 'packageUnreadable' };
  const unit = isTiered(item) ? undefined : unitOf(item, amounts);
  const mode = textAt(item, 'price.tiers_mode') ?? textAt(item, 'plan.tiers_mode');
  const sum = isTiered(item)
    ? tieredSum(listAt(amounts, 'tiers'), mode, quantity)
    : unit === undefined
      ? undefined
      : times(exactOf(unit), whole(quantity));
  if (sum === undefined) return { reason: isTiered(item) ? 'tiered' : 'noUnitAmount' };
  const amount = wholeOf(sum);
  if (amount === undefined) return { reason: 'notWholeMinorUnits' };
  return amount < 0n ? { reason: 'negative' } : { amount, currency };
};
