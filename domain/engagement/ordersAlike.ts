// Which orders of an engagement might be one, although no key joins their claims?
import { type Money, moneyOf } from '../../events/money.ts';
import type { Context } from '../context/context.ts';
import type { Order } from './orders.ts';
import { paidByCustomer, paymentsOf } from './payments.ts';

const totalOf = (order: Order, context: Context): Money | undefined => {
  const { total } = order.said;
  if (total !== undefined) {
    const currency =
      total.currency ?? order.claims.map((claim) => claim.connectionCurrency).find((code) => code !== undefined);
    return currency === undefined ? undefined : moneyOf(total.amount, currency);
  }
  const paid = paidByCustomer(paymentsOf(order, context)).filter(({ component }) => component !== undefined);
  const [first] = paid;
  if (first === undefined || paid.some(({ currency }) => currency !== first.currency)) return undefined;
  return { amountMinor: paid.reduce((sum, { amountMinor }) => sum + amountMinor, 0), currency: first.currency };
};

const claimantsOf = ({ claims }: Order): ReadonlySet<string> => new Set(claims.map(({ data }) => data.claimedBy));

/** Orders that might be one. */
export interface OrdersAlike {
  /** Their ids; of many, the first. */
  readonly about: string;
  /** The claims of each order together. */
  readonly claims: Order['claims'];
}

const namedOrders = 5;

/**
 * Finds orders that might be one: their amounts are equal and their claimants differ. Two orders of one claimant are
 * never one, nor is one that was cancelled.
 */
export const ordersAlike = (placed: readonly Order[], context: Context): readonly OrdersAlike[] => {
  const standing = placed.filter(({ cancelled }) => cancelled === undefined);
  const totals = standing.flatMap((order) => {
    const total = totalOf(order, context);
    return total === undefined || total.amountMinor <= 0
      ? []
      : [{ order, key: `${total.amountMinor} ${total.currency}` }];
  });
  return [...Map.groupBy(totals, ({ key }) => key)].flatMap(([, group]) => {
    const byClaimants = [...Map.groupBy(group, ({ order }) => [...claimantsOf(order)].sort().join())];
    const claimants = byClaimants.flatMap(([, [one]]) => (one === undefined ? [] : [claimantsOf(one.order)]));
    const alike = group
      .map(({ order }) => order)
      .filter((order) => claimants.some((other) => other.isDisjointFrom(claimantsOf(order))));
    if (alike.length === 0) return [];
    const ids = alike.slice(0, namedOrders).map(({ orderId }) => orderId);
    const more = alike.length > namedOrders ? ` and ${alike.length - namedOrders} more` : '';
    return [{ about: `${ids.join(', ')}${more}`, claims: alike.flatMap(({ claims }) => claims) }];
  });
};
