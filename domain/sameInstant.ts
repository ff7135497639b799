// In which order do a source's events of one instant come, if only the states that they name can tell?
import type { RecordedEvent } from '../events/catalog.ts';

type Stated = RecordedEvent & { readonly sourceState: NonNullable<RecordedEvent['sourceState']> };

const isStated = (event: RecordedEvent): event is Stated => event.sourceState !== undefined;

/** Events of one source about one object, at one instant, belong to one chain. */
const chainOf = ({ source, sourceState, occurredAt }: Stated): string =>
  JSON.stringify([source, sourceState.of, occurredAt]);

const takeFrom = (leaving: ReadonlyMap<string, Stated[]>, state: string): Stated | undefined =>
  leaving.get(state)?.shift();

/** The state in which the events leave the object: it is reached once more often than it is left. */
const lastState = (events: readonly Stated[]): string | undefined => {
  const balance = new Map<string, number>();
  for (const { sourceState } of events) {
    balance.set(sourceState.is, (balance.get(sourceState.is) ?? 0) + 1);
    if (sourceState.was !== undefined) balance.set(sourceState.was, (balance.get(sourceState.was) ?? 0) - 1);
  }
  const ends = [...balance].filter(([, reached]) => reached > 0).map(([state]) => state);
  return ends.length === 1 ? ends[0] : undefined;
};

/** The state in which the events find the object; undefined if they find none, or if the states are no single path. */
const firstState = (events: readonly Stated[], before: string | undefined): string | undefined => {
  const reached = Map.groupBy(events, ({ sourceState }) => sourceState.is);
  const left = Map.groupBy(events, ({ sourceState }) => sourceState.was);
  const starts = [...left.keys()].filter(
    (state) => state !== undefined && (left.get(state)?.length ?? 0) > (reached.get(state)?.length ?? 0),
  );
  if (starts.length === 1) return starts[0];
  return before !== undefined && left.has(before) ? before : undefined;
};

/**
 * The events as one path from state to state, each event once (an Eulerian path: a state may return). If the events
 * form no single path, as when one is missing, they stay in the order given, but an event that leads to the last state
 * comes last.
 */
const pathOf = (events: readonly Stated[], before: string | undefined): readonly Stated[] => {
  const begins = events.filter(({ sourceState }) => sourceState.was === undefined);
  const rest = events.filter(({ sourceState }) => sourceState.was !== undefined);
  const leaving = new Map<string, Stated[]>();
  for (const event of rest) {
    const state = event.sourceState.was ?? '';
    const known = leaving.get(state);
    if (known === undefined) leaving.set(state, [event]);
    else known.push(event);
  }
  const start = begins.at(-1)?.sourceState.is ?? firstState(rest, before);
  const path: Stated[] = [];
  const open: (Stated | undefined)[] = [undefined];
  let state = start;
  while (open.length > 0) {
    const next = state === undefined ? undefined : takeFrom(leaving, state);
    if (next !== undefined) {
      open.push(next);
      state = next.sourceState.is;
      continue;
    }
    const done = open.pop();
    if (done !== undefined) path.push(done);
    state = open.at(-1)?.sourceState.is ?? start;
  }
  if (path.length === rest.length) return [...begins, ...path.reverse()];
  const last = lastState(events);
  const ends = events.filter(({ sourceState }) => sourceState.is === last);
  return [...events.filter((event) => !ends.includes(event)), ...ends];
};

/**
 * Events in fold order, with the events of one instant about one object of a source in the order of its states. Each
 * chain keeps the places that its events have in the list.
 */
export const followChains = (sorted: readonly RecordedEvent[]): readonly RecordedEvent[] => {
  const stated = sorted.filter(isStated);
  if (stated.length < 2) return sorted;
  const chains = [...Map.groupBy(stated, chainOf).values()];
  if (chains.length === stated.length) return sorted;
  const ordered = [...sorted];
  const places = new Map<RecordedEvent, number>(sorted.map((event, place) => [event, place]));
  const states = new Map<string, string>();
  for (const chain of chains) {
    const object = JSON.stringify([chain[0]?.source, chain[0]?.sourceState.of]);
    const path = chain.length === 1 ? chain : pathOf(chain, states.get(object));
    const own = chain.map((event) => places.get(event) ?? 0);
    for (const [index, event] of path.entries()) ordered[own[index] ?? 0] = event;
    states.set(object, path.at(-1)?.sourceState.is ?? '');
  }
  return ordered;
};
