// Who pays whom in an order, and how much does each party keep?
import { type Context, partyIdOf } from '../context/context.ts';
import { safeNumber } from '../quotient.ts';
import { legsConserve, type Order } from './orders.ts';

/** A payment between two parties of an order: for a component that is sold, or for a fee (`component` is undefined). */
export interface Payment {
  readonly component: string | undefined;
  /** Who receives: the seller of a leg, the payee of a fee. */
  readonly to: string;
  /** Who pays: the buyer of a leg, the payer of a fee. */
  readonly from: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** The leg's number as its claim says it; undefined for a fee. */
  readonly seq: number | undefined;
  /** What the fee is for; undefined for a leg. */
  readonly feeKind: string | undefined;
}

/**
 * What the receiver of a payment pays out of it and keeps of it, in minor units. An amount is undefined if it is in
 * several currencies, or too large for an exact number.
 */
export interface Retained {
  readonly bought: number | undefined;
  readonly fees: number | undefined;
  readonly kept: number | undefined;
  /** Present if an amount is undefined because it is too large. */
  readonly tooLarge?: true;
}

/**
 * Finds the payment out of which a party pays another one. It is a payment that the party received for the same
 * component and currency, else in the same currency, else its first.
 */
const sourcesOf = (payments: readonly Payment[]): ((paid: Payment) => Payment | undefined) => {
  const sources = new Map<string, Payment>();
  const keysOf = (party: string, { component, currency }: Payment): readonly string[] => [
    JSON.stringify([party, currency, component ?? null]),
    JSON.stringify([party, currency]),
    JSON.stringify([party]),
  ];
  for (const payment of payments)
    for (const key of keysOf(payment.to, payment)) if (!sources.has(key)) sources.set(key, payment);
  return (paid) =>
    keysOf(paid.from, paid)
      .map((key) => sources.get(key))
      .find((source) => source !== undefined);
};

const sumIn = (currency: string, payments: readonly Payment[]): bigint | undefined =>
  payments.every((payment) => payment.currency === currency)
    ? payments.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n)
    : undefined;

const orUndefined = (sum: bigint | undefined): number | undefined => (sum === undefined ? undefined : safeNumber(sum));

/**
 * What each payment leaves with its receiver, in the order given (domain reference D5: sold − bought − fees paid + fees
 * received). A payer pays out of a payment that it received. A payer that receives nothing is the customer. So, in one
 * currency, the amounts that are kept sum to what the customer pays, whatever the shape of the order.
 */
export const retainedOf = (payments: readonly Payment[]): readonly Retained[] => {
  const borne = Map.groupBy(payments, sourcesOf(payments));
  return payments.map((payment) => {
    const paid = borne.get(payment) ?? [];
    const { currency, amountMinor } = payment;
    const bought = sumIn(
      currency,
      paid.filter(({ component }) => component !== undefined),
    );
    const fees = sumIn(
      currency,
      paid.filter(({ component }) => component === undefined),
    );
    const kept = bought === undefined || fees === undefined ? undefined : BigInt(amountMinor) - bought - fees;
    const tooLarge = [bought, fees, kept].some((sum) => sum !== undefined && safeNumber(sum) === undefined);
    return {
      bought: orUndefined(bought),
      fees: orUndefined(fees),
      kept: tooLarge ? undefined : orUndefined(kept),
      ...(tooLarge && { tooLarge }),
    };
  });
};

/**
 * The payments of the customer: of each payer that receives nothing in the order. This includes a payer that only pays
 * a fee.
 */
export const paidByCustomer = (payments: readonly Payment[]): readonly Payment[] => {
  const receivers = new Set(payments.map(({ to }) => to));
  return payments.filter(({ from }) => !receivers.has(from));
};

/** An order's legs by number, then its fees as listed. References are replaced by the parties that they mean. */
export const paymentsOf = (order: Order, context: Context): readonly Payment[] => [
  ...[...order.said.legs]
    .sort((a, b) => a.seq - b.seq)
    .map((leg) => ({
      component: leg.component,
      to: partyIdOf(context, leg.seller),
      from: partyIdOf(context, leg.buyer),
      ...leg.amount,
      seq: leg.seq,
      feeKind: undefined,
    })),
  ...order.said.fees.map((fee) => ({
    component: undefined,
    to: partyIdOf(context, fee.payee),
    from: partyIdOf(context, fee.payer),
    ...fee.amount,
    seq: undefined,
    feeKind: fee.kind,
  })),
];

type Reference = Order['said']['legs'][number]['seller'];

/** Whether an order's legs conserve value between the parties that their references mean. */
export const legsComplete = (order: Order, context: Context): boolean => {
  const party = (reference: Reference): Reference => ({
    system: 'party',
    kind: 'party',
    id: partyIdOf(context, reference),
  });
  return legsConserve(order.said.legs.map((leg) => ({ ...leg, seller: party(leg.seller), buyer: party(leg.buyer) })));
};
