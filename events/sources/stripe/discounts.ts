// What is left of a subscription's sums after its discounts, where that is exactly known?
import { at, decimalAt, integerAt, isObject, type Json, listAt, textAt } from '../sourceJson.ts';
import { idAt } from './event.ts';
import { type Exact, exactOf, plus, times, whole, wholeOf } from './exact.ts';

/** One item's sum in its own interval, in Stripe's unit. */
export interface Line {
  readonly item: Json;
  readonly product: string | undefined;
  readonly amount: bigint;
}

export interface Discounting {
  readonly subscription: Json;
  readonly lines: readonly Line[];
  readonly currency: string;
  /** Whether all items have one interval: a sum off each invoice is then a sum off each interval. */
  readonly oneInterval: boolean;
  readonly now: number;
}

/** A discount that takes one share or one sum off every invoice, for ever. */
interface Lasting {
  readonly left?: Exact;
  readonly off?: bigint;
  readonly products: readonly string[] | undefined;
}

const lastingOf = (discount: Json, currency: string): Lasting | undefined => {
  const coupon = [at(discount, 'coupon'), at(discount, 'source.coupon')].find(isObject);
  if (coupon === undefined || textAt(coupon, 'duration') !== 'forever') return undefined;
  const listed = listAt(coupon, 'applies_to.products').map((product) => idAt({ product }, 'product') ?? '');
  const products = listed.length > 0 ? listed : undefined;
  const percent = decimalAt(coupon, 'percent_off');
  if (percent !== undefined) {
    const left = plus(whole(100n), times(whole(-1n), exactOf(percent)));
    return left.n < 0n ? undefined : { left: { n: left.n, scale: left.scale + 2 }, products };
  }
  const own = textAt(coupon, 'currency')?.toLowerCase() === currency;
  const off = integerAt(coupon, own ? 'amount_off' : `currency_options.${currency}.amount_off`);
  return off === undefined || off < 0 ? undefined : { off: BigInt(off), products };
};

/** A discount that has ended takes nothing off. */
const isOver = (discount: Json, now: number): boolean =>
  (integerAt(discount, 'end') ?? Number.POSITIVE_INFINITY) <= now;

/**
 * The discounts of a list of ids or objects. An id is known if the older field `discount` holds its object. Undefined
 * if one is only an id.
 */
const listedAt = (owner: Json, now: number): readonly Json[] | undefined => {
  const older = at(owner, 'discount');
  const whole = isObject(older) ? [older] : [];
  const listed = listAt(owner, 'discounts');
  const known = listed.map((entry) =>
    isObject(entry) ? entry : whole.find((one) => textAt(one, 'id') === textAt({ entry }, 'entry')),
  );
  const found = known.filter((entry) => entry !== undefined);
  if (found.length < listed.length) return undefined;
  return (listed.length > 0 ? found : whole).filter((discount) => !isOver(discount, now));
};

/** The amounts after one discount; undefined if they are not exactly known. */
const reduced = (lines: readonly Line[], discount: Lasting, oneInterval: boolean): readonly Line[] | undefined => {
  const covers = ({ product }: Line): boolean =>
    discount.products === undefined || (product !== undefined && discount.products.includes(product));
  // Events leave out which products a coupon is limited to, so among several products its reach is not known.
  if (discount.products === undefined && lines.some(({ product }) => product !== lines[0]?.product)) return undefined;
  const { left, off } = discount;
  if (left !== undefined) {
    const after = lines.map((line) => (covers(line) ? wholeOf(times(whole(line.amount), left)) : line.amount));
    return after.includes(undefined)
      ? undefined
      : lines.map((line, index) => ({ ...line, amount: after[index] ?? 0n }));
  }
  if (off === undefined || !oneInterval) return undefined;
  let rest = off;
  return lines.map((line) => {
    const taken = !covers(line) ? 0n : rest < line.amount ? rest : line.amount;
    rest -= taken;
    return { ...line, amount: line.amount - taken };
  });
};

const allOff = (lines: readonly Line[], found: readonly Json[], given: Discounting): readonly Line[] | undefined => {
  let after: readonly Line[] | undefined = lines;
  for (const discount of found) {
    const lasting = lastingOf(discount, given.currency);
    after = after === undefined || lasting === undefined ? undefined : reduced(after, lasting, given.oneInterval);
  }
  return after;
};

/**
 * The sums after all discounts: those of items first, then those of the subscription, in the order in which they are
 * listed. Undefined if a discount ends some day, or is not shown, or leaves part of a minor unit.
 */
export const discounted = (given: Discounting): readonly Line[] | undefined => {
  const after: Line[] = [];
  for (const line of given.lines) {
    const found = listedAt(line.item, given.now);
    const left = found === undefined ? undefined : allOff([line], found, given);
    if (left === undefined) return undefined;
    after.push(...left);
  }
  const own = listedAt(given.subscription, given.now);
  // A customer's discount counts if the subscription has none; it is seen only if the customer is expanded.
  const customers = own?.length === 0 && isObject(at(given.subscription, 'customer.discount'));
  const found = customers ? listedAt(at(given.subscription, 'customer') ?? null, given.now) : own;
  return found === undefined ? undefined : allOff(after, found, given);
};
