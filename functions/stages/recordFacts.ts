// How is a fact recorded, also where the cached stream is old or another writer appends?
// Stage handlers and the record handler call it; it reads and appends to the events table through the event store.
import { setTimeout as pause } from 'node:timers/promises';
import { type History, historyOf } from '../../domain/history.ts';
import { type Bringing, type Decided, decideAll } from '../../domain/stages/decider.ts';
import type { Fact, RecordedEvent } from '../../events/catalog.ts';
import { inParallel } from '../aws/parallel.ts';
import { bytesOf, commitBytesLimit, eventBytesLimit } from '../store/commit.ts';
import type { EventStore } from '../store/eventStore.ts';
import { createHistoryCache, type HistoryCache, type KnownStream } from '../store/historyCache.ts';
import type { StreamReads } from '../store/readOnce.ts';
import { type Followed, followMerges } from './followMerges.ts';
import { joinedByStream } from './joinedByStream.ts';

export type Recorded =
  | {
      readonly factId: string;
      /** `unchanged`: the stream already holds this fact, and `events` are those that it holds. */
      readonly outcome: 'recorded' | 'unchanged';
      readonly events: readonly RecordedEvent[];
    }
  | {
      readonly factId: string;
      readonly outcome: 'refused';
      readonly reason: string;
      /** What is wrong and how to correct it. */
      readonly detail: string;
    };

export interface RecordFactsSettings {
  readonly store: EventStore;
  readonly now: () => string;
  /** 0 up to 1, for the jitter between tries. */
  readonly random: () => number;
  /** The streams in memory between calls; absent: 64 MB of them. */
  readonly cache?: HistoryCache;
  /** What is recorded together with a fact; absent: nothing. */
  readonly bringing?: Bringing;
}

/** Records facts of one stream; returns the results in the facts' order. Throws where the store fails, or where every try meets a conflict. */
export type RecordFacts = (streamId: string, facts: readonly Fact[]) => Promise<readonly Recorded[]>;

const tries = 60;
const firstPauseMs = 20;
const longestPauseMs = 320;
const oldPauseMs = 160;
const oldAfter = 8;

/**
 * The longest pause after a conflict: it doubles while more writers may come, and is shorter for one that has waited long. So the
 * oldest come first, and none gives up because others go on.
 */
const pauseAfter = (conflicts: number): number =>
  conflicts > oldAfter ? oldPauseMs : Math.min(longestPauseMs, firstPauseMs * 2 ** conflicts);

interface Sized {
  readonly fact: Fact;
  /** Its index in the call. */
  readonly place: number;
  readonly bytes: number;
  /** With what is appended together with it. */
  readonly allBytes: number;
}

/** Splits facts, in order, into lists that one commit may hold. */
const intoCommits = (facts: readonly Sized[]): readonly (readonly Sized[])[] => {
  const commits: Sized[][] = [];
  let room = 0;
  for (const sized of facts) {
    const last = commits.at(-1);
    if (last === undefined || sized.allBytes > room) {
      commits.push([sized]);
      room = commitBytesLimit - sized.allBytes;
    } else {
      last.push(sized);
      room -= sized.allBytes;
    }
  }
  return commits;
};

/** The most merges that one fact follows. */
const longestFollow = 16;

/** A fact that belongs to another stream, because the engagement is merged, or the answer. */
type Answered = Recorded | { readonly outcome: 'follow'; readonly fact: Fact };

const unanswered = ({ factId }: Fact): never => {
  throw new Error(`fact ${factId} got no answer`);
};

const tooLarge = ({ fact, bytes }: Sized): Recorded => ({
  factId: fact.factId,
  outcome: 'refused',
  reason: 'eventTooLarge',
  detail: `the event takes ${bytes} bytes; ${eventBytesLimit} are allowed`,
});

const answerOf = ({ fact, decision }: Decided, appended: History): Recorded => {
  const { factId } = fact;
  switch (decision.outcome) {
    case 'accepted': {
      const own = decision.events.filter((event) => event.factId === factId);
      const events = own.flatMap(({ eventId }) => appended.byEventId.get(eventId) ?? []);
      return { factId, outcome: 'recorded', events };
    }
    case 'unchanged': {
      // A fact that repeats another one of this call has its event among those just appended.
      const twin = appended.byFactId.get(factId) ?? [];
      return { factId, outcome: 'unchanged', events: decision.events.length > 0 ? decision.events : twin };
    }
    case 'refused':
      return { factId, outcome: 'refused', reason: decision.reason, detail: decision.detail };
    default:
      return decision satisfies never;
  }
};

/**
 * The algorithm of every stage. On a cached stream it decides without a read. `unchanged` is final there, because events are
 * never removed. After a refusal it reads the newer events and decides again. So it does after a conflict, except that the first
 * one already names the commit that came between: mostly it is the only one. The facts of a call, and of calls that wait for the same
 * stream, become one commit, or several where one could not hold them.
 */
export const createRecordFacts = ({
  store,
  now,
  random,
  cache = createHistoryCache(64 * 1024 ** 2),
  bringing = () => [],
}: RecordFactsSettings): RecordFacts => {
  const sizeOf = (fact: Fact, place: number): Sized => {
    const bytes = bytesOf(fact);
    return { fact, place, bytes, allBytes: bringing(fact).reduce((sum, brought) => sum + bytesOf(brought), bytes) };
  };

  const read = async (streamId: string, known?: KnownStream): Promise<KnownStream> =>
    cache.put(streamId, known, await store.load(streamId, known?.tip));

  const look: Pick<StreamReads, 'read'> = {
    read: async (streamIds) =>
      new Map(await inParallel([...streamIds], 8, async (id) => [id, await read(id, cache.get(id))] as const)),
  };

  /** The facts that belong to the stream, and what they are decided on; of a merged engagement some belong elsewhere. */
  const placesOf = async (streamId: string, { history }: KnownStream, facts: readonly Fact[]): Promise<Followed> =>
    history.knowsMerges
      ? await followMerges(look, { streamId, own: history, facts, now: now() })
      : { history, places: facts.map((fact) => ({ here: fact })) };

  /** Decides the facts that belong here; `answers` answers all of them, in order, once those are appended. */
  const decideOn = async (
    streamId: string,
    known: KnownStream,
    { facts, instant }: { readonly facts: readonly Fact[]; readonly instant: string },
  ) => {
    const { history, places } = await placesOf(streamId, known, facts);
    const here = places.flatMap((place) => ('here' in place ? [place.here] : []));
    const decided = decideAll(history, here, instant, bringing);
    const answers = (appended: History): readonly Answered[] => {
      const own = decided.values();
      return places.map((place): Answered => {
        if ('follow' in place) return { outcome: 'follow', fact: place.follow };
        const { value } = own.next();
        return value === undefined ? unanswered(place.here) : answerOf(value, appended);
      });
    };
    return { decided, answers };
  };

  const record = async (streamId: string, facts: readonly Fact[]): Promise<readonly Answered[]> => {
    const cached = cache.get(streamId);
    let known = cached ?? (await read(streamId));
    let fresh = cached === undefined;
    for (let conflicts = 0; conflicts < tries; ) {
      const instant = now();
      let { decided, answers } = await decideOn(streamId, known, { facts, instant });
      if (!fresh && decided.some(({ decision }) => decision.outcome === 'refused')) {
        known = await read(streamId, known);
        ({ decided, answers } = await decideOn(streamId, known, { facts, instant }));
      }
      const accepted = decided.flatMap(({ decision }) => (decision.outcome === 'accepted' ? decision.events : []));
      if (accepted.length === 0) return answers(historyOf([]));
      const appended = await store.append(streamId, known.tip, accepted, instant);
      if (appended.outcome === 'appended') {
        cache.put(streamId, known, appended);
        return answers(historyOf(appended.events));
      }
      conflicts += 1;
      known = cache.put(streamId, known, appended.next);
      fresh = conflicts > 1;
      if (!fresh) continue;
      await pause(random() * pauseAfter(conflicts));
      known = await read(streamId, known);
    }
    throw new Error(`too many writers append to ${streamId} at once: all ${tries} tries met a conflict`);
  };

  const recordHere = joinedByStream<Fact, Answered>(async (streamId, facts) => {
    const sized = facts.map(sizeOf);
    const answers: Answered[] = sized.map(tooLarge);
    for (const commit of intoCommits(sized.filter(({ bytes }) => bytes <= eventBytesLimit))) {
      const recorded = await record(
        streamId,
        commit.map(({ fact }) => fact),
      );
      for (const [index, answer] of recorded.entries()) {
        const place = commit[index]?.place;
        if (place !== undefined) answers[place] = answer;
      }
    }
    return answers;
  });

  // What follows a merge is recorded outside of the line of its first stream, so that no two lines wait for each other.
  const recordFollowing = async (
    streamId: string,
    facts: readonly Fact[],
    followed: number,
  ): Promise<readonly Recorded[]> => {
    if (followed > longestFollow) throw new Error(`merges lead on and on from ${streamId}`);
    const answers = await recordHere(streamId, facts);
    const ahead = answers.flatMap((answer) => (answer.outcome === 'follow' ? [answer.fact] : []));
    const later = new Map<Fact, Recorded>();
    for (const [to, moved] of Map.groupBy(ahead, (fact) => fact.streamId)) {
      const recorded = await recordFollowing(to, moved, followed + 1);
      for (const [index, fact] of moved.entries()) later.set(fact, recorded[index] ?? unanswered(fact));
    }
    return answers.map((answer) =>
      answer.outcome === 'follow' ? (later.get(answer.fact) ?? unanswered(answer.fact)) : answer,
    );
  };

  return (streamId, facts) => recordFollowing(streamId, facts, 0);
};
