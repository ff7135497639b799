// Which handoffs were made, how complete was each, and how were they answered?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Stage } from '../../events/stage.ts';
import { type IsUnconfirmed, unconfirmedIn, wordsFirst } from '../claims.ts';
import type { Facts } from './facts.ts';

export interface Handoff {
  readonly handoffId: string;
  readonly fromStage: Stage;
  readonly toStage: Stage;
  /**
   * The offers in fold order: a handoff may be offered again, with what was missing. Empty if only its answer is known.
   */
  readonly offers: readonly RecordedOf<'HandoffOffered'>[];
  /** The first answer; further ones are deviations. A new offer after a rejection waits for an answer of its own. */
  readonly answer: RecordedOf<'HandoffAccepted' | 'HandoffRejected'> | undefined;
  /** The rejections that answered an offer, in fold order: the last may be the answer that stands. */
  readonly rejections: readonly RecordedOf<'HandoffRejected'>[];
}

/** What a complete handoff names (rule P3.4): the new owner, at least one expectation, and the context. */
export const handoffParts = ['toOwner', 'expectations', 'contextRef'] as const;

/** Which of the three parts an offer lacks. */
export const missingParts = (offer: RecordedOf<'HandoffOffered'>): readonly (typeof handoffParts)[number][] =>
  handoffParts.filter((part) =>
    part === 'expectations' ? offer.data.expectations.length === 0 : offer.data[part] === undefined,
  );

export type HandoffEvent = RecordedOf<'HandoffOffered' | 'HandoffAccepted' | 'HandoffRejected'>;

const isOfHandoff = (event: RecordedEvent): event is HandoffEvent =>
  event.type === 'HandoffOffered' || event.type === 'HandoffAccepted' || event.type === 'HandoffRejected';

const handoffTypes = ['HandoffOffered', 'HandoffAccepted', 'HandoffRejected'] as const;

/** The facts of handoffs, in fold order. */
export const handoffFacts = (facts: Facts): readonly HandoffEvent[] =>
  handoffTypes.every((type) => facts.of(type).length === 0) ? [] : facts.events.filter(isOfHandoff);

const handoffOf = (
  handoffId: string,
  events: readonly HandoffEvent[],
  isUnconfirmed: IsUnconfirmed,
): readonly Handoff[] => {
  const [first] = wordsFirst(events, isUnconfirmed);
  if (first === undefined) return [];
  const { fromStage, toStage } = first.data;
  const offers: RecordedOf<'HandoffOffered'>[] = [];
  const rejections: RecordedOf<'HandoffRejected'>[] = [];
  let answer: Handoff['answer'];
  for (const event of events) {
    if (event.type !== 'HandoffOffered') {
      if (answer === undefined && event.type === 'HandoffRejected') rejections.push(event);
      answer ??= event;
    } else {
      offers.push(event);
      if (answer?.type === 'HandoffRejected') answer = undefined;
    }
  }
  return [{ handoffId, fromStage, toStage, offers, answer, rejections }];
};

/** The engagement's handoffs, in the order of their first fact. */
export const handoffsOf = (facts: Facts): readonly Handoff[] => {
  const isUnconfirmed = unconfirmedIn(facts.events);
  const byId = Map.groupBy(handoffFacts(facts), ({ data }) => data.handoffId);
  return [...byId].flatMap(([id, events]) => handoffOf(id, events, isUnconfirmed));
};

/**
 * When a handoff was first offered. If only its answer is known, when it was answered: it must have been offered by
 * then.
 */
export const offeredAt = (handoff: Handoff): Instant | undefined =>
  handoff.offers[0]?.occurredAt ?? handoff.answer?.occurredAt;

/** When a handoff was accepted; undefined while it is not. */
export const acceptedAt = (handoff: Handoff): Instant | undefined =>
  handoff.answer?.type === 'HandoffAccepted' ? handoff.answer.occurredAt : undefined;
