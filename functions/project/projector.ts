// How do rows come to equal what their streams say? Fold all of it, write the difference, and start again where another was faster.
import { setTimeout as wait } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { rowsOf } from '../../domain/rows/engagementRows.ts';
import type { Row } from '../../domain/rows/row.ts';
import { parseStreamId, streamIdOf } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import type { CachedStreams } from '../store/cachedStreams.ts';
import { readOnce } from '../store/readOnce.ts';
import { loadContext } from './loadContext.ts';
import { type Change, digestOf, type Head, isBehind, type ProjectionStore, rowId } from './projectionStore.ts';
import { loadReferenceRows, type ReferenceKind } from './referenceRows.ts';

export interface ProjectorSettings {
  readonly cache: CachedStreams;
  readonly rows: ProjectionStore;
  readonly now: () => Instant;
  readonly random: () => number;
  /** A number that every deployment raises: an older one leaves newer heads alone. */
  readonly release: number;
  /** The digest of the domain's code that computes the rows. */
  readonly computedBy: string;
}

export type Projected = 'written' | 'current' | 'newerRelease' | 'notProjected';

/**
 * Projects one stream: exactly-once in effect under any redelivery, reorder and concurrency. A head that this process has
 * written it takes to stand, but `anew` it reads it: rows that were lost are made again.
 */
export type Project = (streamId: string, look?: 'anew') => Promise<Projected>;

const maxTries = 8;
const headBytes = 64 * 1024 ** 2;

/** What a head takes in memory: its texts, and some around each. */
const bytesOfHead = ({ basis, digests }: Head): number =>
  [...Object.keys(basis), ...Object.keys(digests)].reduce((sum, key) => sum + key.length + 100, 1_000);

/** The rows to put and delete so that the tables hold exactly the wanted ones. */
const differenceOf = (
  against: Head | undefined,
  wanted: readonly Row[],
  digests: Readonly<Record<string, string>>,
): Pick<Change, 'puts' | 'deletes'> => {
  const stored: Readonly<Record<string, string>> = against?.digests ?? {};
  const puts = wanted.filter((row) => stored[rowId(row)] !== digests[rowId(row)]);
  const deletes = Object.keys(stored).filter((id) => digests[id] === undefined);
  return { puts, deletes };
};

const sameRecord = <V>(a: Readonly<Record<string, V>>, b: Readonly<Record<string, V>>): boolean => {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
};

/** Creates the projector over its stores. */
export const createProjector = ({ cache, rows, now, random, release, computedBy }: ProjectorSettings): Project => {
  const heads = new LRUCache<string, Head>({ maxSize: headBytes, sizeCalculation: bytesOfHead });

  const attempt = async (streamId: string): Promise<Projected | 'behind'> => {
    const { tenantId, id } = parseStreamId(streamId);
    const stored = heads.get(streamId) ?? (await rows.head(tenantId, id));
    if (stored !== undefined && stored.release > release) return 'newerRelease';
    // What the rows rested on before is most of what they rest on now: one call for all of it.
    const look = readOnce(cache);
    const own = (await look.read([streamId, ...Object.keys(stored?.basis ?? {})])).get(streamId);
    if (own === undefined || own.tip.version === 0) return 'notProjected';
    const clock = now();
    const evaluatedAt = stored !== undefined && stored.evaluatedAt > clock ? stored.evaluatedAt : clock;
    const events = own.history.events;
    const { context, basis: around } = await loadContext(look, { tenantId, events, now: evaluatedAt });
    const basis = { ...around, [streamId]: own.tip.version };
    if (stored !== undefined && isBehind(basis, stored.basis)) return 'behind';
    const { head: headRow, rows: wanted } = rowsOf({ events, context, now: evaluatedAt });
    const digests = Object.fromEntries([headRow, ...wanted].map((row) => [rowId(row), digestOf(row)]));
    const unchanged =
      stored !== undefined &&
      stored.rebuilding === undefined &&
      stored.release === release &&
      stored.computedBy === computedBy &&
      sameRecord(stored.digests, digests) &&
      sameRecord(stored.basis, basis);
    if (unchanged) return 'current';
    const written = await rows.write({
      tenantId,
      headRow,
      head: { basis, evaluatedAt, release, computedBy, digests },
      ...differenceOf(stored, wanted, digests),
      against: stored,
    });
    if (written.outcome === 'behind') return 'behind';
    heads.set(streamId, written.head);
    // From now on the customer's index leads here; what was said of it since it was read found nobody.
    const customer = headRow.columns.customerId;
    const party = typeof customer === 'string' ? streamIdOf(tenantId, 'party', customer) : undefined;
    if (party === undefined || stored?.basis[party] !== undefined) return 'written';
    const said = (await cache.read([party])).get(party)?.tip.version ?? 0;
    return said > (basis[party] ?? 0) ? 'behind' : 'written';
  };

  const untilInFront = async (
    streamId: string,
    work: (streamId: string) => Promise<Projected | 'behind'>,
  ): Promise<Projected> => {
    for (let tries = 1; tries <= maxTries; tries += 1) {
      const outcome = await work(streamId);
      if (outcome !== 'behind') return outcome;
      heads.delete(streamId);
      await wait(random() * 10 * tries);
    }
    throw new Error(`rows of ${streamId} could not be written: another writer came first ${maxTries} times`);
  };

  const attemptAlone = async (streamId: string, kind: ReferenceKind): Promise<Projected | 'behind'> => {
    const { tenantId } = parseStreamId(streamId);
    const { rows: wanted, basis } = await loadReferenceRows(cache, streamId, kind);
    const outcomes: string[] = [];
    for (const row of wanted) outcomes.push(await rows.putRow(tenantId, row, basis));
    if (outcomes.includes('behind')) return 'behind';
    if (outcomes.length === 0) return 'notProjected';
    return outcomes.includes('written') ? 'written' : 'current';
  };

  return async (streamId, look) => {
    const { kind } = parseStreamId(streamId);
    if (look === 'anew') heads.delete(streamId);
    switch (kind) {
      case 'engagement':
        return await untilInFront(streamId, attempt);
      case 'party':
      case 'offer':
      case 'campaign':
        return await untilInFront(streamId, (stream) => attemptAlone(stream, kind));
      case 'identity':
      case 'source':
      case 'policy':
        return 'notProjected';
      default:
        return kind satisfies never;
    }
  };
};
