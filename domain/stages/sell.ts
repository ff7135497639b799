// Which of a person's facts does Sell refuse?
import type { EventType, Fact, FactOf } from '../../events/catalog.ts';
import { dealValues } from '../engagement/dealValues.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { cycleAt } from '../engagement/journey.ts';
import { isSameAgreement } from '../engagement/value/outcomes.ts';
import { type Refusal, refuse } from './refusal.ts';
import { participantRefusal, registrationRefusal, settlementRefusal } from './sale.ts';

/** What the last fact says that gave the engagement up, closed or restored it. */
const lastOfLife = (engagement: Engagement): EventType | undefined =>
  engagement.events.findLast(
    ({ type }) => type === 'EngagementWithdrawn' || type === 'EngagementReinstated' || type === 'EngagementClosed',
  )?.type;

const isWithdrawn = (engagement: Engagement): boolean => lastOfLife(engagement) === 'EngagementWithdrawn';

/** Refuses an agreement that says what is agreed already at that time. Another target or another day is agreed anew. */
const outcomeRefusal = (engagement: Engagement, fact: FactOf<'OutcomeAgreed'>): Refusal | undefined => {
  const { outcomeId } = fact.data;
  const agreed = engagement.of('OutcomeAgreed').filter(({ data }) => data.outcomeId === outcomeId);
  const inForce = agreed.findLast(({ occurredAt }) => occurredAt <= fact.occurredAt) ?? agreed[0];
  return inForce === undefined || !isSameAgreement(inForce, fact)
    ? undefined
    : refuse(
        'outcomeAlreadyAgreed',
        `outcome ${outcomeId} is already agreed with this target and day; correct the rest of it with supersedes`,
      );
};

/**
 * Refuses a second opening, an agreement of an outcome that is agreed so already, and a second closing in one cycle. Also refuses a
 * proposal for unknown outcomes, a won deal without a value, and what takes back something that is not there.
 */
export const sellRefusal = (engagement: Engagement, fact: Fact): Refusal | undefined => {
  switch (fact.type) {
    case 'EngagementOpened':
      return engagement.opened === undefined
        ? undefined
        : refuse(
            'alreadyOpened',
            `event ${engagement.opened.eventId} already opened the engagement; correct it with supersedes`,
          );
    case 'OutcomeAgreed':
      return outcomeRefusal(engagement, fact);
    case 'SolutionProposed': {
      const agreed = new Set(engagement.of('OutcomeAgreed').map((event) => event.data.outcomeId));
      const unknown = fact.data.outcomeIds.filter((id) => !agreed.has(id));
      return unknown.length === 0
        ? undefined
        : refuse('outcomeUnknown', `no such agreed outcome: ${unknown.join(', ')}; record OutcomeAgreed first`);
    }
    case 'DealClosed': {
      const cycle = cycleAt(engagement.journey, fact.occurredAt);
      const closed = engagement.closings.find(
        ({ event, undoneBy }) => undoneBy === undefined && cycleAt(engagement.journey, event.occurredAt) === cycle,
      )?.event;
      if (closed !== undefined) {
        return refuse(
          'dealAlreadyClosed',
          `event ${closed.eventId} already closed the deal of cycle ${cycle} as ${closed.data.result}`,
        );
      }
      const valued = fact.data.value !== undefined || dealValues(engagement).length > 0;
      return fact.data.result === 'won' && !valued
        ? refuse('wonWithoutValue', 'a won deal needs a value: give it here or in a DealRevised')
        : undefined;
    }
    case 'DealReopened':
      return engagement.closings.some(({ undoneBy }) => undoneBy === undefined)
        ? undefined
        : refuse('dealNotClosed', 'the deal is open: there is no closing to undo');
    case 'EngagementWithdrawn':
      return isWithdrawn(engagement) ? refuse('alreadyWithdrawn', 'the engagement is withdrawn already') : undefined;
    case 'EngagementReinstated':
      return isWithdrawn(engagement) || lastOfLife(engagement) === 'EngagementClosed'
        ? undefined
        : refuse('notWithdrawn', 'the engagement is not withdrawn: there is nothing to reinstate');
    case 'ParticipantInvited':
    case 'ParticipantJoined':
    case 'ParticipantDeclined':
      return participantRefusal(engagement, fact);
    case 'CommitmentSettled':
      return settlementRefusal(engagement, fact);
    case 'DealRegistered':
      return registrationRefusal(engagement, fact);
    default:
      return undefined;
  }
};
