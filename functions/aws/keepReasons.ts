// How are the reasons of a batch's failed records logged and stored, once per event?
// The batch handler calls it; it writes the failures table and the log.
import type { Logger } from '@aws-lambda-powertools/logger';
import type { QueueRecord, StreamRecord } from './batchRecords.ts';
import { type KeepFailure, reasonOf } from './failureLog.ts';
import { inParallel } from './parallel.ts';

export interface FailedRecord<Record extends QueueRecord | StreamRecord = QueueRecord | StreamRecord> {
  readonly record: Record;
  readonly reason: string;
  /** The id under which the reason is stored. */
  readonly eventId: string;
  readonly correlationId?: string | undefined;
}

export interface KeepReasonsSettings {
  readonly keepFailure: KeepFailure;
  readonly logger: Pick<Logger, 'error'>;
}

const keptAtOnce = 8;

export const isQueueRecord = (record: QueueRecord | StreamRecord): record is QueueRecord => 'body' in record;

/** Stores the reasons. It never rejects, so that the batch still gets its answer; a reason that could not be stored is in the log. */
export const keepReasons = async (
  failed: readonly FailedRecord[],
  { keepFailure, logger }: KeepReasonsSettings,
): Promise<void> => {
  const once = new Map(failed.map((each) => [`${each.eventId} ${each.reason}`, each]));
  await inParallel([...once.values()], keptAtOnce, async ({ record, reason, eventId, correlationId }) => {
    const ofQueue = isQueueRecord(record);
    const message = ofQueue ? { messageId: record.id, receiveCount: record.receiveCount } : {};
    const place = ofQueue ? message : { sequenceNumber: record.id };
    logger.error('a record failed', { eventId, correlation_id: correlationId, ...place, reason });
    try {
      await keepFailure({ eventId, reason, ...message });
    } catch (error) {
      logger.error('the reason could not be stored', { eventId, reason: reasonOf(error) });
    }
  });
};
