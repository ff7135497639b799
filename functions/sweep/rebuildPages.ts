// Which rows are behind, and who brings them up to date? Page by page through the index of streams; what is behind goes to project.
import * as z from 'zod';
import { parseStreamId } from '../../events/identifiers.ts';
import { inParallel } from '../aws/parallel.ts';
import type { HeadReader } from '../project/headReader.ts';
import type { Head } from '../project/headState.ts';
import type { EventStore } from '../store/eventStore.ts';
import { WalkPlace, walkedShare, walkPage } from '../store/streamPages.ts';
import { runReasons } from './rebuildRuns.ts';

/** The streams of a page at the most, and so of a second: pages come a second apart. */
const mostStreamsASecond = 5_000;
export const StreamsASecond = z.int().min(1).max(mostStreamsASecond);

/** One page of a run: the streams from a place on. */
export const RebuildPage = z.object({
  ...WalkPlace.shape,
  run: z.string(),
  /** Only of a run that is recorded: why it began, and when. */
  recorded: z.object({ why: z.enum(runReasons), startedAt: z.string() }).optional(),
  /** Only this tenant's. */
  tenantId: z.string().optional(),
  /** Everything, whether it seems behind or not. */
  all: z.boolean().optional(),
  /** Only what rests on an older version of one of these streams, or is behind by itself. */
  changed: z.record(z.string(), z.number()).optional(),
  /** Streams a second, where it is not as the deployment says. */
  rate: StreamsASecond.optional(),
  /** How far the run has come. */
  seen: z.int().default(0),
  sent: z.int().default(0),
});
export type RebuildPage = Readonly<z.infer<typeof RebuildPage>>;

export type RebuildStart = Omit<RebuildPage, keyof WalkPlace | 'seen' | 'sent'>;

/** Streams to project, and the page that follows. */
export interface TurnedPage {
  readonly streams: readonly string[];
  /** `share` of all shards, from 0 to 1. */
  readonly progress: { readonly seen: number; readonly sent: number; readonly share: number };
  readonly next?: RebuildPage;
}

export interface RebuildPagesSettings {
  readonly store: EventStore;
  readonly heads: HeadReader;
  readonly release: number;
  readonly computedBy: string;
  /** Streams a second, where a run does not say its own. */
  readonly rate: number;
}

const atOnce = 16;

type Kind = RebuildPage['kind'];

/** A change of context concerns engagements; a link also the offers and campaigns whose partners they may name. */
const concernedBy = (changed: RebuildPage['changed']): readonly Kind[] => {
  if (changed === undefined) return ['engagement', 'party', 'offer', 'campaign'];
  const isLink = Object.keys(changed).some((stream) => parseStreamId(stream).kind === 'identity');
  return isLink ? ['engagement', 'offer', 'campaign'] : ['engagement'];
};

/**
 * The first page of a run, which leads on to the next and so through all shards.
 */
export const firstPage = (starting: RebuildStart): RebuildPage => ({
  ...starting,
  kind: 'engagement',
  shard: 0,
  seen: 0,
  sent: 0,
});

/** Turns a page: answers what is behind on it. */
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
    // A newer deployment answers for its own rows.
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
    // Streams are listed in the order of their ids, so that a tenant's lie together.
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
