// Which of a person's facts does Renew refuse?
import type { Fact } from '../../events/catalog.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { type Refusal, refuse } from './refusal.ts';

const unknownSubscription = (id: string): Refusal =>
  refuse('subscriptionUnknown', `no subscription ${id} in this engagement; record SubscriptionStarted first`);

/**
 * Refuses facts about an unknown subscription or after its end, a proposal that names an unknown report, and a closing of what has
 * ended or goes on.
 */
export const renewRefusal = (engagement: Engagement, fact: Fact): Refusal | undefined => {
  const find = (id: string) => engagement.subscriptions.find(({ subscriptionId }) => subscriptionId === id);
  switch (fact.type) {
    case 'RenewalProposed': {
      const unknown = fact.data.subscriptionIds.find((id) => find(id) === undefined);
      if (unknown !== undefined) return unknownSubscription(unknown);
      const reports = new Set(engagement.of('ValueReported').map((event) => event.data.reportId));
      const missing = fact.data.evidenceReportIds.filter((id) => !reports.has(id));
      return missing.length === 0
        ? undefined
        : refuse('reportUnknown', `no such report: ${missing.join(', ')}; record ValueReported first`);
    }
    case 'CancellationAnnounced': {
      const { subscriptionId } = fact.data;
      return subscriptionId === undefined || find(subscriptionId) !== undefined
        ? undefined
        : unknownSubscription(subscriptionId);
    }
    case 'SubscriptionChanged':
    case 'SubscriptionRenewed':
    case 'SubscriptionEnded': {
      const subscription = find(fact.data.subscriptionId);
      if (subscription === undefined) return unknownSubscription(fact.data.subscriptionId);
      const at = fact.type === 'SubscriptionRenewed' ? fact.occurredAt : (fact.data.effectiveAt ?? fact.occurredAt);
      return subscription.ended !== undefined && at >= subscription.ended.at
        ? refuse('subscriptionEnded', `subscription ${fact.data.subscriptionId} ended at ${subscription.ended.at}`)
        : undefined;
    }
    case 'RenewalNoticed': {
      const unknown = fact.data.subscriptionIds.find((id) => find(id) === undefined);
      return unknown === undefined ? undefined : unknownSubscription(unknown);
    }
    case 'SubscriptionChangeRequested':
      return find(fact.data.subscriptionId) === undefined ? unknownSubscription(fact.data.subscriptionId) : undefined;
    case 'EngagementClosed': {
      const { ending } = engagement.journey;
      if (ending !== undefined) return refuse('alreadyEnded', `the engagement ended at ${ending.at}: ${ending.reason}`);
      const live = engagement.subscriptions.find(({ ended }) => ended === undefined || ended.at > fact.occurredAt);
      return live === undefined
        ? undefined
        : refuse(
            'subscriptionLives',
            `subscription ${live.subscriptionId} goes on; record SubscriptionEnded first, which ends the engagement`,
          );
    }
    default:
      return undefined;
  }
};
