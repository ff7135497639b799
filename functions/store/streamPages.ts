// In which order does a walk list all streams, page by page?
// Seal, rebuilds and operators' commands call it; it reads the shard index through the event store.
import * as z from 'zod';
import { type StreamKind, streamKinds } from '../../events/identifiers.ts';
import { shardCount } from './commit.ts';
import type { EventStore } from './eventStore.ts';

/** A place in the walk: the streams of a kind in one shard, after a cursor. */
export const WalkPlace = z.object({
  kind: z.enum(streamKinds),
  shard: z
    .int()
    .min(0)
    .max(shardCount - 1),
  cursor: z.string().optional(),
});
export type WalkPlace = Readonly<z.infer<typeof WalkPlace>>;

export interface WalkedPage {
  readonly streams: readonly string[];
  /** Where the next page begins; absent after the last page. */
  readonly next?: WalkPlace;
}

export interface Walk {
  readonly store: Pick<EventStore, 'streams'>;
  /** The kinds, in the order of the walk. */
  readonly kinds: readonly StreamKind[];
  /** The most streams of one page. */
  readonly pageSize: number;
  /** Only streams whose ids begin with this text; they follow each other in each shard. */
  readonly prefix?: string;
}

/** Where a walk begins; undefined where it has no kinds. */
export const walkStart = (kinds: readonly StreamKind[]): WalkPlace | undefined =>
  kinds[0] === undefined ? undefined : { kind: kinds[0], shard: 0 };

/** The place after a shard's end; undefined after the last kind's last shard. */
const afterShard = (kinds: readonly StreamKind[], { kind, shard }: WalkPlace): WalkPlace | undefined => {
  if (shard + 1 < shardCount) return { kind, shard: shard + 1 };
  const next = kinds[kinds.indexOf(kind) + 1];
  return next === undefined ? undefined : { kind: next, shard: 0 };
};

/** How much of the walk lies before a place, from 0 to 1. Shards are about equal, because a hash spreads the ids over them. */
export const walkedShare = (kinds: readonly StreamKind[], { kind, shard }: WalkPlace): number =>
  (Math.max(0, kinds.indexOf(kind)) * shardCount + shard) / (Math.max(1, kinds.length) * shardCount);

/** How many shards are listed at once after the first shard has not filled a page: in small stores most shards are almost empty. */
const shardsAtOnce = 16;

/** The streams from a place on: kind after kind, shard after shard, by their ids. A page reads as many shards as it takes to fill it. */
export const walkPage = async ({ store, kinds, pageSize, prefix = '' }: Walk, from: WalkPlace): Promise<WalkedPage> => {
  const after = ({ cursor }: WalkPlace): string | undefined => cursor ?? (prefix === '' ? undefined : prefix);
  const placesFrom = (first: WalkPlace, most: number): readonly WalkPlace[] => {
    const places = [first];
    for (let place = afterShard(kinds, first); place !== undefined && places.length < most; ) {
      places.push(place);
      place = afterShard(kinds, place);
    }
    return places;
  };
  const streams: string[] = [];
  let place: WalkPlace | undefined = from;
  let atOnce = 1;
  while (place !== undefined && streams.length < pageSize) {
    const places: readonly WalkPlace[] = placesFrom(place, atOnce);
    const listings = await Promise.all(places.map((each) => store.streams(each.kind, each.shard, after(each))));
    for (const [index, { streams: listed, cursor }] of listings.entries()) {
      const at = places[index];
      if (at === undefined || streams.length >= pageSize) break;
      const own = listed.filter((stream) => stream.startsWith(prefix));
      const taken = own.slice(0, pageSize - streams.length);
      streams.push(...taken);
      const last = taken.length < own.length ? taken.at(-1) : cursor;
      const isOver = last === undefined || (taken.length === own.length && own.length < listed.length);
      place = isOver ? afterShard(kinds, at) : { kind: at.kind, shard: at.shard, cursor: last };
      if (!isOver) break;
    }
    atOnce = shardsAtOnce;
  }
  return { streams, ...(place !== undefined && { next: place }) };
};
