// What are a Stripe subscription's quantity, price and term, in any version of the API?
import type { BillingPeriod } from '../../fields.ts';
import type { Money } from '../../money.ts';
import { at, decimalAt, integerAt, type Json, listAt, numberAt, secondsAt, textAt } from '../sourceJson.ts';
import { idAt } from './event.ts';

/** What all items of a subscription agree on. A field on which they differ is absent. */
export interface Plan {
  readonly quantity: number | undefined;
  /** The price of all units for one period; absent for metered, tiered or mixed prices, which have no such sum. */
  readonly price: Money | undefined;
  readonly billingPeriod: BillingPeriod | undefined;
  readonly product: string | undefined;
  readonly termStart: string | undefined;
  readonly termEnd: string | undefined;
}

const periods: ReadonlyMap<string, BillingPeriod> = new Map([
  ['1 day', 'P1D'],
  ['1 week', 'P1W'],
  ['1 month', 'P1M'],
  ['3 month', 'P3M'],
  ['6 month', 'P6M'],
  ['12 month', 'P1Y'],
  ['24 month', 'P2Y'],
  ['36 month', 'P3Y'],
  ['1 year', 'P1Y'],
  ['2 year', 'P2Y'],
  ['3 year', 'P3Y'],
]);

const periodOf = (item: Json): BillingPeriod | undefined => {
  const recurring = at(item, 'price.recurring') ?? at(item, 'plan');
  return periods.get(`${integerAt(recurring, 'interval_count') ?? 1} ${textAt(recurring, 'interval') ?? ''}`);
};

const amountOf = (item: Json): Money | undefined => {
  const unit =
    decimalAt(item, 'price.unit_amount') ??
    decimalAt(item, 'price.unit_amount_decimal') ??
    decimalAt(item, 'plan.amount') ??
    decimalAt(item, 'plan.amount_decimal');
  const quantity = integerAt(item, 'quantity') ?? (at(item, 'quantity') === undefined ? 1 : undefined);
  const currency = textAt(item, 'price.currency') ?? textAt(item, 'plan.currency');
  if (unit === undefined || quantity === undefined || currency === undefined) return undefined;
  // A unit may cost a fraction of a minor unit, but all units together must cost a whole number of them.
  const [whole = '', fraction = ''] = unit.split('.');
  const total = BigInt(whole + fraction) * BigInt(quantity);
  const scale = 10n ** BigInt(fraction.length);
  const amountMinor = Number(total / scale);
  return total % scale === 0n && Number.isSafeInteger(amountMinor)
    ? { amountMinor, currency: currency.toUpperCase() }
    : undefined;
};

const agreed = <T>(values: readonly (T | undefined)[]): T | undefined =>
  new Set(values).size === 1 ? values[0] : undefined;

const earliest = (times: readonly (string | undefined)[]): string | undefined =>
  times.filter((time) => time !== undefined).sort()[0];

/**
 * The plan of a subscription object. Its items hold the term; before API version 2025-03-31 the subscription itself
 * held it.
 */
export const planOf = (subscription: Json): Plan => {
  const listed = listAt(subscription, 'items.data');
  const items = listed.length > 0 ? listed : [subscription];
  const amounts = items.map(amountOf);
  const currency = agreed(amounts.map((amount) => amount?.currency));
  const billingPeriod = agreed(items.map(periodOf));
  const sum = amounts.reduce((total, amount) => total + (amount?.amountMinor ?? 0), 0);
  return {
    quantity: items.length === 1 ? numberAt(items[0], 'quantity') : undefined,
    price: currency === undefined || billingPeriod === undefined ? undefined : { amountMinor: sum, currency },
    billingPeriod,
    product: agreed(items.map((item) => idAt(item, 'price.product') ?? idAt(item, 'plan.product'))),
    termStart:
      earliest(items.map((item) => secondsAt(item, 'current_period_start'))) ??
      secondsAt(subscription, 'current_period_start'),
    termEnd:
      earliest(items.map((item) => secondsAt(item, 'current_period_end'))) ??
      secondsAt(subscription, 'current_period_end'),
  };
};

/** The start and end of the term before an update, if its `previous_attributes` hold them. */
export const previousTermOf = (previous: Json | undefined): { readonly start?: string; readonly end?: string } => {
  const items = listAt(previous, 'items.data');
  const start =
    earliest(items.map((item) => secondsAt(item, 'current_period_start'))) ??
    secondsAt(previous, 'current_period_start');
  const end =
    earliest(items.map((item) => secondsAt(item, 'current_period_end'))) ?? secondsAt(previous, 'current_period_end');
  return { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
};
