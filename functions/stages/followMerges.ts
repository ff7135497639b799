// On which stream is a fact of a merged engagement recorded, and on which events is it decided?
// `recordFacts.ts` calls it where a stream knows of a merge; it reads the streams that merges name, through what it is given.
import { addsNothing, type History, historyOf } from '../../domain/history.ts';
import { countedIn, eventsOfMerging, mergingOf, originOf } from '../../domain/merging.ts';
import type { Fact, RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { StreamReads } from '../store/readOnce.ts';
import { readMergedStreams } from '../store/wholeEngagement.ts';

/** Where facts that came for a stream belong. */
export interface Followed {
  /** What the facts that stay are decided on. */
  readonly history: History;
  /** By place in the list: the fact as it is recorded here, or the stream on which it is to be recorded. */
  readonly places: readonly ({ readonly here: Fact } | { readonly follow: Fact })[];
}

const namedBy = (fact: Fact): string | undefined => {
  switch (fact.type) {
    case 'FactRetracted':
    case 'ClaimConfirmed':
    case 'ClaimRejected':
      return fact.data.eventId;
    default:
      return fact.supersedes;
  }
};

/** What is about the stream itself stays there, whatever it is merged into. */
const isOfStream = ({ type }: Fact): boolean =>
  type === 'EngagementMerged' || type === 'EngagementAbsorbed' || type === 'StageEntered';

const isKnown = (history: History, fact: Fact): boolean => {
  const same = history.saying(fact);
  return same.length > 0 && addsNothing(history, fact, same);
};

/**
 * Later facts of a merged engagement follow to the survivor, and say for which stream they were meant: a merge that is taken back gives
 * them back. What names an event is meant for the stream of that event. Taking back a merge is recorded beside it.
 */
export const followMerges = async (
  look: Pick<StreamReads, 'read'>,
  {
    streamId,
    own,
    facts,
    now,
  }: {
    readonly streamId: string;
    readonly own: History;
    readonly facts: readonly Fact[];
    readonly now: Instant;
  },
): Promise<Followed> => {
  const { streams } = await readMergedStreams(look, streamId, own.events);
  const merging = mergingOf(streamId, streams, { occurredUntil: now });
  const { survivor } = merging;
  const find = (eventId: string | undefined): RecordedEvent | undefined => {
    if (eventId === undefined) return undefined;
    for (const events of streams.values()) {
      const found = events.find((event) => event.eventId === eventId);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const places = facts.map((fact): Followed['places'][number] => {
    if (isKnown(own, fact)) return { here: fact };
    const named = find(namedBy(fact));
    const isOfMerge = named?.type === 'EngagementMerged';
    if (!isOfMerge && isOfStream(fact)) return { here: fact };
    const to = isOfMerge ? named.streamId : survivor;
    const meant = isOfMerge ? to : originOf(named ?? fact);
    const { addressedTo: _, ...bare } = fact;
    const placed: Fact = {
      ...bare,
      ...{ streamId: to, correlationId: to },
      ...(meant !== to && { addressedTo: meant }),
    };
    return to === streamId ? { here: placed } : { follow: placed };
  });
  if (survivor !== streamId) return { history: own, places };
  const counting = (stands: readonly RecordedEvent[]) => countedIn(stands, merging).events;
  return { history: historyOf(eventsOfMerging(streamId, merging, streams), counting), places };
};
