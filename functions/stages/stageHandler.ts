// What does a stage do with a batch of its queue? One commit a stream, and an answer item by item.
import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import type { Owner } from '../../domain/lifecycle.ts';
import type { Fact } from '../../events/catalog.ts';
import { type KeepFailure, reasonOf } from '../aws/failureLog.ts';
import { inParallel } from '../aws/parallel.ts';
import type { Recorded, RecordFacts } from './recordFacts.ts';
import { understandMessage } from './stageMessage.ts';

const Batch = z.object({
  Records: z.array(
    z.object({
      messageId: z.string().min(1),
      body: z.string(),
      attributes: z.object({ ApproximateReceiveCount: z.coerce.number().optional() }).optional(),
    }),
  ),
});
type Message = z.infer<typeof Batch>['Records'][number];

export interface StageHandlerSettings {
  readonly owner: Owner;
  readonly recordFacts: RecordFacts;
  readonly keepFailure: KeepFailure;
  readonly logger: Pick<Logger, 'debug' | 'error'>;
}

interface Asked {
  readonly message: Message;
  readonly fact: Fact;
}

interface Failed {
  readonly message: Message;
  readonly reason: string;
  readonly eventId?: string | undefined;
  readonly correlationId?: string | undefined;
}

const streamsAtOnce = 8;

/**
 * The handler of a stage's queue, and of control's. A message that fails comes again and ends in the dead-letter queue; why is
 * kept each time. Throws only where the event is no batch of SQS.
 */
export const createStageHandler = ({ owner, recordFacts, keepFailure, logger }: StageHandlerSettings) => {
  const recordStream = async (asked: readonly Asked[]): Promise<readonly Failed[]> => {
    const failed = ({ message, fact }: Asked, reason: string): Failed => ({
      message,
      reason,
      eventId: fact.eventId,
      correlationId: fact.correlationId,
    });
    const [first] = asked;
    if (first === undefined) return [];
    let recorded: readonly Recorded[];
    try {
      recorded = await recordFacts(
        first.fact.streamId,
        asked.map(({ fact }) => fact),
      );
    } catch (error) {
      return asked.map((each) => failed(each, reasonOf(error)));
    }
    return asked.flatMap((each, index) => {
      const answer = recorded[index];
      if (answer === undefined) return [failed(each, 'unanswered: recordFacts gave no answer for the fact')];
      return answer.outcome === 'refused' ? [failed(each, `${answer.reason}: ${answer.detail}`)] : [];
    });
  };

  const keep = async ({ message, reason, eventId, correlationId }: Failed): Promise<void> => {
    const { messageId, attributes } = message;
    const receiveCount = attributes?.ApproximateReceiveCount;
    logger.error('a message failed', { eventId, correlation_id: correlationId, messageId, receiveCount, reason });
    try {
      await keepFailure({ eventId: eventId ?? messageId, reason, messageId, receiveCount });
    } catch (error) {
      // The answer to the queue matters more: a reason that could not be kept is in the log.
      logger.error('its reason could not be kept', { eventId, messageId, reason: reasonOf(error) });
    }
  };

  return async (event: unknown): Promise<SQSBatchResponse> => {
    const batch = Batch.safeParse(event);
    if (!batch.success) throw new Error('the event is not a batch of SQS messages', { cause: batch.error });
    const asked: Asked[] = [];
    const failed: Failed[] = [];
    for (const message of batch.data.Records) {
      const understood = understandMessage(owner, message.body);
      if (understood.ok) asked.push({ message, fact: understood.fact });
      else failed.push({ message, reason: understood.reason, eventId: understood.eventId });
    }
    const streams = [...Map.groupBy(asked, ({ fact }) => fact.streamId).values()];
    failed.push(...(await inParallel(streams, streamsAtOnce, recordStream)).flat());
    await inParallel(failed, streamsAtOnce, keep);
    logger.debug('a batch was decided', {
      messages: batch.data.Records.length,
      streams: streams.length,
      failed: failed.length,
      correlation_id: asked[0]?.fact.correlationId,
    });
    return { batchItemFailures: failed.map(({ message }) => ({ itemIdentifier: message.messageId })) };
  };
};
