// What does a day's root say? Where each stream stood that changed, page by page, each page's digest going into the next one's.
import { hash } from 'node:crypto';
import * as z from 'zod';
import { WalkPlace } from '../store/streamPages.ts';

/** Where a stream stood at a day's end: the version of its last event, and the hash of its last commit. */
export interface SealedTip {
  readonly stream: string;
  readonly version: number;
  readonly hash: string;
}

/** A part of a day: tips in the order of the walk. */
export const SealedPage = z.object({
  day: z.string(),
  page: z.int().min(1),
  /** JSON text: a list of [stream, version, hash]. */
  tips: z.string(),
  /** Streams that were looked at, whether they had changed or not, up to the end of this page. */
  seen: z.int().min(0),
  /** Of the day before this page, and of it. */
  digest: z.string(),
  /** Where the next page begins; absent on the last one. */
  next: WalkPlace.optional(),
});
export type SealedPage = Readonly<z.infer<typeof SealedPage>>;

/** A day that is sealed: everything recorded from an instant on and before another, named for the last day in it. */
export const DayRoot = z.object({
  day: z.string(),
  /** The end of the day sealed before, the first one excepted: empty. */
  from: z.string(),
  until: z.string(),
  /** The root of the day sealed before; empty for the first. */
  previous: z.string(),
  root: z.string(),
  pages: z.int().min(1),
  streams: z.int().min(0),
});
export type DayRoot = Readonly<z.infer<typeof DayRoot>>;

/** A day whose sealing has begun: what its root will say, and its pages build on. */
export const BegunDay = DayRoot.pick({ day: true, from: true, until: true, previous: true });
export type BegunDay = Readonly<z.infer<typeof BegunDay>>;

/** The digest of a page: SHA-256 of that before it (for a day's first page the root of the day before) and of its text, in hex. */
export const digestOf = (before: string, tips: string): string => hash('sha256', `${before}\n${tips}`, 'hex');

export const tipsText = (tips: readonly SealedTip[]): string =>
  JSON.stringify(tips.map(({ stream, version, hash: of }) => [stream, version, of]));

const Tips = z.array(z.tuple([z.string(), z.number(), z.string()]));

/** The tips of a page's text; throws where it is none. */
export const tipsOf = (text: string): readonly SealedTip[] =>
  Tips.parse(JSON.parse(text)).map(([stream, version, of]) => ({ stream, version, hash: of }));
