// What does seal do with the clock's tick, and with a page message?
// The seal function calls it; it reads the events table, reads and writes the roots table, and sends to seal's own queue.
import * as z from 'zod';
import { streamKinds } from '../../events/identifiers.ts';
import { addDays, addMilliseconds, type Instant } from '../../events/instant.ts';
import { type BatchHandlerSettings, createBatchHandler } from '../aws/batchHandler.ts';
import { bodyOf } from '../aws/batchRecords.ts';
import { oneByOne } from '../aws/batchWork.ts';
import { walkStart } from '../store/streamPages.ts';
import type { BegunDay } from './sealedDay.ts';
import { createSealPage, PageToSeal, type SealPageSettings } from './sealPage.ts';

const Said = z.union([z.object({ seal: z.literal('day') }), z.object({ sealPage: PageToSeal })]);
type Said = z.infer<typeof Said>;

export interface SealHandlerSettings
  extends Omit<SealPageSettings, 'logger'>,
    Pick<BatchHandlerSettings<Said, never>, 'keepFailure'> {
  readonly now: () => Instant;
  readonly logger: SealPageSettings['logger'] & BatchHandlerSettings<Said, never>['logger'];
}

/** An append reads the clock a minute before its put at the most, so an hour later no further commit of the day can arrive. */
const settlesAfterMs = 3_600_000;

/** The end of the last day that ended an hour ago or earlier. */
const endOfLastDay = (now: Instant): Instant => `${addMilliseconds(now, -settlesAfterMs).slice(0, 10)}T00:00:00.000Z`;

/** The handler of seal's queue. */
export const createSealHandler = ({ keepFailure, now, ...settings }: SealHandlerSettings) => {
  const { roots, logger } = settings;
  const pages = createSealPage(settings);

  /** Continues the day that an earlier run has begun but not finished; else begins a day with all that is over and not sealed. */
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
    await (stands === undefined ? pages.seal(first) : pages.goOn(first, stands));
  };

  /**
   * Whether an old page message still belongs to the chain of days. It does not where its day is sealed already, or where another
   * day follows the same root: its own root could not follow then, and roots are never removed. The call of `begin` makes sure
   * that no other day begins there later.
   */
  const belongs = async ({ day, from, until, previous }: BegunDay): Promise<boolean> => {
    const last = await roots.last();
    if ((last?.root ?? '') !== previous) return false;
    return (await roots.begin({ day, from, until, previous })).day === day;
  };

  const takePage = async (asked: PageToSeal): Promise<void> => {
    if (await belongs(asked)) return await pages.seal(asked);
    const { day, page, previous } = asked;
    logger.info('a page was ignored: its day is sealed, or another day was begun instead', { day, page, previous });
  };

  return createBatchHandler<Said>({
    queue: {
      read: bodyOf(Said, 'the message is neither the clock’s {"seal":"day"} nor a page message of seal'),
      work: oneByOne(1, (said) => ('seal' in said ? sealDay() : takePage(said.sealPage))),
    },
    keepFailure,
    logger,
  });
};
