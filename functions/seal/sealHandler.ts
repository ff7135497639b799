// What does seal do with the clock's tick, and with a page? It writes down where every stream stood when the day ended, and the day's root.
import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { streamKinds } from '../../events/identifiers.ts';
import { addDays, addMilliseconds, type Instant } from '../../events/instant.ts';
import { reasonOf } from '../aws/failureLog.ts';
import { inParallel } from '../aws/parallel.ts';
import type { SendMessages } from '../aws/sqs.ts';
import type { EventStore } from '../store/eventStore.ts';
import { WalkPlace, walkPage, walkStart } from '../store/streamPages.ts';
import type { TipBefore } from '../store/tipBefore.ts';
import type { Roots } from './dailyRoots.ts';
import { BegunDay, type DayRoot, digestOf, type SealedPage, type SealedTip, tipsText } from './sealedDay.ts';

const Batch = z.object({ Records: z.array(z.object({ messageId: z.string().min(1), body: z.string() })) });

/** A page that is to be made of a day (`until` ends it), after what came before. */
const PageToSeal = z.object({
  ...BegunDay.shape,
  page: z.int().min(1),
  place: WalkPlace,
  /** Of the page before; of the day before where it is the first. */
  digest: z.string(),
  seen: z.int().min(0),
});
type PageToSeal = Readonly<z.infer<typeof PageToSeal>>;

const Said = z.union([z.object({ seal: z.literal('day') }), z.object({ sealPage: PageToSeal })]);

export interface SealHandlerSettings {
  readonly store: Pick<EventStore, 'streams'>;
  readonly tipBefore: TipBefore;
  readonly roots: Roots;
  readonly send: SendMessages;
  /** The URL of seal's own queue. */
  readonly queue: string;
  readonly now: () => Instant;
  readonly logger: Pick<Logger, 'info' | 'error'>;
  /** Streams of one page. */
  readonly pageSize: number;
}

/** An append takes its time before its put, a minute at the most: an hour later nothing of the day can come any more. */
const settlesAfterMs = 3_600_000;
const readsAtOnce = 16;

/** The end of the last day that is over for an hour. */
const endOfLastDay = (now: Instant): Instant => `${addMilliseconds(now, -settlesAfterMs).slice(0, 10)}T00:00:00.000Z`;

/** The handler of seal's queue. Throws only where the event is no batch of SQS. */
export const createSealHandler = (settings: SealHandlerSettings) => {
  const { store, tipBefore, roots, send, queue, now, logger, pageSize } = settings;

  /** Goes on after a page that stands: with the next one, or, where it is the last, with the root. */
  const goOn = async (made: PageToSeal, { page, digest, seen, next }: SealedPage): Promise<void> => {
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

  const sealPage = async (asked: PageToSeal): Promise<void> => {
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
  };

  /** Goes on with the day that an earlier run has begun and not ended, or begins one with what is over and not sealed. */
  const sealDay = async (): Promise<void> => {
    const end = endOfLastDay(now());
    const last = await roots.last();
    const place = walkStart(streamKinds);
    if (place === undefined || (last !== undefined && last.until >= end)) return;
    const previous = last?.root ?? '';
    const day = addDays(end, -1).slice(0, 10);
    const begun = await roots.begin({ day, from: last?.until ?? '', until: end, previous });
    const first = { ...begun, page: 1, place, digest: previous, seen: 0 };
    const stands = await roots.lastPage(begun.day);
    logger.info('a day is being sealed', { ...begun, pages: stands?.page ?? 0 });
    await (stands === undefined ? sealPage(first) : goOn(first, stands));
  };

  /**
   * Whether a page that was asked for some time ago still belongs to the chain of days. It doesn't where its day is sealed, or
   * another one follows on the root before: a root that can't follow would stand for good. No other day can begin there later.
   */
  const belongs = async ({ day, from, until, previous }: BegunDay): Promise<boolean> => {
    const last = await roots.last();
    if ((last?.root ?? '') !== previous) return false;
    return (await roots.begin({ day, from, until, previous })).day === day;
  };

  const takePage = async (asked: PageToSeal): Promise<void> => {
    if (await belongs(asked)) return await sealPage(asked);
    const { day, page, previous } = asked;
    logger.info('a page was let go: the day is sealed, or another one was begun instead', { day, page, previous });
  };

  return async (event: unknown): Promise<SQSBatchResponse> => {
    const batch = Batch.safeParse(event);
    if (!batch.success) throw new Error('the event is not a batch of SQS messages', { cause: batch.error });
    const failed: string[] = [];
    for (const { messageId, body } of batch.data.Records) {
      try {
        const said = Said.parse(JSON.parse(body));
        await ('seal' in said ? sealDay() : takePage(said.sealPage));
      } catch (error) {
        failed.push(messageId);
        logger.error('a message of seal failed', { messageId, reason: reasonOf(error) });
      }
    }
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
};
