// How is a fact recorded? Decide on what is known, append one commit; what can't be said on old knowledge is decided anew.
import { setTimeout as pause } from 'node:timers/promises';
import { type History, historyOf } from '../../domain/history.ts';
import { type Decided, decideAll } from '../../domain/stages/decider.ts';
import type { Fact, RecordedEvent } from '../../events/catalog.ts';
import { bytesOf, commitBytesLimit, eventBytesLimit } from '../store/commit.ts';
import type { EventStore } from '../store/eventStore.ts';
import { createHistoryCache, type KnownStream } from '../store/historyCache.ts';

export type Recorded =
  | {
      readonly factId: string;
      /** `unchanged`: the stream said the same before; its events are given. */
      readonly outcome: 'recorded' | 'unchanged';
      readonly events: readonly RecordedEvent[];
    }
  | {
      readonly factId: string;
      readonly outcome: 'refused';
      readonly reason: string;
      /** What is wrong and how to mend it. */
      readonly detail: string;
    };

export interface RecordFactsSettings {
  readonly store: EventStore;
  readonly now: () => string;
  /** 0 up to 1, for the jitter between tries. */
  readonly random: () => number;
  /** How many bytes of streams stay known between calls. */
  readonly cacheBytes?: number;
}

/** Records facts of one stream; answers in the facts' order. Throws where the store fails or contention does not end. */
export type RecordFacts = (streamId: string, facts: readonly Fact[]) => Promise<readonly Recorded[]>;

const tries = 8;
const firstPauseMs = 10;
const longestPauseMs = 500;

interface Sized {
  readonly fact: Fact;
  /** Its place in the call. */
  readonly place: number;
  readonly bytes: number;
}

/** Splits facts, in order, into what one commit may hold. */
const intoCommits = (facts: readonly Sized[]): readonly (readonly Sized[])[] => {
  const commits: Sized[][] = [];
  let room = 0;
  for (const sized of facts) {
    const last = commits.at(-1);
    if (last === undefined || sized.bytes > room) {
      commits.push([sized]);
      room = commitBytesLimit - sized.bytes;
    } else {
      last.push(sized);
      room -= sized.bytes;
    }
  }
  return commits;
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
      const events = decision.events.flatMap(({ eventId }) => appended.byEventId.get(eventId) ?? []);
      return { factId, outcome: 'recorded', events };
    }
    case 'unchanged': {
      // A repetition inside the call has its twin among what was just appended.
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
 * The algorithm of every stage. On a stream that it knows it decides without reading. What is `unchanged` there stays so,
 * as events never go; a refusal or a conflict makes it read what came after and decide again, at most 8 times.
 * The facts of a call become one commit, or more where one could not hold them.
 */
export const createRecordFacts = ({
  store,
  now,
  random,
  cacheBytes = 64 * 1024 ** 2,
}: RecordFactsSettings): RecordFacts => {
  const cache = createHistoryCache(cacheBytes);

  const read = async (streamId: string, known?: KnownStream): Promise<KnownStream> =>
    cache.put(streamId, known, await store.load(streamId, known?.tip));

  const record = async (streamId: string, facts: readonly Fact[]): Promise<readonly Recorded[]> => {
    const cached = cache.get(streamId);
    let known = cached ?? (await read(streamId));
    let fresh = cached === undefined;
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const instant = now();
      let decided = decideAll(known.history, facts, instant);
      if (!fresh && decided.some(({ decision }) => decision.outcome === 'refused')) {
        known = await read(streamId, known);
        decided = decideAll(known.history, facts, instant);
      }
      const accepted = decided.flatMap(({ decision }) => (decision.outcome === 'accepted' ? decision.events : []));
      if (accepted.length === 0) return decided.map((each) => answerOf(each, historyOf([])));
      const appended = await store.append(streamId, known.tip, accepted, instant);
      if (appended.outcome === 'appended') {
        cache.put(streamId, known, appended);
        const recorded = historyOf(appended.events);
        return decided.map((each) => answerOf(each, recorded));
      }
      await pause(random() * Math.min(longestPauseMs, firstPauseMs * 2 ** attempt));
      known = await read(streamId, known);
      fresh = true;
    }
    throw new Error(`${streamId} is written by too many at once: ${tries} tries met a conflict`);
  };

  return async (streamId, facts) => {
    const sized = facts.map((fact, place): Sized => ({ fact, place, bytes: bytesOf(fact) }));
    const answers = sized.map(tooLarge);
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
  };
};
