// Which of a person's facts does Mobilize refuse?
import type { Fact } from '../../events/catalog.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Refuses a campaign whose vendor funding exceeds its budget or is in another currency. */
export const mobilizeRefusal = (fact: Fact): Refusal | undefined => {
  if (fact.type !== 'CampaignLaunched') return undefined;
  const { budget, vendorFunded } = fact.data;
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
