// What may a person not say in Sell? An engagement opens once, its deal closes once a cycle, and a won deal has a value.
import type { Fact } from '../../events/catalog.ts';
import { dealValues, type Engagement } from '../engagement/engagement.ts';
import { cycleAt } from '../engagement/journey.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Refuses what breaks Sell's invariants, given the engagement as it stands. */
export const sellRefusal = (engagement: Engagement, fact: Fact): Refusal | undefined => {
  switch (fact.type) {
    case 'EngagementOpened':
      return engagement.opened === undefined
        ? undefined
        : refuse('alreadyOpened', `opened by event ${engagement.opened.eventId}; correct it with supersedes`);
    case 'OutcomeAgreed':
      return engagement.of('OutcomeAgreed').some((event) => event.data.outcomeId === fact.data.outcomeId)
        ? refuse('outcomeAlreadyAgreed', `outcome ${fact.data.outcomeId} is agreed; re-agree it with supersedes`)
        : undefined;
    case 'SolutionProposed': {
      const agreed = new Set(engagement.of('OutcomeAgreed').map((event) => event.data.outcomeId));
      const unknown = fact.data.outcomeIds.filter((id) => !agreed.has(id));
      return unknown.length === 0
        ? undefined
        : refuse('outcomeUnknown', `no such agreed outcome: ${unknown.join(', ')}; record OutcomeAgreed first`);
    }
    case 'DealClosed': {
      const cycle = cycleAt(engagement.journey, fact.occurredAt);
      const closed = engagement
        .of('DealClosed')
        .find((event) => cycleAt(engagement.journey, event.occurredAt) === cycle);
      if (closed !== undefined) {
        return refuse(
          'dealAlreadyClosed',
          `the deal of cycle ${cycle} is ${closed.data.result} by event ${closed.eventId}`,
        );
      }
      const valued = fact.data.value !== undefined || dealValues(engagement).length > 0;
      return fact.data.result === 'won' && !valued
        ? refuse('wonWithoutValue', 'a won deal needs a value: give it here or in a DealRevised')
        : undefined;
    }
    default:
      return undefined;
  }
};
