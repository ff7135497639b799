// Which streams have a head that is behind, page by page through all streams?
// The tick of rebuild pages calls it; it lists streams, reads heads, and reads the events table for newer commits.
import * as z from 'zod';
import { parseStreamId } from '../../events/identifiers.ts';
import { inParallel } from '../aws/parallel.ts';
import type { HeadReader } from '../project/headReader.ts';
import type { Head } from '../project/headState.ts';
import type { EventStore } from '../store/eventStore.ts';
import { WalkPlace, walkedShare, walkPage } from '../store/streamPages.ts';
import { runReasons } from './rebuildRuns.ts';

/** The most streams of a page, and so of a second, because pages come a second apart. */
const mostStreamsASecond = 5_000;
export const StreamsASecond = z.int().min(1).max(mostStreamsASecond);

/** One page of a run: the streams from a place on. */
export const RebuildPage = z.object({
  ...WalkPlace.shape,
  run: z.string(),
  /** Only for a run that has a record: why and when it began. */
  recorded: z.object({ why: z.enum(runReasons), startedAt: z.string() }).optional(),
  /** Only streams of this tenant. */
  tenantId: z.string().optional(),
  /** Every stream, also where its head is up to date. */
  all: z.boolean().optional(),
  /** Only heads that rest on an older version of one of these streams, are absent or half written, or were computed by other code. */
  changed: z.record(z.string(), z.number()).optional(),
  /** Streams per second; absent: the rate of the deployment. */
  rate: StreamsASecond.optional(),
  /** How many streams the run has read, and how many of them it has sent to project. */
  seen: z.int().default(0),
  sent: z.int().default(0),
});
export type RebuildPage = Readonly<z.infer<typeof RebuildPage>>;

export type RebuildStart = Omit<RebuildPage, keyof WalkPlace | 'seen' | 'sent'>;

/** Streams to project, and the next page. */
export interface TurnedPage {
  readonly streams: readonly string[];
  /** `share` is the part of all shards that is done, from 0 to 1. */
  readonly progress: { readonly seen: number; readonly sent: number; readonly share: number };
  readonly next?: RebuildPage;
}

export interface RebuildPagesSettings {
  readonly store: EventStore;
  readonly heads: HeadReader;
  readonly release: number;
  readonly computedBy: string;
  /** Streams per second, for a run without a rate of its own. */
  readonly rate: number;
}

const atOnce = 16;

type Kind = RebuildPage['kind'];

const everyKind: readonly Kind[] = ['engagement', 'party', 'offer', 'campaign'];

/** A change of context concerns engagements. A changed link also concerns what else names the linked party. */
const concernedBy = (changed: RebuildPage['changed']): readonly Kind[] => {
  if (changed === undefined) return everyKind;
  const isLink = Object.keys(changed).some((stream) => parseStreamId(stream).kind === 'identity');
  return isLink ? everyKind : ['engagement'];
};

/** The first page of a run; each page leads to the next, through all shards. */
export const firstPage = (starting: RebuildStart): RebuildPage => ({
  ...starting,
  kind: 'engagement',
  shard: 0,
  seen: 0,
  sent: 0,
});

/** Reads a page; returns the streams on it that are behind, the progress, and the next page. */
export type TurnPage = (page: RebuildPage) => Promise<TurnedPage>;

export const createRebuildPages = ({ store, heads, release, computedBy, rate }: RebuildPagesSettings): TurnPage => {
  const growthReader = () => {
    const known = new Map<string, Promise<boolean>>();
    return (stream: string, version: number): Promise<boolean> => {
      const key = `${version} ${stream}`;
      const answer = known.get(key) ?? heads.hasGrown(stream, version);
      known.set(key, answer);
      return answer;
    };
  };

  const isBehind = async (
    head: Head | undefined,
    changed: RebuildPage['changed'],
    hasGrown: (stream: string, version: number) => Promise<boolean>,
  ): Promise<boolean> => {
    if (head === undefined) return true;
    // A newer deployment takes care of its own rows.
    if (head.release > release) return false;
    if (head.rebuilding !== undefined || head.computedBy !== computedBy) return true;
    const { basis } = head;
    if (changed !== undefined) {
      return Object.entries(changed).some(([stream, version]) => (basis[stream] ?? version) < version);
    }
    for (const [stream, version] of Object.entries(basis)) if (await hasGrown(stream, version)) return true;
    return false;
  };

  return async (page) => {
    const { kind, shard, cursor, tenantId, all, changed } = page;
    const kinds = concernedBy(changed);
    // Streams are listed in the order of their ids, so that those of a tenant follow each other.
    const prefix = tenantId === undefined ? '' : `${tenantId}/`;
    const { streams, next } = await walkPage(
      { store, kinds, pageSize: page.rate ?? rate, prefix },
      { kind, shard, ...(cursor !== undefined && { cursor }) },
    );
    const hasGrown = growthReader();
    const isToProject = async (stream: string): Promise<boolean> =>
      all === true || (await isBehind(await heads.head(stream), changed, hasGrown));
    const found = await inParallel(streams, atOnce, async (stream) => ((await isToProject(stream)) ? [stream] : []));
    const behind = found.flat();
    const come = { seen: page.seen + streams.length, sent: page.sent + behind.length };
    const share = next === undefined ? 1 : walkedShare(kinds, next);
    const { cursor: _turned, ...rest } = page;
    return {
      streams: behind,
      progress: { ...come, share },
      ...(next !== undefined && { next: { ...rest, ...come, ...next } }),
    };
  };
};
