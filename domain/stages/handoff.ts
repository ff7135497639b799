// Which of a person's facts about handoffs are refused?
import type { FactOf, RecordedEvent } from '../../events/catalog.ts';
import { factsOf } from '../engagement/facts.ts';
import { handoffsOf } from '../engagement/handoffs.ts';
import { type Refusal, refuse } from './refusal.ts';

type HandoffFact = FactOf<'HandoffOffered' | 'HandoffAccepted' | 'HandoffRejected'>;

/**
 * Refuses a handoff to its own stage, other stages for a known handoff, an answer without an offer, and a second
 * answer.
 */
export const handoffRefusal = (before: readonly RecordedEvent[], fact: HandoffFact): Refusal | undefined => {
  const { handoffId, fromStage, toStage } = fact.data;
  const known = handoffsOf(factsOf(before)).find((handoff) => handoff.handoffId === handoffId);
  if (fromStage === toStage) return refuse('handoffToItself', `fromStage and toStage are both ${toStage}`);
  if (known !== undefined && (known.fromStage !== fromStage || known.toStage !== toStage)) {
    return refuse('handoffOfOtherStages', `handoff ${handoffId} leads from ${known.fromStage} to ${known.toStage}`);
  }
  if (fact.type === 'HandoffOffered') {
    return known?.answer === undefined
      ? undefined
      : refuse('handoffAlreadyAnswered', `handoff ${handoffId} was answered; offer another under a new id`);
  }
  if (known === undefined || known.offers.length === 0) {
    return refuse('handoffUnknown', `no handoff ${handoffId} was offered; record HandoffOffered first`);
  }
  return known.answer === undefined
    ? undefined
    : refuse('handoffAlreadyAnswered', `handoff ${handoffId} was answered by event ${known.answer.eventId}`);
};
