// Does a fact become an event, add nothing, or get refused?
import type { Fact, FactOf, RecordedEvent } from '../../events/catalog.ts';
import { definitionOf } from '../../events/catalog.ts';
import { parseStreamId } from '../../events/identifiers.ts';
import { mayReplace } from '../claims.ts';
import { foldEngagement } from '../engagement/engagement.ts';
import { addsNothing, extend, type History, historyOf, standing } from '../history.ts';
import { ownerOf } from '../lifecycle.ts';
import { claimRefusal, controlRefusal } from './control.ts';
import { createRefusal } from './create.ts';
import { deliverRefusal } from './deliver.ts';
import { handoffRefusal } from './handoff.ts';
import { mobilizeRefusal } from './mobilize.ts';
import { partnerBoundsRefusal } from './partnerBounds.ts';
import { procureRefusal } from './procure.ts';
import { type Refusal, refuse } from './refusal.ts';
import { renewRefusal } from './renew.ts';
import { reportRefusal } from './report.ts';
import { sellRefusal } from './sell.ts';

export type Decision =
  | { readonly outcome: 'accepted'; readonly events: readonly Fact[] }
  | { readonly outcome: 'unchanged'; readonly events: readonly RecordedEvent[] }
  | Refusal;

/** Checks the invariants of the fact's owner; undefined if the fact breaks none of them. */
const refusalOf = (before: readonly RecordedEvent[], fact: Fact): Refusal | undefined => {
  if (fact.type === 'HandoffOffered' || fact.type === 'HandoffAccepted' || fact.type === 'HandoffRejected') {
    return handoffRefusal(before, fact);
  }
  const owner = ownerOf(fact.type, fact.data);
  switch (owner) {
    case 'create':
      return createRefusal(before, fact);
    case 'mobilize':
      return mobilizeRefusal(before, fact);
    case 'sell':
      return sellRefusal(foldEngagement(before), fact);
    case 'procure':
      return procureRefusal(foldEngagement(before), fact);
    case 'deliver':
      return deliverRefusal(foldEngagement(before), fact);
    case 'report':
      return reportRefusal(foldEngagement(before), fact);
    case 'renew':
      return renewRefusal(foldEngagement(before), fact);
    case 'control':
      return controlRefusal(before, fact);
    case undefined:
      return refuse('notRecordable', `only the pipeline itself records ${fact.type}`);
    default:
      return owner satisfies never;
  }
};

/** A partner corrects and takes back only what it said itself. */
const notItsOwn = (fact: Fact, named: RecordedEvent): Refusal | undefined =>
  mayReplace(fact, named)
    ? undefined
    : refuse(
        'notYours',
        `event ${named.eventId} was said by somebody else; a partner changes only what it said itself`,
      );

/** A retraction names a standing event of its stream, which somebody said: what the pipeline concluded follows by itself. */
const retractionRefusal = (history: History, fact: FactOf<'FactRetracted'>): Refusal | undefined => {
  const named = history.byEventId.get(fact.data.eventId);
  if (named === undefined) return refuse('retractedUnknown', `no event ${fact.data.eventId} in this stream`);
  if (named.type === 'EngagementAbsorbed') {
    return refuse('notRetractable', `${named.eventId} follows from event ${named.causationId}; take that merge back`);
  }
  if (named.type === 'StageEntered' || named.type === 'FactRetracted') {
    return refuse('notRetractable', `${named.eventId} is a ${named.type}; it can't be taken back`);
  }
  const foreign = notItsOwn(fact, named);
  if (foreign !== undefined) return foreign;
  return standing(history).includes(named)
    ? undefined
    : refuse('doesNotStand', `event ${named.eventId} was replaced or taken back already`);
};

/**
 * Checks a person's fact of any type: one Idempotency-Key stands for one fact, and a correction names an event of its
 * own type.
 */
const correctionRefusal = (history: History, fact: Fact): Refusal | undefined => {
  const reused = history.events.some(
    (event) => event.actor === fact.actor && event.sourceEventId === fact.sourceEventId && event.source === fact.source,
  );
  if (reused) {
    return refuse(
      'idempotencyKeyReused',
      'this Idempotency-Key was used for another fact; to correct that fact, use a new key and supersedes',
    );
  }
  if (fact.type === 'FactRetracted') return retractionRefusal(history, fact);
  if (fact.type === 'ClaimConfirmed' || fact.type === 'ClaimRejected') return claimRefusal(history, fact);
  if (fact.supersedes === undefined) return undefined;
  const corrected = history.byEventId.get(fact.supersedes);
  if (corrected === undefined) return refuse('supersededUnknown', `no event ${fact.supersedes} in this stream`);
  return corrected.type === fact.type
    ? notItsOwn(fact, corrected)
    : refuse('supersededOfOtherType', `${fact.supersedes} is a ${corrected.type}; a ${fact.type} can't replace it`);
};

/**
 * Decides one fact against its stream. `accepted` carries the facts to append. `unchanged` carries the recorded events
 * that say the same: the fact adds nothing. `refused` is for a fact in a stream of the wrong kind, for a partner's that would fill
 * the stream up, and for a person's that breaks an invariant.
 */
export const decide = (history: History, fact: Fact): Decision => {
  const same = history.saying(fact);
  if (same.length > 0 && addsNothing(history, fact, same)) return { outcome: 'unchanged', events: same };
  const { kind } = parseStreamId(fact.streamId);
  if (definitionOf(fact.type)?.streams.includes(kind) !== true) {
    return refuse('wrongStream', `${fact.type} does not belong to a stream of kind ${kind}`);
  }
  const full = partnerBoundsRefusal(history, fact);
  if (full !== undefined) return full;
  if (fact.actor === undefined) return { outcome: 'accepted', events: [fact] };
  const corrected = correctionRefusal(history, fact);
  if (corrected !== undefined) return corrected;
  const stands = standing(history);
  const counted = history.counting?.(stands) ?? stands;
  const before = counted.filter((event) => event.eventId !== fact.supersedes);
  return refusalOf(before, fact) ?? { outcome: 'accepted', events: [fact] };
};

/** One fact's decision among several decided together. */
export interface Decided {
  readonly fact: Fact;
  readonly decision: Decision;
}

/** The history with the accepted facts added. A call makes it at most once, and only if a person's fact needs it. */
const provisionalOf = (history: History, accepted: readonly RecordedEvent[]): (() => History) => {
  let made: History | undefined;
  return () => {
    made ??= historyOf(history.events, history.counting);
    return extend(made, accepted.slice(made.events.length - history.events.length));
  };
};

/** The facts that are appended together with an accepted one. */
export type Bringing = (fact: Fact) => readonly Fact[];

/**
 * Decides several facts of one stream, in order. A person's fact is also checked against the facts accepted before it
 * in the list. A repetition inside the list is `unchanged` without events, because the first one is not recorded yet.
 * Only a person's fact needs a fold of the stream; a system's fact needs none. What an accepted fact brings is appended
 * with it, unless the stream holds it already.
 */
export const decideAll = (
  history: History,
  facts: readonly Fact[],
  now: string,
  bringing: Bringing = () => [],
): readonly Decided[] => {
  const appended: RecordedEvent[] = [];
  const taken = new Set<string>();
  const provisional = provisionalOf(history, appended);
  return facts.map((fact) => {
    if (taken.has(fact.eventId)) return { fact, decision: { outcome: 'unchanged', events: [] } };
    const decision = decide(appended.length > 0 && fact.actor !== undefined ? provisional() : history, fact);
    if (decision.outcome !== 'accepted') return { fact, decision };
    const brought = bringing(fact).filter((each) => !taken.has(each.eventId) && history.saying(each).length === 0);
    const events = [...decision.events, ...brought];
    for (const event of events) {
      taken.add(event.eventId);
      appended.push({ ...event, version: history.events.length + appended.length + 1, recordedAt: now });
    }
    return { fact, decision: { outcome: 'accepted', events } };
  });
};
