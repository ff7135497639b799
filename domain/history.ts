// Which events has a stream recorded, and which of them stand?
import { type Fact, type RecordedEvent, type RecordedOf, rankOf } from '../events/catalog.ts';
import { canonicalJson } from '../events/identifiers.ts';
import type { Instant } from '../events/instant.ts';
import { isClaim, isJudgement, judgementsOf, mayReplace } from './claims.ts';
import { compare, covers, extendReach, type Rank, type Reach, reachesOf, reachOver } from './reaches.ts';
import { followChains } from './sameInstant.ts';

/** A stream's recorded events, with indexes. It only grows, by `extend`. */
export interface History {
  readonly events: readonly RecordedEvent[];
  readonly byEventId: ReadonlyMap<string, RecordedEvent>;
  readonly byFactId: ReadonlyMap<string, readonly RecordedEvent[]>;
  /** The greatest event of each fact (see `byStanding`). */
  readonly greatest: ReadonlyMap<string, RecordedEvent>;
  /** How far each retracted fact is taken back (see `reachKey`). */
  readonly reaches: ReadonlyMap<string, Reach>;
  /** Whether a merge with another stream was ever said. */
  readonly knowsMerges: boolean;
  /** Of the standing events those that count, where several streams are one engagement; absent: all. */
  readonly counting?: ((stands: readonly RecordedEvent[]) => readonly RecordedEvent[]) | undefined;
  /** The recorded events of the fact that have the same data and `sourceSeq`, or the same event id. */
  saying(fact: Pick<Fact, 'factId' | 'eventId' | 'sourceSeq' | 'data'>): readonly RecordedEvent[];
}

type ByData = Map<string, RecordedEvent[]>;

const push = (events: Map<string, RecordedEvent[]>, key: string, event: RecordedEvent): void => {
  const known = events.get(key);
  if (known === undefined) events.set(key, [event]);
  else known.push(event);
};

class GrowingHistory implements History {
  readonly events: RecordedEvent[] = [];
  readonly byEventId = new Map<string, RecordedEvent>();
  readonly byFactId = new Map<string, RecordedEvent[]>();
  readonly greatest = new Map<string, RecordedEvent>();
  readonly reaches = new Map<string, Reach>();
  knowsMerges = false;
  /** The retractions that came before the event that they name, by its id. */
  private readonly early = new Map<string, RecordedOf<'FactRetracted'>[]>();
  /**
   * The events of a fact, by their data. A fact gets its map when it is first asked for, because most facts never are.
   */
  private readonly byFactAndData = new Map<string, ByData>();

  readonly counting: History['counting'];

  constructor(counting: History['counting']) {
    this.counting = counting;
  }

  add(event: RecordedEvent): void {
    this.events.push(event);
    this.byEventId.set(event.eventId, event);
    if (event.type === 'EngagementMerged' || event.type === 'EngagementAbsorbed') this.knowsMerges = true;
    push(this.byFactId, event.factId, event);
    const rival = this.greatest.get(event.factId);
    if (rival === undefined || byStanding(event, rival) > 0) this.greatest.set(event.factId, event);
    for (const retraction of this.early.get(event.eventId) ?? []) this.reach(retraction, event);
    if (event.type === 'FactRetracted') this.takeBack(event);
    const byData = this.byFactAndData.get(event.factId);
    if (byData !== undefined) push(byData, canonicalJson(event.data), event);
  }

  private takeBack(retraction: RecordedOf<'FactRetracted'>): void {
    const named = this.byEventId.get(retraction.data.eventId);
    if (named !== undefined) this.reach(retraction, named);
    else this.early.set(retraction.data.eventId, [...(this.early.get(retraction.data.eventId) ?? []), retraction]);
  }

  private reach(retraction: RecordedOf<'FactRetracted'>, named: RecordedEvent): void {
    if (mayReplace(retraction, named)) extendReach(this.reaches, retraction, named);
  }

  saying({
    factId,
    eventId,
    sourceSeq,
    data,
  }: Pick<Fact, 'factId' | 'eventId' | 'sourceSeq' | 'data'>): readonly RecordedEvent[] {
    const ofFact = this.byFactId.get(factId);
    if (ofFact === undefined) return [];
    let byData = this.byFactAndData.get(factId);
    if (byData === undefined) {
      byData = Map.groupBy(ofFact, (event) => canonicalJson(event.data));
      this.byFactAndData.set(factId, byData);
    }
    const same = (byData.get(canonicalJson(data)) ?? []).filter((event) => event.sourceSeq === sourceSeq);
    // An event of an older version was upcast, so its data may differ: only its id is the same.
    const named = this.byEventId.get(eventId);
    return named === undefined || named.factId !== factId || same.includes(named) ? same : [named, ...same];
  }
}

/** The history of a stream's events, given in stream order. */
export const historyOf = (events: readonly RecordedEvent[], counting?: History['counting']): History => {
  const history = new GrowingHistory(counting);
  for (const event of events) history.add(event);
  return history;
};

/**
 * Adds later events to the history, in place: a copy for each commit would be slow for a long stream. Events are never
 * removed, so code that still holds the history can only see more of them.
 */
export const extend = (history: History, events: readonly RecordedEvent[]): History => {
  if (!(history instanceof GrowingHistory)) return extend(historyOf(history.events, history.counting), events);
  for (const event of events) if (!history.byEventId.has(event.eventId)) history.add(event);
  return history;
};

/** The fold order: by occurredAt, the type's rank, sourceSeq (absent first), eventId. */
export const inFoldOrder = (a: RecordedEvent, b: RecordedEvent): number =>
  compare(a.occurredAt, b.occurredAt) ||
  rankOf(a.type) - rankOf(b.type) ||
  compare(a.sourceSeq ?? '', b.sourceSeq ?? '') ||
  compare(a.eventId, b.eventId);

/**
 * The order that decides which event of a fact stands: the one with the greatest sourceSeq, then translation,
 * occurredAt, eventId. A partner's claim stands below all others: a connection may have been bound to it after it said the fact.
 */
const byStanding = (a: Rank, b: Rank): number =>
  Number(isClaim(b)) - Number(isClaim(a)) ||
  compare(a.sourceSeq ?? '', b.sourceSeq ?? '') ||
  (a.translation ?? 0) - (b.translation ?? 0) ||
  compare(a.occurredAt, b.occurredAt) ||
  compare(a.eventId, b.eventId);

/**
 * Whether a fact that says the same as `same` adds nothing. It adds an event if what stands over those events is less
 * than the fact would be, and is by an older translation: other data of the fact, or a retraction.
 */
export const addsNothing = (
  history: Pick<History, 'greatest' | 'reaches'>,
  fact: Rank & Pick<Fact, 'factId'>,
  same: readonly RecordedEvent[],
): boolean => {
  const translation = fact.translation ?? 0;
  const greatest = history.greatest.get(fact.factId);
  if (greatest === undefined) return true;
  const isOver = !same.includes(greatest) && byStanding(fact, greatest) > 0;
  if (isOver && (greatest.translation ?? 0) < translation) return false;
  const reach = reachOver(history.reaches, fact);
  return !(covers(reach, greatest) && !covers(reach, fact) && (reach?.translation ?? 0) < translation);
};

/**
 * The two cuts of an as-of. Events recorded later are left out first, and restatements are resolved among the rest.
 * Then events that occurred later are left out.
 */
export interface Cuts {
  readonly recordedUntil?: Instant | undefined;
  readonly occurredUntil?: Instant | undefined;
}

/** The events that stand among those known, in no order. */
const survivors = (known: readonly RecordedEvent[]): readonly RecordedEvent[] => {
  const greatest = new Map<string, RecordedEvent>();
  const corrections: RecordedEvent[] = [];
  for (const event of known) {
    const rival = greatest.get(event.factId);
    if (rival === undefined || byStanding(event, rival) > 0) greatest.set(event.factId, event);
    if (event.supersedes !== undefined) corrections.push(event);
  }
  const retractions = known.filter((event) => event.type === 'FactRetracted');
  const needsIds = retractions.length > 0 || corrections.some(isClaim);
  const byId = needsIds ? new Map(known.map((event) => [event.eventId, event])) : new Map<string, RecordedEvent>();
  const retracted = reachesOf(retractions, byId);
  const replaced = new Set(
    corrections.flatMap((event) =>
      event.supersedes !== undefined && mayReplace(event, byId.get(event.supersedes)) ? [event.supersedes] : [],
    ),
  );
  return [...greatest.values()].filter(
    (event) => !replaced.has(event.eventId) && !covers(reachOver(retracted, event), event),
  );
};

/** The claims that the vendor rejected: they count as never said. */
const rejectedIn = (known: readonly RecordedEvent[]): ReadonlySet<string> => {
  if (!known.some(isJudgement)) return new Set();
  // What corrects a judgement has its own type, and what takes it back is a retraction.
  const judging = survivors(known.filter((event) => isJudgement(event) || event.type === 'FactRetracted'));
  const judged = judgementsOf(judging.toSorted(inFoldOrder));
  return new Set(
    known.flatMap((event) =>
      isClaim(event) && judged.get(event.eventId)?.type === 'ClaimRejected' ? [event.eventId] : [],
    ),
  );
};

/**
 * The standing events, in fold order. Of each fact only the greatest event can stand (see `byStanding`); it does not
 * stand if a person's event supersedes it, or if a retraction covers it. The fact's earlier events don't stand again
 * then, but a later, greater event of the fact does. A partner replaces and takes back only what it said itself. A claim
 * that the vendor rejected does not count at all.
 */
export const standing = (history: Pick<History, 'events'>, cuts: Cuts = {}): readonly RecordedEvent[] => {
  const { recordedUntil, occurredUntil } = cuts;
  const known =
    recordedUntil === undefined ? history.events : history.events.filter((event) => event.recordedAt <= recordedUntil);
  const rejected = rejectedIn(known);
  const counted = rejected.size === 0 ? known : known.filter(({ eventId }) => !rejected.has(eventId));
  const stands = survivors(counted).filter((event) => occurredUntil === undefined || event.occurredAt <= occurredUntil);
  return followChains(stands.toSorted(inFoldOrder));
};
