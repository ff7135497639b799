// What do a day's pages and its root cover?
import { hash } from 'node:crypto';
import * as z from 'zod';
import { WalkPlace } from '../store/streamPages.ts';

/** The tip of a stream at a day's end: the version of its last event, and the hash of its last commit. */
export interface SealedTip {
  readonly stream: string;
  readonly version: number;
  readonly hash: string;
}

/** A page of a day: tips in the order of the walk. */
export const SealedPage = z.object({
  day: z.string(),
  page: z.int().min(1),
  /** JSON text: a list of [stream, version, hash]. */
  tips: z.string(),
  /** How many streams were read up to the end of this page, changed or not. */
  seen: z.int().min(0),
  /** The digest of everything before this page, and of this page. */
  digest: z.string(),
  /** Where the next page begins; absent on the last page. */
  next: WalkPlace.optional(),
});
export type SealedPage = Readonly<z.infer<typeof SealedPage>>;

/** A sealed day: everything recorded from `from` on and before `until`, under the name of the last day in it. */
export const DayRoot = z.object({
  day: z.string(),
  /** The end of the day sealed before; empty for the first. */
  from: z.string(),
  until: z.string(),
  /** The root of the day sealed before; empty for the first. */
  previous: z.string(),
  root: z.string(),
  pages: z.int().min(1),
  streams: z.int().min(0),
});
export type DayRoot = Readonly<z.infer<typeof DayRoot>>;

/** A day whose sealing has begun: the fields that its pages and its root repeat. */
export const BegunDay = DayRoot.pick({ day: true, from: true, until: true, previous: true });
export type BegunDay = Readonly<z.infer<typeof BegunDay>>;

/** The digest of a page, in hex: SHA-256 of the digest before it (for a day's first page the root of the day before) and of its text. */
export const digestOf = (before: string, tips: string): string => hash('sha256', `${before}\n${tips}`, 'hex');

export const tipsText = (tips: readonly SealedTip[]): string =>
  JSON.stringify(tips.map(({ stream, version, hash: of }) => [stream, version, of]));

const Tips = z.array(z.tuple([z.string(), z.number(), z.string()]));

/** The tips in a page's text; throws where the text is malformed. */
export const tipsOf = (text: string): readonly SealedTip[] =>
  Tips.parse(JSON.parse(text)).map(([stream, version, of]) => ({ stream, version, hash: of }));
