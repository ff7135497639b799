// Why did records of a batch fail? Each reason goes into the log and into the failures table, once for what it is about.
import type { Logger } from '@aws-lambda-powertools/logger';
import type { QueueRecord, StreamRecord } from './batchRecords.ts';
import { type KeepFailure, reasonOf } from './failureLog.ts';
import { inParallel } from './parallel.ts';

export interface FailedRecord<Record extends QueueRecord | StreamRecord = QueueRecord | StreamRecord> {
  readonly record: Record;
  readonly reason: string;
  /** Under which it is kept. */
  readonly eventId: string;
  readonly correlationId?: string | undefined;
}

export interface KeepReasonsSettings {
  readonly keepFailure: KeepFailure;
  readonly logger: Pick<Logger, 'error'>;
}

const keptAtOnce = 8;

export const isQueueRecord = (record: QueueRecord | StreamRecord): record is QueueRecord => 'body' in record;

/** Keeps them; never rejects, as the answer for the batch matters more: a reason that could not be kept is in the log. */
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
      logger.error('its reason could not be kept', { eventId, reason: reasonOf(error) });
    }
  });
};
