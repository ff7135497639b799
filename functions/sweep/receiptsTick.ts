// Which open receipts are offered to translate again every five minutes, and how many are open?
// The sweep handler calls it; it reads the index of open receipts, and sends to the queues of translate and sweep.
import type { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { addMilliseconds, type Instant } from '../../events/instant.ts';
import type { Measure } from '../aws/metrics.ts';
import { isOfferedAgain, lastTickBefore, offerEveryMs } from '../intake/retrySchedule.ts';
import { openShards } from '../receipts/receipt.ts';
import type { PendingReceipt, Receipts } from '../receipts/receipts.ts';
import { isUnderWay, ReceiptWalk, type ReceiptWalks } from './receiptWalks.ts';
import type { SweepQueues } from './sweepQueues.ts';
import { type Tick, tick } from './tick.ts';

/** A round of a walk: where it begins, and what the rounds before it have counted. */
const Round = z.object({
  ...ReceiptWalk.pick({ startedAt: true, since: true, round: true }).shape,
  shard: z.int().min(0),
  /** The cursor inside the shard; absent at the shard's beginning. */
  cursor: z.string().optional(),
  offered: z.int().min(0),
  waiting: z.int().min(0),
  pending: z.int().min(0),
});
type Round = Readonly<z.infer<typeof Round>>;

/** The clock's message begins a walk; a message that sweep sends to itself continues it. */
const Said = z.object({ sweep: z.literal('receipts'), walk: Round.optional() });

export interface ReceiptsTickSettings {
  readonly receipts: Pick<Receipts, 'pendingBefore'>;
  readonly walks: ReceiptWalks;
  readonly queues: SweepQueues;
  readonly now: () => Instant;
  readonly measure: Measure;
  readonly logger: Pick<Logger, 'info'>;
  /** The most receipts of a round; absent: 2,000, for which about 200 calls of the queue are made. */
  readonly receiptsARound?: number;
}

/**
 * All receipts that were due up to this instant have been offered. Usually it is the tick before. Ticks during a walk do nothing,
 * so the walk after it looks back to the beginning of that walk; after a walk that broke off, to the `since` of that walk.
 */
const offeredUpTo = (last: ReceiptWalk | undefined, at: Instant): Instant => {
  const tickBefore = lastTickBefore(at);
  if (last === undefined || (last.over && last.at < tickBefore)) return tickBefore;
  return last.over ? last.startedAt : last.since;
};

const firstRound = (last: ReceiptWalk | undefined, at: Instant): Round => ({
  ...{ startedAt: at, since: offeredUpTo(last, at), round: 1, shard: 0 },
  ...{ offered: 0, waiting: 0, pending: 0 },
});

interface Walked {
  readonly receipts: readonly PendingReceipt[];
  /** Where the next round begins; absent after the last shard. */
  readonly next?: Pick<Round, 'shard' | 'cursor'>;
}

/** The receipts of a round, from as many shards as it takes to fill the round. */
const walkRound = async (
  { startedAt, ...from }: Round,
  most: number,
  { pendingBefore }: Pick<Receipts, 'pendingBefore'>,
): Promise<Walked> => {
  const before = addMilliseconds(startedAt, -offerEveryMs);
  const receipts: PendingReceipt[] = [];
  let { cursor } = from;
  for (let index = from.shard; ; ) {
    const shard = openShards[index];
    if (shard === undefined) return { receipts };
    if (receipts.length >= most) return { receipts, next: { shard: index, ...(cursor !== undefined && { cursor }) } };
    const page = await pendingBefore({
      shard,
      before,
      limit: most - receipts.length,
      ...(cursor !== undefined && { cursor }),
    });
    receipts.push(...page.receipts);
    cursor = page.cursor;
    if (cursor === undefined) index += 1;
  }
};

export const createReceiptsTick = (settings: ReceiptsTickSettings): Tick => {
  const { receipts, walks, queues, now, measure, logger, receiptsARound = 2_000 } = settings;

  const begun = async (): Promise<Round | undefined> => {
    const at = now();
    const last = await walks.last();
    return last !== undefined && isUnderWay(last, at) ? undefined : firstRound(last, at);
  };

  const taken = async (round: Round): Promise<Round | undefined> => {
    const { startedAt, since, round: number } = round;
    return (await walks.note({ startedAt, since, round: number, at: now(), over: false })) ? round : undefined;
  };

  return tick(Said, async ({ walk }) => {
    const round = await (walk === undefined ? begun() : taken(walk));
    if (round === undefined)
      return logger.info('another walk through the receipts is under way', { startedAt: walk?.startedAt });
    const { startedAt, since, round: number } = round;
    const { receipts: found, next } = await walkRound(round, receiptsARound, receipts);
    const again = found.filter((receipt) => isOfferedAgain(receipt, { since, now: startedAt }));
    await queues.translate(again);
    const waits = found.filter(({ status }) => status === 'waiting').length;
    const offered = round.offered + again.length;
    const waiting = round.waiting + waits;
    const pending = round.pending + found.length - waits;
    // Of a level the highest value is reported. The count so far is never too high, and that of the last round is complete.
    measure('ReceiptsWaiting', waiting);
    measure('ReceiptsUntranslated', pending);
    if (next !== undefined) {
      const following: Round = { startedAt, since, round: number + 1, ...next, offered, waiting, pending };
      return await queues.sweep({ sweep: 'receipts', walk: following } satisfies z.infer<typeof Said>);
    }
    if (number > 1) await walks.note({ startedAt, since, round: number, at: now(), over: true });
    logger.info('receipts were offered again', { receipts: offered, rounds: number });
  });
};
