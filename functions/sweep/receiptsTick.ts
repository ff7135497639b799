// Which open receipts are offered to translate again every five minutes, and how many are open?
// The sweep handler calls it; it reads the index of open receipts, and sends to the queues of translate and sweep.
import type { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { addMilliseconds, type Instant } from '../../events/instant.ts';
import type { Measure } from '../aws/metrics.ts';
import { inParallel } from '../aws/parallel.ts';
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

/** What the pages of tenants before have counted. */
const Counted = z.object({ waiting: z.int().min(0), pending: z.int().min(0) });
type Counted = Readonly<z.infer<typeof Counted>>;

/**
 * The clock's message begins a walk of every tenant. What sweep sends to itself goes on: with the walk of a tenant, or with the
 * tenants after one.
 */
const Said = z.object({
  sweep: z.literal('receipts'),
  tenantId: z.string().optional(),
  walk: Round.optional(),
  after: z.string().optional(),
  counted: Counted.optional(),
});
type Said = z.infer<typeof Said>;

export interface ReceiptsTickSettings {
  readonly receipts: Pick<Receipts, 'pendingBefore' | 'tenants'>;
  readonly walks: ReceiptWalks;
  readonly queues: SweepQueues;
  readonly now: () => Instant;
  readonly measure: Measure;
  readonly logger: Pick<Logger, 'info'>;
  /** The most receipts of a round; absent: 2,000, for which about 200 calls of the queue are made. */
  readonly receiptsARound?: number;
  /** The most tenants whose walks one message begins; absent: 200. */
  readonly tenantsAtOnce?: number;
}

/** Walks of tenants that run at once, so that a tenant with many receipts does not hold up the others. */
const walksAtOnce = 8;

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
  { startedAt, tenantId, ...from }: Round & { readonly tenantId: string },
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
      ...{ tenantId, shard },
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
  const { receipts, walks, queues, now, measure, logger, receiptsARound = 2_000, tenantsAtOnce = 200 } = settings;

  // Of a level the highest value is reported. A count is never too high, and that of the last page or round is complete.
  const report = ({ waiting, pending }: Counted): void => {
    measure('ReceiptsWaiting', waiting);
    measure('ReceiptsUntranslated', pending);
  };

  /** Offers the receipts of a round; returns what the walk has counted by now. */
  const run = async (tenantId: string, round: Round): Promise<Counted> => {
    const { startedAt, since, round: number } = round;
    const { receipts: found, next } = await walkRound({ ...round, tenantId }, receiptsARound, receipts);
    const again = found.filter((receipt) => isOfferedAgain(receipt, { since, now: startedAt }));
    await queues.translate(again);
    const waits = found.filter(({ status }) => status === 'waiting').length;
    const offered = round.offered + again.length;
    const counted = { waiting: round.waiting + waits, pending: round.pending + found.length - waits };
    if (next !== undefined) {
      const walk: Round = { startedAt, since, round: number + 1, ...next, offered, ...counted };
      await queues.sweep({ sweep: 'receipts', tenantId, walk } satisfies Said);
      return counted;
    }
    if (number > 1) await walks.note(tenantId, { startedAt, since, round: number, at: now(), over: true });
    if (offered > 0) logger.info('receipts were offered again', { tenantId, receipts: offered, rounds: number });
    return counted;
  };

  const nothing: Counted = { waiting: 0, pending: 0 };

  const begin = async (tenantId: string): Promise<Counted> => {
    const at = now();
    const last = await walks.last(tenantId);
    if (last === undefined || !isUnderWay(last, at)) return await run(tenantId, firstRound(last, at));
    logger.info('another walk through the receipts is under way', { tenantId });
    return nothing;
  };

  const goOn = async (tenantId: string, round: Round): Promise<void> => {
    const { startedAt, since, round: number } = round;
    if (await walks.note(tenantId, { startedAt, since, round: number, at: now(), over: false })) {
      return report(await run(tenantId, round));
    }
    logger.info('another walk through the receipts is under way', { tenantId, startedAt });
  };

  /** Begins the walks of a page of tenants. One that fails holds up no other; the message then comes again. */
  const beginAll = async ({ after, counted = nothing }: Said): Promise<void> => {
    const { tenants, last } = await receipts.tenants({ after, limit: tenantsAtOnce });
    const failures: unknown[] = [];
    const counts = await inParallel(tenants, walksAtOnce, async (tenantId) => {
      try {
        return await begin(tenantId);
      } catch (error) {
        failures.push(error);
        return nothing;
      }
    });
    const sum = (of: (each: Counted) => number): number =>
      [counted, ...counts].reduce((all, each) => all + of(each), 0);
    const all: Counted = { waiting: sum(({ waiting }) => waiting), pending: sum(({ pending }) => pending) };
    report(all);
    if (last !== undefined) await queues.sweep({ sweep: 'receipts', after: last, counted: all } satisfies Said);
    const [failure] = failures;
    if (failure !== undefined) throw failure;
  };

  return tick(Said, async (said) => {
    const { tenantId, walk } = said;
    return await (tenantId === undefined || walk === undefined ? beginAll(said) : goOn(tenantId, walk));
  });
};
