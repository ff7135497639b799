// How are an engagement's standing events found by type?
import type { EventType, RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import { noteCut } from '../cuts.ts';
import { turningPoint } from '../time/sortedSearch.ts';

/** Standing events in fold order, found by type. */
export interface Facts {
  readonly events: readonly RecordedEvent[];
  /** The events of one type, in fold order. */
  of<T extends EventType>(type: T): readonly RecordedOf<T>[];
}

type ByType = { [T in EventType]?: RecordedOf<T>[] };

const put = <T extends EventType>(groups: ByType, type: T, event: RecordedOf<T>): void => {
  const group: RecordedOf<T>[] | undefined = groups[type];
  if (group === undefined) Object.assign(groups, { [type]: [event] });
  else group.push(event);
};

/** Groups standing events, given in fold order, by type. */
export const factsOf = (events: readonly RecordedEvent[]): Facts => {
  const groups: ByType = {};
  for (const event of events) put(groups, event.type, event);
  return { events, of: <T extends EventType>(type: T): readonly RecordedOf<T>[] => groups[type] ?? [] };
};

/** The events up to an instant, of events in fold order: the same list if none comes later. */
export const upTo = <E extends RecordedEvent>(events: readonly E[], at: Instant): readonly E[] => {
  const end = turningPoint(events, ({ occurredAt }) => occurredAt > at);
  return end === events.length ? events : events.slice(0, end);
};

/** The facts up to an instant. They are cut from the lists that are known, a type when it is first asked for. */
export const factsUntil = (facts: Facts, at: Instant): Facts => {
  const known: { [T in EventType]?: readonly RecordedOf<T>[] } = {};
  const of = <T extends EventType>(type: T): readonly RecordedOf<T>[] => {
    const cut: readonly RecordedOf<T>[] = known[type] ?? upTo(facts.of(type), at);
    Object.assign(known, { [type]: cut });
    return cut;
  };
  const events = upTo(facts.events, at);
  if (events !== facts.events) noteCut(events, { from: facts.events, at });
  return { events, of };
};
