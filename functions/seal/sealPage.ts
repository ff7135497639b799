// How is a page of a day sealed, and what follows it?
// The seal handler calls it; it reads the events table, writes the roots table, and sends to seal's own queue.
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

/** Asks for a page of a day (`until` is its end), with what the pages before it have left. */
export const PageToSeal = z.object({
  ...BegunDay.shape,
  page: z.int().min(1),
  place: WalkPlace,
  /** The digest of the page before; for the first page the root of the day before. */
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
  /** How many streams a page covers. */
  readonly pageSize: number;
}

export interface SealPage {
  /** Makes a page, and continues after it. */
  seal(asked: PageToSeal): Promise<void>;
  /** Continues after a stored page: with the next page, or after the last page with the root. */
  goOn(made: PageToSeal, stands: SealedPage): Promise<void>;
}

const readsAtOnce = 16;

export const createSealPage = (settings: SealPageSettings): SealPage => {
  const { store, tipBefore, roots, send, queue, logger, pageSize } = settings;

  const goOn: SealPage['goOn'] = async (made, { page, digest, seen, next }) => {
    if (next !== undefined) {
      const sealPage: PageToSeal = { ...made, page: page + 1, place: next, digest, seen };
      return await send(queue, [{ tenantId: undefined, body: { sealPage } }]);
    }
    const { day, from, until, previous } = made;
    const root: DayRoot = { day, from, until, previous, root: digest, pages: page, streams: seen };
    const stands = await roots.putRoot(root);
    if (stands.root !== digest) throw new Error(`${day} already has the root ${stands.root}, not ${digest}`);
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
