// Which facts are of one order, whichever of its keys they name?
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Engagement } from '../engagement/engagement.ts';

/** A fact that names an order by one of its keys. */
type OfOrder = RecordedEvent & { readonly data: { readonly orderId: string } };

export interface OrdersNamed {
  /** What stands for the order that a key names: the same for all its keys. An order that nobody placed is known by the key alone. */
  readonly named: (key: string) => string;
  /** Facts by their order, in the order given. */
  readonly group: <E extends OfOrder>(events: readonly E[]) => ReadonlyMap<string, readonly E[]>;
}

/** Finds the order that a fact names by its order id, agreement id or purchase order number. */
export const ordersNamedIn = ({ orders }: Pick<Engagement, 'orders'>): OrdersNamed => {
  const first = new Map<string, string>();
  for (const { claims } of orders) {
    const placed = `placed ${claims[0]?.eventId}`;
    for (const { data } of claims)
      for (const key of [data.orderId, data.agreementId, data.poNumber]) if (key !== undefined) first.set(key, placed);
  }
  const named = (key: string): string => first.get(key) ?? `key ${key}`;
  return { named, group: (events) => Map.groupBy(events, ({ data }) => named(data.orderId)) };
};
