// How do the rows of a stream come to equal the function of that stream and its context?
// The project handler calls it; it reads streams through the cache, and reads and writes heads and rows through its store.
import { setTimeout as wait } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { contributionRows } from '../../domain/rollups/contributionRows.ts';
import { parseStreamId, streamIdOf } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import { cacheShare } from '../aws/cacheShare.ts';
import type { CachedStreams } from '../store/cachedStreams.ts';
import { asFar, readOnce, type StreamReads } from '../store/readOnce.ts';
import { headOfStream } from './headPlace.ts';
import type { Head } from './headState.ts';
import { policyStreamOf } from './loadContext.ts';
import type { ProjectionStore } from './projectionStore.ts';
import { rowsOfStream } from './rowsOfStream.ts';
import { groupsFedBy, type WakeGroups } from './wakeGroups.ts';
import { type Writer, writeDifference } from './writeDifference.ts';

export interface ProjectorSettings extends Writer {
  readonly cache: CachedStreams;
  readonly rows: ProjectionStore;
  /** Wakes the groups of rebuilt contributions, also where the contributions don't change. */
  readonly wake: WakeGroups;
  readonly now: () => Instant;
  readonly random: () => number;
}

export type Projected = 'written' | 'current' | 'newerRelease' | 'notProjected';

/**
 * How far a projection trusts the heads that this process has written. Without a look it uses them from memory. With `anew` it
 * reads the head from its table, so that the rows of a lost head are made again. `rebuild` does the same, and also wakes the
 * groups that the rows feed. `first` says that the stream has just begun: it has no head yet, or else the write fails on that and the
 * head is read.
 */
export type Look = 'anew' | 'rebuild' | 'first';

/** Projects one stream. Repetition, reordering and concurrency of calls do not change the result. */
export type Project = (streamId: string, look?: Look) => Promise<Projected>;

const maxTries = 8;

/** The estimated memory of a head: its texts, and 100 bytes for each. */
const bytesOfHead = ({ basis, digests }: Head): number =>
  [...Object.keys(basis), ...Object.keys(digests)].reduce((sum, key) => sum + key.length + 100, 1_000);

/** Whether the stored basis has a later version of any stream than `basis`. */
const isBehind = (basis: Head['basis'], stored: Head['basis']): boolean =>
  Object.entries(basis).some(([stream, version]) => (stored[stream] ?? 0) > version);

/**
 * A stream of the context that can't be read to its end must not stop the stream that rests on it, so it counts as far as it goes.
 * But rows that have already seen more of it stay: throws the fault of such a stream.
 */
const checkReadable = async (look: StreamReads, basis: Head['basis'], stored: Head['basis']): Promise<void> => {
  for (const [stream, { broken }] of await look.read(Object.keys(basis))) {
    if (broken !== undefined && (stored[stream] ?? 0) > (basis[stream] ?? 0)) throw broken;
  }
};

/** Creates the projector over its stores. */
export const createProjector = (settings: ProjectorSettings): Project => {
  const { cache, rows: store, wake, now, random, release, computedBy } = settings;
  const heads = new LRUCache<string, Head>({ maxSize: cacheShare(), sizeCalculation: bytesOfHead });

  /**
   * Whether an event about the customer was recorded while the customer's first head was written. The index by customer leads to
   * this engagement only from that write on, so that the event has not woken it.
   */
  const hasMissedCustomer = async (party: string, stored: Head | undefined, basis: Head['basis']): Promise<boolean> => {
    if (stored?.basis[party] !== undefined) return false;
    const said = (await cache.readAsFar([party])).get(party)?.tip.version ?? 0;
    return said > (basis[party] ?? 0);
  };

  const attempt = async (
    streamId: string,
    hasHead: boolean,
    note: (others: readonly string[]) => void,
  ): Promise<Projected | 'behind'> => {
    const place = headOfStream(streamId);
    if (place === undefined) return 'notProjected';
    const { tenantId, kind, id } = parseStreamId(streamId);
    const stored = heads.get(streamId) ?? (hasHead ? await store.head(place) : undefined);
    if (stored !== undefined && stored.release > release) return 'newerRelease';
    // The streams of the stored basis, the policy and the connections are most of those that are needed now: one call reads them all.
    const look = readOnce(asFar(cache));
    const unknown = kind === 'engagement' ? [policyStreamOf(tenantId)] : [];
    const likely = stored === undefined ? unknown : Object.keys(stored.basis);
    const sources = kind === 'engagement' ? await look.sourceStreams(tenantId) : [];
    const own = (await look.read([streamId, ...likely, ...sources])).get(streamId);
    if (own?.broken !== undefined) throw own.broken;
    if (own === undefined || own.tip.version === 0) return 'notProjected';
    const clock = now();
    const evaluatedAt = stored !== undefined && stored.evaluatedAt > clock ? stored.evaluatedAt : clock;
    const made = await rowsOfStream(look, { place, streamId, events: own.history.events, now: evaluatedAt });
    const basis = { ...made.basis, [streamId]: own.tip.version };
    note(made.others ?? []);
    if (stored !== undefined && isBehind(basis, stored.basis)) {
      await checkReadable(look, basis, stored.basis);
      return 'behind';
    }
    const rows = [...made.rows, ...contributionRows(id, [made.headRow, ...made.rows])];
    const wanted = { place, headRow: made.headRow, rows, basis, evaluatedAt };
    const difference = await writeDifference(store, wanted, { stored, release, computedBy });
    if (difference.outcome !== 'written') return difference.outcome;
    heads.set(streamId, difference.head);
    const customer = made.headRow.columns.customerId;
    if (typeof customer !== 'string') return 'written';
    const party = streamIdOf(tenantId, 'party', customer);
    return (await hasMissedCustomer(party, stored, basis)) ? 'behind' : 'written';
  };

  /** Answers also the streams with which the stream is merged. */
  const projectAlone = async (
    streamId: string,
    look?: Look,
  ): Promise<{ readonly outcome: Projected; readonly others: readonly string[] }> => {
    let others: readonly string[] = [];
    if (look === 'anew' || look === 'rebuild') heads.delete(streamId);
    for (let tries = 1; tries <= maxTries; tries += 1) {
      const outcome = await attempt(streamId, look !== 'first' || tries > 1, (found) => {
        others = found;
      });
      if (outcome === 'behind') {
        heads.delete(streamId);
        await wait(random() * 10 * tries);
        continue;
      }
      const place = headOfStream(streamId);
      if (look === 'rebuild' && place !== undefined) {
        const head = heads.get(streamId) ?? (await store.head(place));
        if (head !== undefined) await wake(place.tenantId, groupsFedBy(head), 'rebuild');
      }
      return { outcome, others };
    }
    throw new Error(`rows of ${streamId} could not be written: another writer came first ${maxTries} times`);
  };

  return async (streamId, look) => {
    const { outcome, others } = await projectAlone(streamId, look);
    // A merged engagement changes with each of its streams, and so does what only leads there.
    for (const other of others) await projectAlone(other);
    return outcome;
  };
};
