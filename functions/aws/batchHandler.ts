// How does a function answer a batch of a queue or of a table's stream, where some records fail?
// The handlers of all batch functions are made with it; it writes the failures table and the log.
import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse } from 'aws-lambda';
import { batchIn, type QueueRecord, type StreamRecord, type Understood } from './batchRecords.ts';
import { attempted, type Work } from './batchWork.ts';
import { type KeepFailure, reasonOf } from './failureLog.ts';
import { type FailedRecord, isQueueRecord, keepReasons } from './keepReasons.ts';

/** The id under which an item's failure is stored, and the correlation id for the log. */
export interface About {
  readonly eventId: string;
  readonly correlationId?: string | undefined;
}

/** How a function works off the records of a source. */
export interface Taking<Record, Item> {
  /**
   * Reads what a record asks for: one thing, or several. Pure; what it does not understand fails alone. The record fails where one of
   * its things does.
   */
  readonly read: (record: Record) => Understood<Item> | readonly Understood<Item>[];
  readonly work: Work<Item>;
  /** Absent: only the record's own id is known. */
  readonly about?: (item: Item) => About;
}

export interface TakingOfStream<Item> extends Taking<StreamRecord, Item> {
  /**
   * Sends failed records to the function's own queue, which retries them, so that the stream goes on without them. Throws
   * where it can't.
   */
  readonly setAside: (records: readonly StreamRecord[]) => Promise<void>;
}

export interface BatchHandlerSettings<OfQueue, OfStream> {
  readonly queue?: Taking<QueueRecord, OfQueue>;
  readonly stream?: TakingOfStream<OfStream>;
  readonly keepFailure: KeepFailure;
  readonly logger: Pick<Logger, 'debug' | 'error'>;
}

/** Where `read` throws, its record is not understood; the other records go on. */
const readSafely = <Record, Item>(read: Taking<Record, Item>['read'], record: Record): readonly Understood<Item>[] => {
  try {
    const understood = read(record);
    return 'ok' in understood ? [understood] : understood;
  } catch (error) {
    return [{ ok: false, reason: `notUnderstood: ${reasonOf(error)}` }];
  }
};

const ownId = (record: QueueRecord | StreamRecord): string =>
  isQueueRecord(record) ? record.id : `sequence:${record.id}`;

/** Does the work of a batch; returns the failed records, first those that were not understood. */
const workOff = async <Record extends QueueRecord | StreamRecord, Item>(
  { read, work, about }: Taking<Record, Item>,
  records: readonly Record[],
): Promise<readonly FailedRecord<Record>[]> => {
  const failed: FailedRecord<Record>[] = [];
  const taken: { readonly record: Record; readonly item: Item }[] = [];
  for (const record of records) {
    for (const understood of readSafely(read, record)) {
      if (understood.ok) taken.push({ record, item: understood.item });
      else failed.push({ record, reason: understood.reason, eventId: understood.eventId ?? ownId(record) });
    }
  }
  if (taken.length === 0) return failed;
  const items = taken.map(({ item }) => item);
  for (const [index, notDone] of (await attempted(items, work)).entries()) {
    const of = taken[index];
    if (notDone === undefined || of === undefined) continue;
    const said = about?.(of.item);
    const eventId = notDone.eventId ?? said?.eventId ?? ownId(of.record);
    failed.push({ record: of.record, reason: notDone.reason, eventId, correlationId: said?.correlationId });
  }
  return failed;
};

/**
 * Creates a handler of batches, which the middleware wraps. For a queue, the answer names every failed message, and Lambda
 * delivers those again. For a stream, failed records go to the function's own queue. Where that fails, the answer names the
 * lowest failed record, and Lambda delivers the batch again from there. Throws where the event is not a batch of a source that
 * the function reads.
 */
export const createBatchHandler = <OfQueue = never, OfStream = never>({
  queue,
  stream,
  keepFailure,
  logger,
}: BatchHandlerSettings<OfQueue, OfStream>) => {
  const takeQueue = async (taking: Taking<QueueRecord, OfQueue>, records: readonly QueueRecord[]) => {
    const failed = await workOff(taking, records);
    await keepReasons(failed, { keepFailure, logger });
    return [...new Set(failed.map(({ record }) => record))];
  };

  const takeStream = async ({ setAside, ...taking }: TakingOfStream<OfStream>, records: readonly StreamRecord[]) => {
    const failed = await workOff(taking, records);
    await keepReasons(failed, { keepFailure, logger });
    if (failed.length === 0) return [];
    const notDone = new Set(failed.map(({ record }) => record));
    const again = records.filter((record) => notDone.has(record));
    try {
      await setAside(again);
      return [];
    } catch (error) {
      logger.error('failed records could not be sent to the queue', { records: again.length, reason: reasonOf(error) });
      return again.slice(0, 1);
    }
  };

  const take = async (event: unknown): Promise<readonly { readonly id: string }[]> => {
    const batch = batchIn(event);
    if (batch?.from === 'queue' && queue !== undefined) return await takeQueue(queue, batch.records);
    if (batch?.from === 'stream' && stream !== undefined) return await takeStream(stream, batch.records);
    if (batch?.records.length === 0) return [];
    const ofStream = 'a batch of a table stream';
    const ofQueue = 'a batch of SQS messages';
    if (stream === undefined) throw new Error(`the event is not ${ofQueue}`);
    throw new Error(
      queue === undefined ? `the event is not ${ofStream}` : `the event is neither ${ofStream} nor ${ofQueue}`,
    );
  };

  return async (event: unknown): Promise<SQSBatchResponse> => {
    const again = await take(event);
    logger.debug('a batch is done', { again: again.length });
    return { batchItemFailures: again.map(({ id }) => ({ itemIdentifier: id })) };
  };
};
