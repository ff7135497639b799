// Which of a person's facts does Report refuse?
import type { Fact } from '../../events/catalog.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { isOnScale } from '../satisfaction.ts';
import { type Refusal, refuse } from './refusal.ts';

/**
 * Refuses usage of an unknown subscription or over an empty window, an outcome that was not agreed, a second
 * delivery of one report, an answer to an unknown report or ticket, and a score that its scale does not have.
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
    case 'ReportAcknowledged': {
      const { reportId } = fact.data;
      if (!engagement.of('ValueReported').some((event) => event.data.reportId === reportId))
        return refuse('reportUnknown', `no such report: ${reportId}; record ValueReported first`);
      const before = engagement.of('ReportAcknowledged').find((event) => event.data.reportId === reportId);
      return before === undefined
        ? undefined
        : refuse('reportAlreadyAcknowledged', `event ${before.eventId} already acknowledged report ${reportId}`);
    }
    case 'TicketOpened':
      return engagement.of('TicketOpened').some((event) => event.data.ticketId === fact.data.ticketId)
        ? refuse('ticketAlreadyOpened', `ticket ${fact.data.ticketId} is already opened; correct it with supersedes`)
        : undefined;
    case 'TicketProgressed':
      return engagement.of('TicketOpened').some((event) => event.data.ticketId === fact.data.ticketId)
        ? undefined
        : refuse('ticketUnknown', `no ticket ${fact.data.ticketId} in this engagement; record TicketOpened first`);
    case 'SatisfactionRecorded':
      return isOnScale(fact.data)
        ? undefined
        : refuse('scoreOffScale', `${fact.data.score} is no score of ${fact.data.scale}: nps has 0 to 10, csat 1 to 5`);
    default:
      return undefined;
  }
};
