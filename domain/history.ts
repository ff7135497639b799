// What has a stream recorded, and which of it stands? Events by id and by fact, and the fold order of those that stand.
import { type RecordedEvent, rankOf } from '../events/catalog.ts';
import type { Instant } from '../events/instant.ts';

/** A stream's recorded events, indexed; it only ever grows, by `extend`. */
export interface History {
  readonly events: readonly RecordedEvent[];
  readonly byEventId: ReadonlyMap<string, RecordedEvent>;
  readonly byFactId: ReadonlyMap<string, readonly RecordedEvent[]>;
}

class GrowingHistory implements History {
  readonly events: RecordedEvent[] = [];
  readonly byEventId = new Map<string, RecordedEvent>();
  readonly byFactId = new Map<string, RecordedEvent[]>();

  add(event: RecordedEvent): void {
    this.events.push(event);
    this.byEventId.set(event.eventId, event);
    const ofFact = this.byFactId.get(event.factId);
    if (ofFact === undefined) this.byFactId.set(event.factId, [event]);
    else ofFact.push(event);
  }
}

/** The history of a stream's events, given in stream order. */
export const historyOf = (events: readonly RecordedEvent[]): History => {
  const history = new GrowingHistory();
  for (const event of events) history.add(event);
  return history;
};

/**
 * The history with what was recorded after it. It grows in place, so that a long stream costs no copy a commit:
 * what is recorded never goes, hence an older holder sees only more of the truth.
 */
export const extend = (history: History, events: readonly RecordedEvent[]): History => {
  if (!(history instanceof GrowingHistory)) return historyOf([...history.events, ...events]);
  for (const event of events) if (!history.byEventId.has(event.eventId)) history.add(event);
  return history;
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The fold order (decision 6): occurredAt, the type's rank, sourceSeq (absent first), eventId. */
export const inFoldOrder = (a: RecordedEvent, b: RecordedEvent): number =>
  compare(a.occurredAt, b.occurredAt) ||
  rankOf(a.type) - rankOf(b.type) ||
  compare(a.sourceSeq ?? '', b.sourceSeq ?? '') ||
  compare(a.eventId, b.eventId);

/** Of two events of one fact, which stands (decision 5): the greatest sourceSeq, translation, occurredAt, eventId. */
const byStanding = (a: RecordedEvent, b: RecordedEvent): number =>
  compare(a.sourceSeq ?? '', b.sourceSeq ?? '') ||
  (a.translation ?? 0) - (b.translation ?? 0) ||
  compare(a.occurredAt, b.occurredAt) ||
  compare(a.eventId, b.eventId);

/** The two cuts of an as-of: what was recorded by then is resolved first, then what had occurred by then is kept. */
export interface Cuts {
  readonly recordedUntil?: Instant | undefined;
  readonly occurredUntil?: Instant | undefined;
}

/**
 * The events that stand, in fold order: of each fact the one that its source said last, without what a person's event
 * supersedes. A superseded event takes with it what its fact said before; what its source says later stands again.
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
