// What does a stage do with a batch of its queue?
// `stageFunction.ts` calls it; it appends to the events table and writes the failures table.
import type { Owner } from '../../domain/lifecycle.ts';
import type { Fact } from '../../events/catalog.ts';
import { type BatchHandlerSettings, createBatchHandler } from '../aws/batchHandler.ts';
import { byGroup, type NotDone } from '../aws/batchWork.ts';
import type { Recorded, RecordFacts } from './recordFacts.ts';
import { understandMessage } from './stageMessage.ts';

export interface StageHandlerSettings extends Pick<BatchHandlerSettings<Fact, never>, 'keepFailure' | 'logger'> {
  readonly owner: Owner;
  readonly recordFacts: RecordFacts;
}

const streamsAtOnce = 8;

const notDone = (recorded: Recorded | undefined): NotDone | undefined => {
  if (recorded === undefined) return { reason: 'unanswered: recordFacts returned no result for the fact' };
  return recorded.outcome === 'refused' ? { reason: `${recorded.reason}: ${recorded.detail}` } : undefined;
};

/**
 * The handler of a stage's queue, and of control's queue. A batch is one commit per stream, but each message succeeds or fails
 * alone. A message that fails is retried, and at last goes to the dead-letter queue; each time the reason is stored under the
 * event's id.
 */
export const createStageHandler = ({ owner, recordFacts, keepFailure, logger }: StageHandlerSettings) => {
  const recordStream = async (facts: readonly Fact[]): Promise<readonly (NotDone | undefined)[]> => {
    const [first] = facts;
    const recorded = first === undefined ? [] : await recordFacts(first.streamId, facts);
    return facts.map((_, index) => notDone(recorded[index]));
  };
  return createBatchHandler({
    queue: {
      read: ({ body }) => understandMessage(owner, body),
      about: ({ eventId, correlationId }) => ({ eventId, correlationId }),
      work: byGroup<Fact>({
        keyOf: ({ streamId }) => streamId,
        tenantOf: ({ tenantId }) => tenantId,
        atOnce: streamsAtOnce,
        work: recordStream,
      }),
    },
    keepFailure,
    logger,
  });
};
