// What does a request read of one engagement from the streams, now or as of a date?
// The queries of one engagement call it; it reads the events table through the cache, each stream once, when it is first needed.
import type { Context } from '../../domain/context/context.ts';
import { referencesOf } from '../../domain/context/references.ts';
import { type Cuts, standing } from '../../domain/history.ts';
import { type EngagementView, engagementViewOf } from '../../domain/rows/engagementRows.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { identityStreamOf, streamIdOf } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import { type LoadedContext, loadContext } from '../project/loadContext.ts';
import { loadPartyLinks } from '../project/partyLinks.ts';
import type { CachedStreams } from '../store/cachedStreams.ts';
import { asFar, readOnce, type StreamReads } from '../store/readOnce.ts';
import { readWholeEngagement, type WholeEngagement } from '../store/wholeEngagement.ts';

/** A date, and the clock on which it counts: when facts occurred, or when they were recorded. */
export interface AsOf {
  readonly at: Instant;
  readonly clock: 'occurred' | 'recorded';
}

export interface EngagementAt {
  /** The id of its stream. */
  readonly stream: string;
  /** The date; undefined: now. */
  readonly asOf: AsOf | undefined;
  /** As of a date: the events that stood then, in fold order. Without a date: all recorded events, in stream order. */
  events(): Promise<readonly RecordedEvent[]>;
  /** All recorded events, in stream order, whatever the date; of merged engagements those of all their streams. */
  recorded(): Promise<readonly RecordedEvent[]>;
  /** The engagement with those that were merged with it at the date. */
  whole(): Promise<WholeEngagement>;
  /** The engagement with those that are merged with it now, whatever the date. */
  wholeNow(): Promise<WholeEngagement>;
  /** The context of the events at the date, with the versions of the streams that it was read from. */
  context(): Promise<LoadedContext>;
  /** All events of those streams, of any date. */
  around(): Promise<readonly RecordedEvent[]>;
  /** The fold with its verdicts and parties. Rejects where there are no events. */
  view(): Promise<EngagementView>;
  /** The parties that these events name, by the current links, whatever the date. */
  linksNow(events: readonly RecordedEvent[]): Promise<Context['links']>;
}

export interface EngagementAsked {
  readonly tenantId: string;
  readonly engagementId: string;
  readonly now: Instant;
  readonly asOf: AsOf | undefined;
}

/** The cuts of a date on its clock. */
export const cutsOf = ({ at, clock }: AsOf): Cuts =>
  clock === 'recorded' ? { recordedUntil: at, occurredUntil: at } : { occurredUntil: at };

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

const linksAt = async (streams: StreamReads, { tenantId, now }: EngagementAsked, events: readonly RecordedEvent[]) => {
  const references = referencesOf(events);
  // One read for all of them first; each link is then found without a further call.
  await streams.read(references.map((reference) => identityStreamOf(tenantId, reference)));
  return loadPartyLinks({
    tenantId,
    references,
    standingIn: async (stream) => {
      const read = (await streams.read([stream])).get(stream);
      return read === undefined ? [] : standing(read.history, { occurredUntil: now });
    },
  });
};

/** The engagement as one request sees it. It reads nothing before a value is asked for. */
export const engagementAt = (
  cache: Pick<CachedStreams, 'readAsFar' | 'sourceStreams'>,
  asked: EngagementAsked,
): EngagementAt => {
  const { tenantId, engagementId, asOf } = asked;
  // As for the rows, a stream of the context counts as far as it can be read; the engagement's own must be whole.
  const streams = readOnce(asFar(cache));
  const now = asOf?.at ?? asked.now;
  const cuts = asOf === undefined ? {} : cutsOf(asOf);

  const stream = streamIdOf(tenantId, 'engagement', engagementId);
  const wholeAt = async (merges: Cuts): Promise<WholeEngagement> => {
    const own = (await streams.read([stream])).get(stream);
    if (own?.broken !== undefined) throw own.broken;
    return await readWholeEngagement(streams, { stream, own: own?.history.events ?? [], cuts: merges });
  };
  const whole = once(() => wholeAt({ occurredUntil: now, ...cuts }));
  const recorded = async () => (await whole()).events;
  const events = once(async () =>
    // Events after the date are left out first; otherwise the rows would announce them as due.
    asOf === undefined ? await recorded() : standing({ events: await recorded() }, cuts),
  );
  const context = once(async () => loadContext(streams, { tenantId, events: await events(), now, ...cuts }));

  return {
    stream,
    asOf,
    events,
    recorded,
    whole,
    wholeNow: once(() => (asOf === undefined ? whole() : wholeAt({ occurredUntil: asked.now }))),
    context,
    around: async () => {
      const streamIds = [...Object.keys((await context()).basis), ...(await streams.sourceStreams(tenantId))];
      const read = await streams.read(streamIds);
      return [...read.values()].flatMap(({ history }) => history.events);
    },
    view: once(async () => engagementViewOf({ ...(await whole()), context: (await context()).context, now, cuts })),
    linksNow: (shown) => linksAt(streams, asked, shown),
  };
};
