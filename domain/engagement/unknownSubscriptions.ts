// Which subscriptions do an engagement's facts name although none of them starts or renews it?
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Facts } from './facts.ts';

/** The subscription that a fact names, if its data has the field. A fulfilment and a proposal name theirs otherwise. */
const namedBy = ({ data }: RecordedEvent): string | undefined =>
  'subscriptionId' in data && typeof data.subscriptionId === 'string' ? data.subscriptionId : undefined;

/**
 * The facts of each subscription that no standing fact starts or renews, in fold order: usage, payments, ledger entries,
 * changes, ends and whatever else is about one subscription.
 */
export const unknownSubscriptions = (facts: Facts): ReadonlyMap<string, readonly RecordedEvent[]> => {
  const known = new Set(
    [...facts.of('SubscriptionStarted'), ...facts.of('SubscriptionRenewed')].map(({ data }) => data.subscriptionId),
  );
  const unknown = new Map<string, RecordedEvent[]>();
  for (const event of facts.events) {
    const id = namedBy(event);
    if (id === undefined || known.has(id)) continue;
    const named = unknown.get(id);
    if (named === undefined) unknown.set(id, [event]);
    else named.push(event);
  }
  return unknown;
};
