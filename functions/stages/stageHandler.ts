// What does a stage do with a batch of its queue?
// `stageFunction.ts` calls it; it reads and appends to the events table, and writes the failures table.
import type { Logger } from '@aws-lambda-powertools/logger';
import type { Owner } from '../../domain/lifecycle.ts';
import { partiesNamed } from '../../domain/stages/partyNamed.ts';
import type { Fact } from '../../events/catalog.ts';
import { type BatchHandlerSettings, createBatchHandler } from '../aws/batchHandler.ts';
import { byGroup, type NotDone } from '../aws/batchWork.ts';
import { reasonOf } from '../aws/failureLog.ts';
import type { ReadAhead } from './readAhead.ts';
import type { Recorded, RecordFacts } from './recordFacts.ts';
import { understandMessage } from './stageMessage.ts';

export interface StageHandlerSettings extends Pick<BatchHandlerSettings<Fact, never>, 'keepFailure'> {
  readonly owner: Owner;
  readonly recordFacts: RecordFacts;
  /** Absent: each stream is read by itself. */
  readonly readAhead?: ReadAhead;
  readonly logger: Pick<Logger, 'debug' | 'error'>;
}

const streamsAtOnce = 16;

const notDone = (recorded: Recorded | undefined): NotDone | undefined => {
  if (recorded === undefined) return { reason: 'unanswered: recordFacts returned no result for the fact' };
  return recorded.outcome === 'refused' ? { reason: `${recorded.reason}: ${recorded.detail}` } : undefined;
};

/**
 * The handler of a stage's queue, and of control's queue. A batch is one commit per stream, but each fact succeeds or fails
 * alone. A message of which a fact fails is retried, and at last goes to the dead-letter queue; each time the reason is stored
 * under the event's id. The other facts of such a message are recorded, and add nothing when it comes again.
 */
export const createStageHandler = (settings: StageHandlerSettings) => {
  const { owner, recordFacts, readAhead = async () => undefined, keepFailure, logger } = settings;

  const recordStream = async (facts: readonly Fact[]): Promise<readonly (NotDone | undefined)[]> => {
    const [first] = facts;
    const recorded = first === undefined ? [] : await recordFacts(first.streamId, facts);
    return facts.map((_, index) => notDone(recorded[index]));
  };

  const recordStreams = byGroup<Fact>({
    keyOf: ({ streamId }) => streamId,
    tenantOf: ({ tenantId }) => tenantId,
    atOnce: streamsAtOnce,
    work: recordStream,
  });

  return createBatchHandler({
    queue: {
      read: ({ body }) => understandMessage(owner, body),
      about: ({ eventId, correlationId }) => ({ eventId, correlationId }),
      work: async (facts) => {
        try {
          await readAhead([...facts, ...partiesNamed(facts)]);
        } catch (error) {
          // One stream may be the cause, and must not fail the others.
          logger.error('the streams of a batch could not be read together', { reason: reasonOf(error) });
        }
        return await recordStreams(facts);
      },
    },
    keepFailure,
    logger,
  });
};
