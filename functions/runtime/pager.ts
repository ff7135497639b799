// Which rows are behind, and who brings them up to date? Page by page through the index of streams; what is behind goes to project.
import * as z from 'zod';
import { parseStreamId, streamKinds } from '../../events/identifiers.ts';
import type { EventStore } from './eventStore.ts';
import type { Head, HeadReader } from './headReader.ts';
import { inParallel } from './inParallel.ts';

/** One page of a run: the streams of a kind in one shard, after a cursor. */
export const PagerPage = z.object({
  run: z.string(),
  kind: z.enum(streamKinds),
  shard: z.int().min(0),
  cursor: z.string().optional(),
  /** Only this tenant's. */
  tenantId: z.string().optional(),
  /** Everything, whether it seems behind or not. */
  all: z.boolean().optional(),
  /** Only what rests on an older version of one of these streams, or is behind by itself. */
  changed: z.record(z.string(), z.number()).optional(),
  /** How far this chain of pages has come. */
  seen: z.int().default(0),
  sent: z.int().default(0),
});
export type PagerPage = Readonly<z.infer<typeof PagerPage>>;

export type PagerStart = Pick<PagerPage, 'run' | 'tenantId' | 'all' | 'changed'>;

/** Streams to project, and the page that follows. */
export interface TurnedPage {
  readonly streams: readonly string[];
  readonly progress: { readonly seen: number; readonly sent: number };
  readonly next?: PagerPage;
}

export interface PagerSettings {
  readonly store: EventStore;
  readonly heads: HeadReader;
  readonly release: number;
  readonly computedBy: string;
}

const shards = 16;
const atOnce = 16;

type Kind = PagerPage['kind'];

/** A change of context concerns engagements; a link also the offers and campaigns whose partners it may name. */
const concernedBy = (changed: PagerPage['changed']): readonly Kind[] => {
  if (changed === undefined) return ['engagement', 'party', 'offer', 'campaign'];
  const isLink = Object.keys(changed).some((stream) => parseStreamId(stream).kind === 'identity');
  return isLink ? ['engagement', 'offer', 'campaign'] : ['engagement'];
};

/**
 * The first pages of a run: one a shard, each of which leads on to the next of its shard. Rows without a head can't tell the
 * pager what they rest on: all that are concerned are projected, and written where they differ.
 */
export const firstPages = ({ run, tenantId, all, changed }: PagerStart): readonly PagerPage[] => {
  return concernedBy(changed).flatMap((kind) =>
    Array.from({ length: shards }, (_, shard) => ({
      ...{ run, kind, shard, seen: 0, sent: 0 },
      ...(tenantId !== undefined && { tenantId }),
      ...(all !== undefined && { all }),
      ...(changed !== undefined && { changed }),
    })),
  );
};

/** Turns pages: answers what is behind on one. */
export const createPager = ({ store, heads, release, computedBy }: PagerSettings) => {
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
    changed: PagerPage['changed'],
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

  return async (page: PagerPage): Promise<TurnedPage> => {
    const { kind, shard, tenantId, all, changed } = page;
    const prefix = tenantId === undefined ? '' : `${tenantId}/`;
    // Streams are listed in the order of their ids, so that a tenant's lie together.
    const after = page.cursor ?? (prefix === '' ? undefined : prefix);
    const { streams: listed, cursor } = await store.streams(kind, shard, after);
    const streams = listed.filter((stream) => stream.startsWith(prefix));
    const hasGrown = growthReader();
    const everything = all === true || kind !== 'engagement';
    const behind = await inParallel(streams, atOnce, async (stream) => {
      return everything || (await isBehind(await heads.head(stream), changed, hasGrown)) ? [stream] : [];
    });
    const found = behind.flat();
    const progress = { seen: page.seen + streams.length, sent: page.sent + found.length };
    const isOver = cursor === undefined || streams.length < listed.length;
    return { streams: found, progress, ...(!isOver && { next: { ...page, ...progress, cursor } }) };
  };
};
