// Which of a person's facts does Procure refuse?
import type { Fact, FactOf } from '../../events/catalog.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { legsConserve, type Order } from '../engagement/orders.ts';
import { type Refusal, refuse } from './refusal.ts';

const creditRefusal = (engagement: Engagement, fact: FactOf<'LedgerEntryRecorded'>): Refusal | undefined => {
  const { correctsEntryId, kind, amount } = fact.data;
  if (correctsEntryId === undefined) return undefined;
  const entries = engagement.of('LedgerEntryRecorded');
  const charge = entries.find((event) => event.data.entryId === correctsEntryId);
  if (charge === undefined) return refuse('entryUnknown', `no ledger entry ${correctsEntryId} to correct`);
  if (kind !== 'credit' && kind !== 'refund') return undefined;
  const credited = entries
    .filter((event) => event.data.correctsEntryId === correctsEntryId)
    .reduce((sum, event) => sum + event.data.amount.amountMinor, amount.amountMinor);
  return credited > charge.data.amount.amountMinor
    ? refuse('creditAboveCharge', `credits of ${credited} exceed the charge of ${charge.data.amount.amountMinor}`)
    : undefined;
};

/** The order that a fact names by any of its keys. */
const orderNamed = (engagement: Engagement, key: string): Order | undefined =>
  engagement.orders.find(({ claims }) =>
    claims.some(({ data }) => [data.orderId, data.agreementId, data.poNumber].includes(key)),
  );

const orderRefusal = (
  engagement: Engagement,
  fact: FactOf<'OrderFulfilled' | 'OrderBlocked' | 'OrderUnblocked' | 'OrderCancelled'>,
): Refusal | undefined => {
  const { orderId } = fact.data;
  const order = orderNamed(engagement, orderId);
  if (order === undefined) {
    return refuse('orderUnknown', `no order, agreement or purchase order ${orderId} in this engagement`);
  }
  if (order.cancelled !== undefined) {
    return refuse(
      'orderCancelled',
      `event ${order.cancelled.eventId} cancelled order ${orderId}; place it again with OrderPlaced`,
    );
  }
  const blocked = order.blocks.some(({ endedBy }) => endedBy === undefined);
  if (fact.type === 'OrderUnblocked' && !blocked) {
    return refuse('orderNotBlocked', `nothing stops order ${orderId}: there is nothing to unblock`);
  }
  return fact.type === 'OrderBlocked' && order.fulfilled !== undefined
    ? refuse('orderAlreadyFulfilled', `event ${order.fulfilled.eventId} already fulfilled order ${orderId}`)
    : undefined;
};

const suspensionRefusal = (
  engagement: Engagement,
  fact: FactOf<'SubscriptionSuspended' | 'SubscriptionReinstated'>,
): Refusal | undefined => {
  const { subscriptionId } = fact.data;
  const known = engagement.subscriptions.find((subscription) => subscription.subscriptionId === subscriptionId);
  if (known === undefined) {
    return refuse(
      'subscriptionUnknown',
      `no subscription ${subscriptionId} in this engagement; record SubscriptionStarted first`,
    );
  }
  if (known.suspended === (fact.type === 'SubscriptionReinstated')) return undefined;
  return known.suspended
    ? refuse('alreadySuspended', `subscription ${subscriptionId} is suspended already`)
    : refuse('notSuspended', `subscription ${subscriptionId} is not suspended: there is nothing to reinstate`);
};

/**
 * Refuses what is recorded already (an order by its claimant, a subscription's start, a ledger entry). Also refuses
 * legs that don't conserve value, what names an unknown or a cancelled order, and credits above their charge.
 */
export const procureRefusal = (engagement: Engagement, fact: Fact): Refusal | undefined => {
  switch (fact.type) {
    case 'OrderPlaced':
      if (
        engagement.orders.some(
          ({ claims, cancelled }) =>
            cancelled === undefined &&
            claims.some(({ data }) => data.orderId === fact.data.orderId && data.claimedBy === fact.data.claimedBy),
        )
      ) {
        return refuse('orderAlreadyPlaced', `order ${fact.data.orderId} is already placed; correct it with supersedes`);
      }
      return fact.data.legs.length === 0 || legsConserve(fact.data.legs)
        ? undefined
        : refuse(
            'legsDoNotConserve',
            'the legs of each component must form one chain from one first seller to one last buyer, in one currency',
          );
    case 'OrderFulfilled':
    case 'OrderBlocked':
    case 'OrderUnblocked':
    case 'OrderCancelled':
      return orderRefusal(engagement, fact);
    case 'SubscriptionStarted':
      return engagement.subscriptions.some(
        ({ subscriptionId, started }) => subscriptionId === fact.data.subscriptionId && started !== undefined,
      )
        ? refuse(
            'subscriptionAlreadyStarted',
            `subscription ${fact.data.subscriptionId} has already started; correct it with supersedes`,
          )
        : undefined;
    case 'SubscriptionSuspended':
    case 'SubscriptionReinstated':
      return suspensionRefusal(engagement, fact);
    case 'LedgerEntryRecorded':
      return engagement.of('LedgerEntryRecorded').some((event) => event.data.entryId === fact.data.entryId)
        ? refuse(
            'entryAlreadyRecorded',
            `ledger entry ${fact.data.entryId} is already recorded; correct it with supersedes`,
          )
        : creditRefusal(engagement, fact);
    default:
      return undefined;
  }
};
