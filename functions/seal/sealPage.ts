// How is a page of a day sealed, and what follows it? It holds where its streams stood; then comes the next page, or the day's root.
import type { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { streamKinds } from '../../events/identifiers.ts';
import { inParallel } from '../aws/parallel.ts';
import type { SendMessages } from '../aws/sqs.ts';
import type { EventStore } from '../store/eventStore.ts';
import { WalkPlace, walkPage } from '../store/streamPages.ts';
import type { TipBefore } from '../store/tipBefore.ts';
import type { Roots } from './dailyRoots.ts';
import { BegunDay, type DayRoot, digestOf, type SealedPage, type SealedTip, tipsText } from './sealedDay.ts';

/** A page that is to be made of a day (`until` ends it), after what came before. */
export const PageToSeal = z.object({
  ...BegunDay.shape,
  page: z.int().min(1),
  place: WalkPlace,
  /** Of the page before; of the day before where it is the first. */
  digest: z.string(),
  seen: z.int().min(0),
});
export type PageToSeal = Readonly<z.infer<typeof PageToSeal>>;

export interface SealPageSettings {
  readonly store: Pick<EventStore, 'streams'>;
  readonly tipBefore: TipBefore;
  readonly roots: Roots;
  readonly send: SendMessages;
  /** The URL of seal's own queue. */
  readonly queue: string;
  readonly logger: Pick<Logger, 'info'>;
  /** Streams of one page. */
  readonly pageSize: number;
}

export interface SealPage {
  /** Makes a page, and goes on after it. */
  seal(asked: PageToSeal): Promise<void>;
  /** Goes on after a page that stands: with the next one, or, where it is the last, with the root. */
  goOn(made: PageToSeal, stands: SealedPage): Promise<void>;
}

const readsAtOnce = 16;

export const createSealPage = (settings: SealPageSettings): SealPage => {
  const { store, tipBefore, roots, send, queue, logger, pageSize } = settings;

  const goOn: SealPage['goOn'] = async (made, { page, digest, seen, next }) => {
    if (next !== undefined) {
      const sealPage: PageToSeal = { ...made, page: page + 1, place: next, digest, seen };
      return await send(queue, [{ body: { sealPage } }]);
    }
    const { day, from, until, previous } = made;
    const root: DayRoot = { day, from, until, previous, root: digest, pages: page, streams: seen };
    const stands = await roots.putRoot(root);
    if (stands.root !== digest) throw new Error(`the root of ${day} is ${stands.root} already, not ${digest}`);
    logger.info('a day was sealed', { ...root });
  };

  return {
    goOn,
    seal: async (asked) => {
      const { day, from, until, page, place } = asked;
      const { streams, next } = await walkPage({ store, kinds: streamKinds, pageSize }, place);
      const found = await inParallel(streams, readsAtOnce, async (stream): Promise<readonly SealedTip[]> => {
        const tip = await tipBefore(stream, until);
        return tip === undefined || tip.recordedAt < from ? [] : [{ stream, version: tip.version, hash: tip.hash }];
      });
      const tips = tipsText(found.flat());
      const seen = asked.seen + streams.length;
      const made = { day, page, tips, seen, digest: digestOf(asked.digest, tips), ...(next !== undefined && { next }) };
      await goOn(asked, await roots.putPage(made));
    },
  };
};
