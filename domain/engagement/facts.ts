// How are an engagement's standing events found by type?
import type { EventType, RecordedEvent, RecordedOf } from '../../events/catalog.ts';

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
