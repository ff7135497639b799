// Which streams are one engagement, once engagements are merged, and which of their facts count?
import type { RecordedEvent, RecordedOf } from '../events/catalog.ts';
import { parseStreamId, streamIdOf } from '../events/identifiers.ts';
import { type Cuts, inFoldOrder, standing } from './history.ts';

/** Recorded events, by the stream that holds them. */
export type Streams = ReadonlyMap<string, readonly RecordedEvent[]>;

type Merged = RecordedOf<'EngagementMerged'>;

const isMerge = ({ type }: RecordedEvent): boolean => type === 'EngagementMerged' || type === 'EngagementAbsorbed';

/** Whether any merge was ever said of a stream. Most streams know of none, and are then an engagement by themselves. */
export const knowsMerges = (events: readonly RecordedEvent[]): boolean => events.some(isMerge);

/** Whether a stream is that of an engagement of the tenant. */
export const isEngagementOf = (tenantId: string, stream: string): boolean => {
  const begin = streamIdOf(tenantId, 'engagement', '');
  return stream.startsWith(begin) && stream.length > begin.length;
};

/** The streams that merges in a stream name, whether or not they stand: what followed a merge that was taken back is there still. */
export const streamsNamed = (events: readonly RecordedEvent[]): readonly string[] =>
  events.flatMap((event) => {
    if (event.type !== 'EngagementMerged' && event.type !== 'EngagementAbsorbed') return [];
    const named = event.type === 'EngagementMerged' ? event.data.into : event.data.from;
    return isEngagementOf(parseStreamId(event.streamId).tenantId, named) ? [named] : [];
  });

/** The merge of a stream that stands: of several the last in fold order. */
export const mergeOf = (events: readonly RecordedEvent[], cuts: Cuts = {}): Merged | undefined => {
  const said = events.filter(({ type }) => type === 'EngagementMerged' || type === 'FactRetracted');
  return standing({ events: said }, cuts).findLast(
    (event): event is Merged => event.type === 'EngagementMerged' && isEngagementOf(event.tenantId, event.data.into),
  );
};

/** Streams that are one engagement. */
export interface Merging {
  /** The stream whose engagement it is. */
  readonly survivor: string;
  /** The survivor first, then the others, each after the one that it was merged into, with the merge that says so. */
  readonly members: ReadonlyMap<string, Merged | undefined>;
  /** The merge that would close a circle: it doesn't count. */
  readonly circle: Merged | undefined;
}

/** Follows merges from a stream on. In a circle the last merge, in fold order, doesn't count, wherever one begins. */
const survivorFrom = (stream: string, merges: ReadonlyMap<string, Merged>): Pick<Merging, 'survivor' | 'circle'> => {
  const passed: string[] = [];
  let at = stream;
  for (let merge = merges.get(at); merge !== undefined; merge = merges.get(at)) {
    passed.push(at);
    at = merge.data.into;
    const begin = passed.indexOf(at);
    if (begin === -1) continue;
    const inCircle = passed.slice(begin).flatMap((each) => merges.get(each) ?? []);
    const last = inCircle.toSorted(inFoldOrder).at(-1);
    if (last !== undefined) return { survivor: last.streamId, circle: last };
  }
  return { survivor: at, circle: undefined };
};

/**
 * Which streams are one engagement with a stream, at the instant of the cuts. `streams` holds every stream that merges name, and those
 * that they name in turn. It does not depend on the order of arrival, nor on the stream that one begins with.
 */
export const mergingOf = (stream: string, streams: Streams, cuts: Cuts = {}): Merging => {
  const merges = new Map(
    [...streams].flatMap(([id, events]) => {
      const merge = mergeOf(events, cuts);
      return merge === undefined ? [] : [[id, merge] as const];
    }),
  );
  const { survivor, circle } = survivorFrom(stream, merges);
  const counting = [...merges.values()].filter((merge) => merge !== circle).sort(inFoldOrder);
  const members = new Map<string, Merged | undefined>([[survivor, undefined]]);
  for (const [member] of members) {
    for (const merge of counting) if (merge.data.into === member) members.set(merge.streamId, merge);
  }
  return { survivor, members, circle };
};

/** The stream that a fact was meant for. */
export const originOf = ({ addressedTo, streamId }: Pick<RecordedEvent, 'addressedTo' | 'streamId'>): string =>
  addressedTo ?? streamId;

/** The merges among a stream's own events, with what takes them back. */
const mergesAmong = (own: readonly RecordedEvent[]): readonly RecordedEvent[] => {
  const merges = new Set(own.flatMap(({ type, eventId }) => (type === 'EngagementMerged' ? [eventId] : [])));
  return own.filter(
    (event) => merges.has(event.eventId) || (event.type === 'FactRetracted' && merges.has(event.data.eventId)),
  );
};

/**
 * The recorded events of the engagement of a stream: what its streams hold, without what was meant for a stream that isn't merged any more.
 * Of an engagement that is merged into another one, only its merges: its facts count there.
 */
export const eventsOfMerging = (stream: string, merging: Merging, streams: Streams): readonly RecordedEvent[] => {
  const { survivor, members } = merging;
  if (survivor !== stream) return mergesAmong(streams.get(stream) ?? []);
  const others = [...streams.keys()].filter((each) => !members.has(each));
  return [...members.keys(), ...others]
    .flatMap((each) => streams.get(each) ?? [])
    .filter((event) => members.has(originOf(event)));
};

/** What is said of a deal: of merged engagements only one tells it. */
const dealTypes: ReadonlySet<string> = new Set([
  'EngagementOpened',
  'PartnerAssigned',
  'DealRevised',
  'DealClosed',
  'DealReopened',
  'EngagementWithdrawn',
  'EngagementReinstated',
]);

/** The standing events of merged engagements, as they count. */
export interface Counted {
  readonly events: readonly RecordedEvent[];
  /** The streams whose deals stand aside. */
  readonly aside: ReadonlySet<string>;
  /** The deal facts of each engagement that was combined with it: only their values count, added to the deal's own. */
  readonly combined: readonly (readonly RecordedEvent[])[];
}

/** What names a value of a deal. A proposal counts otherwise too: for its offer, and for what it promises. */
const namesValue = ({ type }: RecordedEvent): boolean => dealTypes.has(type) || type === 'SolutionProposed';

/**
 * Of merged engagements that were opened, one tells of the deal: the survivor, or, where it was not opened, the first one merged that was.
 * What the others say of their deals (opening, values, closing, assignment) stands aside; of a combined one the values add. A stream that
 * was never opened has no deal of its own, such as that of a renewal's changes that came before its creation: all its facts count.
 */
export const countedIn = (stands: readonly RecordedEvent[], merging: Merging): Counted => {
  const { members } = merging;
  if (members.size === 1) return { events: stands, aside: new Set(), combined: [] };
  const opened = new Set(stands.filter(({ type }) => type === 'EngagementOpened').map(originOf));
  const [, ...others] = [...members.keys()].filter((stream) => opened.has(stream));
  const aside = new Set(others);
  const isAside = (event: RecordedEvent): boolean => dealTypes.has(event.type) && aside.has(originOf(event));
  return {
    events: stands.filter((event) => !isAside(event)),
    aside,
    combined: others
      .filter((stream) => members.get(stream)?.data.how === 'combined')
      .map((stream) => stands.filter((event) => originOf(event) === stream && namesValue(event))),
  };
};

/** Of standing events those that count; without a merging all do. */
export const countingIn = (stands: readonly RecordedEvent[], merging: Merging | undefined): readonly RecordedEvent[] =>
  merging === undefined ? stands : countedIn(stands, merging).events;

/** The id of the engagement into which a stream is merged; undefined where it is its own survivor. */
export const mergedInto = (stream: string, { survivor }: Merging): string | undefined =>
  survivor === stream ? undefined : parseStreamId(survivor).id;
