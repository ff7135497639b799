// What is a deviation, and how does a check say one?
import type { RecordedEvent } from '../../../events/catalog.ts';
import type { Context } from '../../context/context.ts';
import type { Engagement } from '../engagement.ts';

/** A breach that facts show, of one of some kinds. */
export interface DeviationOf<Kind extends string> {
  readonly kind: Kind;
  /** What it is about: an order, a subscription, a cycle, a handoff, a field. */
  readonly about: string;
  /** The events that show it, in fold order. For orders that might be one, the events of each order stand together. */
  readonly eventIds: readonly string[];
}

/** Finds breaches of some kinds. */
export type CheckOf<Kind extends string> = (engagement: Engagement, context: Context) => readonly DeviationOf<Kind>[];

/** The deviation that these events show. */
export const deviation = <Kind extends string>(
  kind: Kind,
  about: string,
  events: readonly RecordedEvent[],
): DeviationOf<Kind> => ({ kind, about, eventIds: events.map(({ eventId }) => eventId) });

/** The events of each key, in fold order. */
export const groupedBy = <E>(
  events: readonly E[],
  keyOf: (event: E) => string,
): readonly (readonly [string, E[]])[] => [...Map.groupBy(events, keyOf)];
