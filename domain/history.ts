// Which events has a stream recorded, and which of them stand?
import { type Fact, type RecordedEvent, rankOf } from '../events/catalog.ts';
import { canonicalJson } from '../events/identifiers.ts';
import type { Instant } from '../events/instant.ts';

/** A stream's recorded events, with indexes. It only grows, by `extend`. */
export interface History {
  readonly events: readonly RecordedEvent[];
  readonly byEventId: ReadonlyMap<string, RecordedEvent>;
  readonly byFactId: ReadonlyMap<string, readonly RecordedEvent[]>;
  /** The recorded events of the fact that have the same data, or the same event id. */
  saying(fact: Pick<Fact, 'factId' | 'eventId' | 'data'>): readonly RecordedEvent[];
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
  /**
   * The events of a fact, by their data. A fact gets its map when it is first asked for, because most facts never are.
   */
  private readonly byFactAndData = new Map<string, ByData>();

  add(event: RecordedEvent): void {
    this.events.push(event);
    this.byEventId.set(event.eventId, event);
    push(this.byFactId, event.factId, event);
    const byData = this.byFactAndData.get(event.factId);
    if (byData !== undefined) push(byData, canonicalJson(event.data), event);
  }

  saying({ factId, eventId, data }: Pick<Fact, 'factId' | 'eventId' | 'data'>): readonly RecordedEvent[] {
    const ofFact = this.byFactId.get(factId);
    if (ofFact === undefined) return [];
    let byData = this.byFactAndData.get(factId);
    if (byData === undefined) {
      byData = Map.groupBy(ofFact, (event) => canonicalJson(event.data));
      this.byFactAndData.set(factId, byData);
    }
    const same = byData.get(canonicalJson(data)) ?? [];
    // An event of an older version was upcast, so its data may differ: only its id is the same.
    const named = this.byEventId.get(eventId);
    return named === undefined || named.factId !== factId || same.includes(named) ? same : [named, ...same];
  }
}

/** The history of a stream's events, given in stream order. */
export const historyOf = (events: readonly RecordedEvent[]): History => {
  const history = new GrowingHistory();
  for (const event of events) history.add(event);
  return history;
};

/**
 * Adds later events to the history, in place: a copy for each commit would be slow for a long stream. Events are never
 * removed, so code that still holds the history can only see more of them.
 */
export const extend = (history: History, events: readonly RecordedEvent[]): History => {
  if (!(history instanceof GrowingHistory)) return extend(historyOf(history.events), events);
  for (const event of events) if (!history.byEventId.has(event.eventId)) history.add(event);
  return history;
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The fold order: by occurredAt, the type's rank, sourceSeq (absent first), eventId. */
export const inFoldOrder = (a: RecordedEvent, b: RecordedEvent): number =>
  compare(a.occurredAt, b.occurredAt) ||
  rankOf(a.type) - rankOf(b.type) ||
  compare(a.sourceSeq ?? '', b.sourceSeq ?? '') ||
  compare(a.eventId, b.eventId);

/**
 * The order that decides which event of a fact stands: the one with the greatest sourceSeq, then translation,
 * occurredAt, eventId.
 */
const byStanding = (a: RecordedEvent, b: RecordedEvent): number =>
  compare(a.sourceSeq ?? '', b.sourceSeq ?? '') ||
  (a.translation ?? 0) - (b.translation ?? 0) ||
  compare(a.occurredAt, b.occurredAt) ||
  compare(a.eventId, b.eventId);

/**
 * The two cuts of an as-of. Events recorded later are left out first, and restatements are resolved among the rest.
 * Then events that occurred later are left out.
 */
export interface Cuts {
  readonly recordedUntil?: Instant | undefined;
  readonly occurredUntil?: Instant | undefined;
}

/**
 * The standing events, in fold order. Of each fact only the greatest event can stand (see `byStanding`); it does not
 * stand if a person's event supersedes it. The fact's earlier events don't stand again then, but a later, greater event
 * of the fact does.
 */
export const standing = (history: Pick<History, 'events'>, cuts: Cuts = {}): readonly RecordedEvent[] => {
  const { recordedUntil, occurredUntil } = cuts;
  const known =
    recordedUntil === undefined ? history.events : history.events.filter((event) => event.recordedAt <= recordedUntil);
  const greatest = new Map<string, RecordedEvent>();
  const replaced = new Set<string>();
  for (const event of known) {
    const rival = greatest.get(event.factId);
    if (rival === undefined || byStanding(event, rival) > 0) greatest.set(event.factId, event);
    if (event.supersedes !== undefined) replaced.add(event.supersedes);
  }
  const survives = (event: RecordedEvent): boolean =>
    !replaced.has(event.eventId) && (occurredUntil === undefined || event.occurredAt <= occurredUntil);
  return [...greatest.values()].filter(survives).sort(inFoldOrder);
};
