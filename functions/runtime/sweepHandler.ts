// What does sweep do with the clock's ticks, a page, a change of context? It only finds who must work, and sends them word.
import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { parseRecorded, type RecordedEvent } from '../../events/catalog.ts';
import { addMilliseconds, epochOf } from '../../events/instant.ts';
import { contextChanges } from './contextChange.ts';
import { type createDueEngagements, dueShards } from './dueEngagements.ts';
import { reasonOf } from './failures.ts';
import { inParallel } from './inParallel.ts';
import type { Measure } from './measures.ts';
import { isOfferedAgain, offerEveryMs } from './offeredAgain.ts';
import { type createPager, firstPages, PagerPage, type PagerStart } from './pager.ts';
import type { SendMessages } from './queueSender.ts';
import { pendingShards } from './receipt.ts';
import type { PendingPage, Receipts } from './receipts.ts';

const Batch = z.object({ Records: z.array(z.object({ messageId: z.string().min(1), body: z.string() })) });

const Tick = z.discriminatedUnion('sweep', [
  z.object({ sweep: z.literal('due') }),
  z.object({ sweep: z.literal('receipts') }),
  z.object({ sweep: z.literal('pager'), tenantId: z.string().optional(), all: z.boolean().optional() }),
  /** A change of context, once more: what was written while its first run went by. */
  z.object({ sweep: z.literal('context'), tenantId: z.string(), changed: z.record(z.string(), z.number()) }),
]);
type Tick = Readonly<z.infer<typeof Tick>>;
const Page = z.object({ pager: PagerPage });
const Envelope = z.object({ 'detail-type': z.string(), detail: z.unknown() });

export interface SweepHandlerSettings {
  readonly dueEngagements: ReturnType<typeof createDueEngagements>;
  readonly receipts: Pick<Receipts, 'pendingBefore'>;
  readonly turn: ReturnType<typeof createPager>;
  readonly send: SendMessages;
  readonly queues: { readonly project: string; readonly translate: string; readonly sweep: string };
  readonly now: () => string;
  readonly newId: () => string;
  readonly measure: Measure;
  readonly logger: Pick<Logger, 'info' | 'error'>;
}

const againSeconds = 15 * 60;

/** The handler of sweep's queue. Throws only where the event is no batch of SQS. */
export const createSweepHandler = (settings: SweepHandlerSettings) => {
  const { dueEngagements, receipts, turn, send, queues, now, newId, measure, logger } = settings;

  const project = (streams: readonly string[]): Promise<void> =>
    send(
      queues.project,
      streams.map((stream) => ({ body: { stream } })),
    );

  const start = async (starting: Omit<PagerStart, 'run'>): Promise<void> => {
    const run = newId();
    await send(
      queues.sweep,
      firstPages({ run, ...starting }).map((pager) => ({ body: { pager } })),
    );
    logger.info('the pager starts', { run, ...starting });
  };

  const sendDue = async (): Promise<void> => {
    const at = now();
    const found = (await inParallel(dueShards, dueShards.length, (shard) => dueEngagements(shard, at))).flat();
    await project(found.map(({ stream }) => stream));
    const [earliest] = found.map(({ dueAt }) => dueAt).sort();
    if (earliest !== undefined) measure('OldestBasis', Math.round((epochOf(at) - epochOf(earliest)) / 1000));
    logger.info('engagements were due', { engagements: found.length });
  };

  const offerReceipts = async (): Promise<void> => {
    const at = now();
    const before = addMilliseconds(at, -offerEveryMs);
    const seen = await inParallel(pendingShards, pendingShards.length, async (shard) => {
      const here = { again: 0, waiting: 0, all: 0 };
      let page: PendingPage | undefined;
      do {
        page = await receipts.pendingBefore(shard, before, page?.cursor);
        const again = page.receipts.filter((receipt) => isOfferedAgain(receipt, at));
        await send(
          queues.translate,
          again.map(({ partition, id }) => ({ body: { receipt: { partition, id } } })),
        );
        here.again += again.length;
        here.waiting += page.receipts.filter(({ status }) => status === 'waiting').length;
        here.all += page.receipts.length;
      } while (page.cursor !== undefined);
      return here;
    });
    const sum = (of: 'again' | 'waiting' | 'all'): number => seen.reduce((total, shard) => total + shard[of], 0);
    measure('ReceiptsWaiting', sum('waiting'));
    measure('ReceiptsUntranslated', sum('all') - sum('waiting'));
    logger.info('receipts were offered again', { receipts: sum('again') });
  };

  const turnPage = async (page: PagerPage): Promise<void> => {
    const { streams, progress, next } = await turn(page);
    await project(streams);
    if (page.kind === 'engagement' && page.all !== true) measure('HeadsBehind', streams.length);
    if (next !== undefined) await send(queues.sweep, [{ body: { pager: next } }]);
    const { run, kind, shard } = page;
    if (progress.seen > 0) logger.info('the pager turned a page', { run, kind, shard, ...progress, over: !next });
  };

  const tick = async (said: Tick): Promise<void> => {
    switch (said.sweep) {
      case 'due':
        return await sendDue();
      case 'receipts':
        return await offerReceipts();
      case 'pager':
        return await start({
          ...(said.tenantId !== undefined && { tenantId: said.tenantId }),
          ...(said.all !== undefined && { all: said.all }),
        });
      case 'context':
        return await start({ tenantId: said.tenantId, changed: said.changed });
      default:
        return said satisfies never;
    }
  };

  /** The changes of a batch are one run a tenant: now, and once more when what was under way has been written. */
  const changeContext = async (events: readonly RecordedEvent[]): Promise<void> => {
    for (const change of contextChanges(events)) {
      await start(change);
      await send(queues.sweep, [{ body: { sweep: 'context', ...change }, delaySeconds: againSeconds }]);
    }
  };

  const eventIn = (said: unknown): RecordedEvent => {
    const envelope = Envelope.safeParse(said);
    if (!envelope.success) throw new Error('the message is no tick, no page and no recorded event');
    const parsed = parseRecorded(envelope.data.detail);
    if (!parsed.ok) throw new Error(`the recorded event is not understood: ${JSON.stringify(parsed.issues)}`);
    return parsed.value;
  };

  return async (event: unknown): Promise<SQSBatchResponse> => {
    const batch = Batch.safeParse(event);
    if (!batch.success) throw new Error('the event is not a batch of SQS messages', { cause: batch.error });
    const failed: string[] = [];
    const attempt = async (items: readonly string[], work: () => Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        failed.push(...items);
        logger.error('a message of the sweep failed', { messageIds: items, reason: reasonOf(error) });
      }
    };
    const context: { readonly item: string; readonly event: RecordedEvent }[] = [];
    for (const { messageId, body } of batch.data.Records) {
      await attempt([messageId], async () => {
        const said: unknown = JSON.parse(body);
        const page = Page.safeParse(said);
        if (page.success) return await turnPage(page.data.pager);
        const ticked = Tick.safeParse(said);
        if (ticked.success) return await tick(ticked.data);
        context.push({ item: messageId, event: eventIn(said) });
      });
    }
    await attempt(
      context.map(({ item }) => item),
      () => changeContext(context.map(({ event: recorded }) => recorded)),
    );
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
};
