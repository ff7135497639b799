// Where do facts name an order that nobody placed, go on with what was not stopped, or fulfil what was cancelled?
import { isLater } from '../../time/tolerance.ts';
import type { Engagement } from '../engagement.ts';
import { namingOrders } from '../orderStates.ts';
import { type CheckOf, deviation, groupedBy } from './deviation.ts';

export const orderKinds = ['orderUnknown', 'unblockedWithoutBlock', 'fulfilledAfterCancellation'] as const;
type OrderKind = (typeof orderKinds)[number];

/** The order of each key of a claim, by the id of the order. */
const ordersByKey = ({ orders }: Engagement): ReadonlyMap<string | undefined, string> =>
  new Map(
    orders.flatMap(({ orderId, claims }) =>
      claims.flatMap(({ data }) =>
        [data.orderId, data.agreementId, data.poNumber].map((key) => [key, orderId] as const),
      ),
    ),
  );

/** An order is held up, goes on or is cancelled, and no claim has its key. A fulfilment of such an order has a kind of its own. */
const unknown: CheckOf<OrderKind> = (engagement) => {
  const known = ordersByKey(engagement);
  const named = namingOrders(engagement).filter(
    ({ type, data }) => type !== 'OrderFulfilled' && !known.has(data.orderId),
  );
  return groupedBy(named, ({ data }) => data.orderId).map(([id, events]) => deviation('orderUnknown', id, events));
};

/** Nothing had stopped the order by then; what stops it within the tolerance is simultaneous. */
const unblocked: CheckOf<OrderKind> = (engagement) => {
  const known = ordersByKey(engagement);
  const orderOf = (key: string): string => known.get(key) ?? key;
  // In fold order, so that the first block of each order is the earliest.
  const blockedAt = new Map(
    engagement
      .of('OrderBlocked')
      .toReversed()
      .map(({ data, occurredAt }) => [orderOf(data.orderId), occurredAt] as const),
  );
  return engagement.of('OrderUnblocked').flatMap((event) => {
    const from = blockedAt.get(orderOf(event.data.orderId));
    return from === undefined || isLater(from, event.occurredAt)
      ? [deviation('unblockedWithoutBlock', event.data.orderId, [event])]
      : [];
  });
};

/** An order is fulfilled although it was cancelled, and no claim placed it anew. */
const fulfilled: CheckOf<OrderKind> = (engagement) =>
  engagement.orders.flatMap(({ orderId, cancelled, fulfilments }) => {
    const late = fulfilments.filter(
      ({ occurredAt }) => cancelled !== undefined && isLater(occurredAt, cancelled.occurredAt),
    );
    return cancelled === undefined || late.length === 0
      ? []
      : [deviation('fulfilledAfterCancellation', orderId, [cancelled, ...late])];
  });

export const orderChecks: readonly CheckOf<OrderKind>[] = [unknown, unblocked, fulfilled];
