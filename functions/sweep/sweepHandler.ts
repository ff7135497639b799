// What does sweep do with the clock's ticks, a page, a change of context? It only finds who must work, and sends them word.
import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { parseRecorded, type RecordedEvent } from '../../events/catalog.ts';
import { parseStreamId } from '../../events/identifiers.ts';
import { addMilliseconds, epochOf } from '../../events/instant.ts';
import { reasonOf } from '../aws/failureLog.ts';
import type { Measure } from '../aws/metrics.ts';
import { inParallel } from '../aws/parallel.ts';
import type { SendMessages } from '../aws/sqs.ts';
import { pendingShards } from '../intake/receipt.ts';
import type { PendingPage, Receipts } from '../intake/receipts.ts';
import { isOfferedAgain, offerEveryMs } from '../intake/retrySchedule.ts';
import { contextChanges, customersOf } from './contextChange.ts';
import type { CustomerEngagements } from './customerEngagements.ts';
import { type createDueEngagements, dueShards } from './dueEngagements.ts';
import { type createRebuildPages, firstPage, RebuildPage, type RebuildStart, StreamsASecond } from './rebuildPages.ts';
import { asksFor, begunRun, type DeploymentMark, type RebuildRun, type RebuildRuns } from './rebuildRuns.ts';

const Batch = z.object({ Records: z.array(z.object({ messageId: z.string().min(1), body: z.string() })) });

const Tick = z.discriminatedUnion('sweep', [
  z.object({ sweep: z.literal('due') }),
  z.object({ sweep: z.literal('receipts') }),
  z.object({
    sweep: z.literal('pager'),
    /** The run's id, where a person wants to follow it. */
    run: z.string().min(1).optional(),
    tenantId: z.string().optional(),
    all: z.boolean().optional(),
    rate: StreamsASecond.optional(),
  }),
  /** Whether other code has computed the rows: then a run, as after a deployment. */
  z.object({ sweep: z.literal('deployment') }),
  /** A change of context, once more: what was written while its first run went by. */
  z.object({ sweep: z.literal('customer'), tenantId: z.string(), partyId: z.string() }),
  z.object({ sweep: z.literal('context'), tenantId: z.string(), changed: z.record(z.string(), z.number()) }),
]);
type Tick = Readonly<z.infer<typeof Tick>>;
const Page = z.object({ pager: RebuildPage });
const Envelope = z.object({ 'detail-type': z.string(), detail: z.unknown() });

export interface SweepHandlerSettings {
  readonly dueEngagements: ReturnType<typeof createDueEngagements>;
  readonly customerEngagements: CustomerEngagements;
  readonly receipts: Pick<Receipts, 'pendingBefore'>;
  readonly turn: ReturnType<typeof createRebuildPages>;
  readonly send: SendMessages;
  readonly queues: { readonly project: string; readonly translate: string; readonly sweep: string };
  readonly now: () => string;
  readonly newId: () => string;
  readonly runs: RebuildRuns;
  /** Which deployment this is. */
  readonly deployment: DeploymentMark;
  readonly measure: Measure;
  readonly logger: Pick<Logger, 'info' | 'error'>;
}

const againSeconds = 15 * 60;
/** With the streams of a page, the pager's rate. */
const pageEverySeconds = 1;

/** The handler of sweep's queue. Throws only where the event is no batch of SQS. */
export const createSweepHandler = (settings: SweepHandlerSettings) => {
  const {
    dueEngagements,
    customerEngagements,
    receipts,
    turn,
    send,
    queues,
    now,
    newId,
    runs,
    deployment,
    measure,
    logger,
  } = settings;

  const project = (streams: readonly string[]): Promise<void> =>
    send(
      queues.project,
      streams.map((stream) => ({ body: { stream } })),
    );

  const start = async (starting: RebuildStart): Promise<void> => {
    await send(queues.sweep, [{ body: { pager: firstPage(starting) } }]);
    logger.info('the pager starts', { ...starting });
  };

  /** A run over everything is recorded before it starts, for whoever watches it. */
  const startRecorded = async (
    why: RebuildRun['why'],
    { run = newId(), ...asked }: Partial<RebuildStart>,
  ): Promise<void> => {
    const at = now();
    await runs.put(begunRun(run, why, at));
    await start({ run, ...asked, recorded: { why, startedAt: at } });
  };

  /** The mark is set after the run has begun: cut off between, it begins once more. */
  const followDeployment = async (): Promise<void> => {
    const asked = asksFor(deployment, await runs.mark());
    if (asked === 'run') await startRecorded('deployment', {});
    if (asked !== 'nothing') await runs.setMark(deployment);
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

  const turnPage = async (page: RebuildPage): Promise<void> => {
    const { streams, progress, next } = await turn(page);
    await project(streams);
    if (page.all !== true) {
      const engagements = streams.filter((stream) => parseStreamId(stream).kind === 'engagement');
      measure('HeadsBehind', engagements.length);
    }
    if (next !== undefined) await send(queues.sweep, [{ body: { pager: next }, delaySeconds: pageEverySeconds }]);
    const { run, recorded } = page;
    const { seen, sent, share } = progress;
    const over = next === undefined;
    if (seen > 0) logger.info('the pager turned a page', { run, seen, sent, share, over });
    if (recorded === undefined) return;
    const record = runs.put({ run, ...recorded, at: now(), seen, sent, share, over });
    // The next page is on its way: to fail now would send it twice. It will say how far the run is.
    await (over
      ? record
      : record.catch((error: unknown) =>
          logger.error('a run’s progress was not kept', { run, reason: reasonOf(error) }),
        ));
  };

  const tick = async (said: Tick): Promise<void> => {
    switch (said.sweep) {
      case 'due':
        return await sendDue();
      case 'receipts':
        return await offerReceipts();
      case 'pager': {
        const { run, tenantId, all, rate } = said;
        return await startRecorded(run === undefined ? 'clock' : 'person', {
          ...(run !== undefined && { run }),
          ...(tenantId !== undefined && { tenantId }),
          ...(all !== undefined && { all }),
          ...(rate !== undefined && { rate }),
        });
      }
      case 'deployment':
        return await followDeployment();
      case 'customer':
        return await project(await customerEngagements(said.tenantId, said.partyId));
      case 'context':
        return await start({ run: newId(), tenantId: said.tenantId, changed: said.changed });
      default:
        return said satisfies never;
    }
  };

  /** The changes of a batch are one run a tenant, and one look a customer: now, and once more when what was under way has been written. */
  const changeContext = async (events: readonly RecordedEvent[]): Promise<void> => {
    for (const change of contextChanges(events)) {
      await start({ run: newId(), ...change });
      await send(queues.sweep, [{ body: { sweep: 'context', ...change }, delaySeconds: againSeconds }]);
    }
    for (const customer of customersOf(events)) {
      await project(await customerEngagements(customer.tenantId, customer.partyId));
      await send(queues.sweep, [{ body: { sweep: 'customer', ...customer }, delaySeconds: againSeconds }]);
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
