// Which of a person's facts does Report refuse?
import type { Fact } from '../../events/catalog.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { type Refusal, refuse } from './refusal.ts';

/**
 * Refuses usage of an unknown subscription or over an empty window, an outcome that was not agreed, and a second
 * delivery of one report.
 */
export const reportRefusal = (engagement: Engagement, fact: Fact): Refusal | undefined => {
  const agreed = new Set(engagement.of('OutcomeAgreed').map((event) => event.data.outcomeId));
  switch (fact.type) {
    case 'UsageMeasured':
      if (fact.data.windowEnd <= fact.data.windowStart)
        return refuse('windowEmpty', 'windowEnd must lie after windowStart');
      return engagement.subscriptions.some(({ subscriptionId }) => subscriptionId === fact.data.subscriptionId)
        ? undefined
        : refuse('subscriptionUnknown', `no subscription ${fact.data.subscriptionId} in this engagement`);
    case 'OutcomeMeasured':
      return agreed.has(fact.data.outcomeId)
        ? undefined
        : refuse('outcomeUnknown', `no such agreed outcome: ${fact.data.outcomeId}; record OutcomeAgreed first`);
    case 'ValueReported': {
      if (engagement.of('ValueReported').some((event) => event.data.reportId === fact.data.reportId)) {
        return refuse(
          'reportAlreadyDelivered',
          `report ${fact.data.reportId} is already delivered; correct it with supersedes`,
        );
      }
      const unknown = fact.data.outcomeIds.filter((id) => !agreed.has(id));
      return unknown.length === 0
        ? undefined
        : refuse('outcomeUnknown', `no such agreed outcome: ${unknown.join(', ')}`);
    }
    default:
      return undefined;
  }
};
