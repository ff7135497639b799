// What does sweep do with the messages of its queue?
// The sweep function calls it; its ticks read heads, receipts and runs, and send to the queues of project, rollup, translate and sweep.
import type { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { parseRecorded, type RecordedEvent } from '../../events/catalog.ts';
import { createBatchHandler } from '../aws/batchHandler.ts';
import { jsonIn, type QueueRecord, type Understood } from '../aws/batchRecords.ts';
import { asOne, byGroup } from '../aws/batchWork.ts';
import type { KeepFailure } from '../aws/failureLog.ts';
import { contextChanges, customersOf } from './contextChange.ts';
import { followContext } from './contextTick.ts';
import { followCustomer } from './customerTick.ts';
import { followOutage, outageChanges } from './outageTick.ts';
import { createStartRebuild, type RebuildStartSettings } from './rebuildStart.ts';
import { type SweepTicksSettings, sweepTicks } from './sweepTicks.ts';

/** What a message brings: the work of a tick, or a recorded event that changes a context. */
type Asked = { readonly work: () => Promise<void> } | { readonly event: RecordedEvent };

const Envelope = z.object({ 'detail-type': z.string(), detail: z.unknown() });

export interface SweepHandlerSettings
  extends Omit<SweepTicksSettings, 'startRebuild'>,
    Omit<RebuildStartSettings, 'runs'> {
  readonly keepFailure: KeepFailure;
  readonly logger: Pick<Logger, 'debug' | 'info' | 'error'>;
}

const eventIn = (said: unknown): Understood<Asked> => {
  const refuse = (what: string): Understood<Asked> => ({ ok: false, reason: `notUnderstood: the message is ${what}` });
  const envelope = Envelope.safeParse(said);
  if (!envelope.success) return refuse('neither for a tick of sweep nor a recorded event');
  const parsed = parseRecorded(envelope.data.detail);
  return parsed.ok
    ? { ok: true, item: { event: parsed.value } }
    : refuse(`not a valid recorded event: ${JSON.stringify(parsed.issues)}`);
};

/** The handler of sweep's queue. */
export const createSweepHandler = (settings: SweepHandlerSettings) => {
  const { keepFailure, logger } = settings;
  const startRebuild = createStartRebuild(settings);
  const ticks = sweepTicks({ ...settings, startRebuild });

  const read = ({ body }: QueueRecord): Understood<Asked> => {
    const said = jsonIn(body);
    const [work] = ticks.flatMap((tick) => tick.workFor(said) ?? []);
    return work === undefined ? eventIn(said) : { ok: true, item: { work } };
  };

  /** The events of a batch make one rebuild per tenant, and one query per customer and per connection. */
  const changeContext = async (events: readonly RecordedEvent[]): Promise<void> => {
    for (const change of contextChanges(events)) await followContext(change, { ...settings, startRebuild });
    for (const customer of customersOf(events)) await followCustomer(customer, settings);
    for (const outage of outageChanges(events)) await followOutage(outage, settings);
  };

  return createBatchHandler<Asked>({
    queue: {
      read,
      work: byGroup<Asked>({
        keyOf: (asked) => ('event' in asked ? 'events' : asked),
        atOnce: 1,
        work: asOne(async (group) => {
          for (const asked of group) if ('work' in asked) await asked.work();
          await changeContext(group.flatMap((asked) => ('event' in asked ? [asked.event] : [])));
        }),
      }),
    },
    keepFailure,
    logger,
  });
};
