// Which of a person's facts does Procure refuse?
import type { Fact, FactOf } from '../../events/catalog.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { legsConserve } from '../engagement/orders.ts';
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
 * legs that don't conserve value, a fulfilment of an unknown order, and credits above their charge.
 */
export const procureRefusal = (engagement: Engagement, fact: Fact): Refusal | undefined => {
  switch (fact.type) {
    case 'OrderPlaced':
      if (
        engagement
          .of('OrderPlaced')
          .some((event) => event.data.orderId === fact.data.orderId && event.data.claimedBy === fact.data.claimedBy)
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
      return engagement.orders.some((order) =>
        order.claims.some(({ data }) => [data.orderId, data.agreementId, data.poNumber].includes(fact.data.orderId)),
      )
        ? undefined
        : refuse('orderUnknown', `no order, agreement or purchase order ${fact.data.orderId} in this engagement`);
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
