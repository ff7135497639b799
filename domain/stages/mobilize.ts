// Which of a person's facts does Mobilize refuse?
import type { Fact, FactOf, RecordedEvent } from '../../events/catalog.ts';
import { type Refusal, refuse } from './refusal.ts';

const fundingRefusal = ({ data: { budget, vendorFunded } }: FactOf<'CampaignLaunched'>): Refusal | undefined => {
  if (vendorFunded === undefined) return undefined;
  if (budget === undefined)
    return refuse('fundingWithoutBudget', 'vendorFunded is a part of the budget: name the budget too');
  if (budget.currency !== vendorFunded.currency) {
    return refuse(
      'fundingInOtherCurrency',
      `vendorFunded is in ${vendorFunded.currency}, the budget in ${budget.currency}`,
    );
  }
  return vendorFunded.amountMinor > budget.amountMinor
    ? refuse('fundingAboveBudget', `vendorFunded ${vendorFunded.amountMinor} exceeds the budget ${budget.amountMinor}`)
    : undefined;
};

const roleRefusal = (before: readonly RecordedEvent[]): Refusal | undefined => {
  const registered = before.some(({ type }) => type === 'PartyRegistered');
  return registered
    ? undefined
    : refuse('partyNotRegistered', 'the party is not registered; record PartyRegistered, which names its roles too');
};

const closingRefusal = (before: readonly RecordedEvent[], fact: FactOf<'CampaignClosed'>): Refusal | undefined => {
  const closed = before.find((event) => event.type === 'CampaignClosed');
  return closed === undefined
    ? undefined
    : refuse('campaignAlreadyClosed', `event ${closed.eventId} already closed campaign ${fact.data.campaignId}`);
};

/**
 * Refuses a campaign whose vendor funding exceeds its budget or is in another currency, other roles of a party that is not
 * registered, and a second closing of a campaign. `before` holds the standing events of the stream.
 */
export const mobilizeRefusal = (before: readonly RecordedEvent[], fact: Fact): Refusal | undefined => {
  switch (fact.type) {
    case 'CampaignLaunched':
      return fundingRefusal(fact);
    case 'PartyRolesChanged':
      return roleRefusal(before);
    case 'CampaignClosed':
      return closingRefusal(before, fact);
    default:
      return undefined;
  }
};
