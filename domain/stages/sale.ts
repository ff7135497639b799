// Which of a person's facts about participants, promises and registrations does Sell refuse?
import type { FactOf } from '../../events/catalog.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { commitmentsOf } from '../engagement/sell/commitments.ts';
import { invitationsOf } from '../engagement/sell/participants.ts';
import { type Refusal, refuse } from './refusal.ts';

type ParticipantFact = FactOf<'ParticipantInvited' | 'ParticipantJoined' | 'ParticipantDeclined'>;

/**
 * Refuses a second invitation of one id, an answer to an unknown one, a second answer, and a participation that ends before it
 * begins. Who joined may say by the same invitation what it answers for later.
 */
export const participantRefusal = (engagement: Engagement, fact: ParticipantFact): Refusal | undefined => {
  const { invitationId } = fact.data;
  const known = invitationsOf(engagement).find((invitation) => invitation.invitationId === invitationId);
  if (fact.type === 'ParticipantInvited') {
    return known === undefined
      ? undefined
      : refuse('alreadyInvited', `event ${known.event.eventId} is invitation ${invitationId} already`);
  }
  if (fact.type === 'ParticipantJoined') {
    const { from = fact.occurredAt, until } = fact.data;
    if (until !== undefined && until <= from) {
      return refuse('participationEmpty', `it ends at ${until}, before it begins at ${from}`);
    }
  }
  if (invitationId === undefined) return undefined;
  if (known === undefined) {
    return refuse('invitationUnknown', `no invitation ${invitationId}; record ParticipantInvited first`);
  }
  return known.answer === undefined || (known.answer.type === fact.type && fact.type === 'ParticipantJoined')
    ? undefined
    : refuse('invitationAlreadyAnswered', `event ${known.answer.eventId} already answered invitation ${invitationId}`);
};

/** Refuses a settlement of what no proposal promised, and a second one. */
export const settlementRefusal = (
  engagement: Engagement,
  { data: { commitmentId } }: FactOf<'CommitmentSettled'>,
): Refusal | undefined => {
  const commitment = commitmentsOf(engagement).find((made) => made.commitmentId === commitmentId);
  if (commitment === undefined) {
    return refuse('commitmentUnknown', `no proposal of this engagement makes the commitment ${commitmentId}`);
  }
  return commitment.settled === undefined
    ? undefined
    : refuse(
        'commitmentAlreadySettled',
        `event ${commitment.settled.eventId} already settled commitment ${commitmentId}; correct it with supersedes`,
      );
};

/** Refuses a registration whose last day is over, and one whose id stands for another customer or partner. */
export const registrationRefusal = (
  engagement: Engagement,
  { occurredAt, data }: FactOf<'DealRegistered'>,
): Refusal | undefined => {
  const { registrationId, protectedUntil } = data;
  if (protectedUntil !== undefined && protectedUntil < occurredAt.slice(0, 10)) {
    return refuse('protectionOver', `the last day ${protectedUntil} is over when the deal is registered`);
  }
  const same = JSON.stringify([data.customer, data.partner]);
  const other = engagement
    .of('DealRegistered')
    .find(
      (event) =>
        event.data.registrationId === registrationId &&
        JSON.stringify([event.data.customer, event.data.partner]) !== same,
    );
  return other === undefined
    ? undefined
    : refuse(
        'registrationOfOthers',
        `registration ${registrationId} is of another customer or partner (event ${other.eventId}); correct it with supersedes`,
      );
};
