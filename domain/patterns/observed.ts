// Since when would an event of a type have been recorded, had there been one?
import type { EventType, RecordedEvent } from '../../events/catalog.ts';
import { addMilliseconds, type Instant } from '../../events/instant.ts';
import { isClaim } from '../claims.ts';
import { everyType } from '../context/policy.ts';
import { tolerance } from '../time/tolerance.ts';
import type { Verdict, View } from './pattern.ts';

/** Since when somebody listens; `never`: nobody does. */
type Listening = Instant | 'never';

/** What an absence is about: the types of which an event may come, and the fact from which on one is needed. */
export interface Need {
  readonly awaits: readonly EventType[];
  /** When one is needed from. */
  readonly at: Instant;
  /** The fact that says so. */
  readonly by: RecordedEvent;
}

/** When the first event of an engagement was recorded, of all its recorded events in any order; undefined without events. */
export const heardFromOf = (events: readonly RecordedEvent[]): Instant | undefined =>
  events.reduce<Instant | undefined>(
    (first, { recordedAt }) => (first === undefined || recordedAt < first ? recordedAt : first),
    undefined,
  );

/**
 * Since when all of the types are recorded here: by the policy, for the type or for every type, else since anything was recorded of the
 * engagement. Undefined: since ever.
 */
const listeningFor = ({ context: { policy }, heardFrom }: View, types: readonly EventType[]): Listening | undefined => {
  const since = types.flatMap((type) => policy.observedFrom[type] ?? policy.observedFrom[everyType] ?? heardFrom ?? []);
  return since.includes('never') ? 'never' : since.sort().at(-1);
};

/**
 * From when on the need of a fact was known to somebody. What a partner says counts from when it said it: its word about
 * earlier days arms its rules as if it had come in time, else who is measured could suspend a rule by coming late.
 */
const knownFrom = ({ at, by }: Need): Instant => (isClaim(by) && by.recordedAt > at ? by.recordedAt : at);

const isHeard = (since: Listening | undefined, need: Need): boolean =>
  since === undefined || (since !== 'never' && addMilliseconds(knownFrom(need), tolerance) >= since);

/**
 * Why nobody knows whether the awaited came: the need arose before its types were recorded, or nobody records them here. Undefined
 * if somebody listened. Times within the tolerance are simultaneous.
 */
export const unheard = (view: View, need: Need): string | undefined => {
  const since = listeningFor(view, need.awaits);
  if (isHeard(since, need)) return undefined;
  const types = need.awaits.join(' or ');
  return since === 'never'
    ? `nobody records ${types} here, so nobody knows whether it came`
    : `${types} was not recorded here yet when it was needed, so nobody knows whether it came`;
};

/** When a standing need counts from: when it arose, or later, once somebody listens. Where nobody ever does, when it arose. */
export const listenedFrom = (view: View, need: Need): Instant => {
  const since = listeningFor(view, need.awaits);
  return since === undefined || since === 'never' || isHeard(since, need) ? need.at : since;
};

/** The verdict on a need that nobody listened for. */
export const notObserved = (
  { subject, openedBy }: Pick<Verdict, 'subject' | 'openedBy'>,
  because: string,
): Verdict => ({
  ...{ state: 'suspended', subject, openedBy, since: openedBy.occurredAt },
  ...{ reason: 'notObserved', because, changesAt: undefined },
});
