// What does answer do with the messages of its queue?
// The answer function calls it; the steps read streams, write the table of answers, and send to answer's own queue.
import { type BatchHandlerSettings, createBatchHandler } from '../aws/batchHandler.ts';
import { bodyOf } from '../aws/batchRecords.ts';
import { oneByOne } from '../aws/batchWork.ts';
import { RunMessage } from './runSteps.ts';

export interface AnswerHandlerSettings extends Pick<BatchHandlerSettings<RunMessage, never>, 'keepFailure' | 'logger'> {
  readonly step: (message: RunMessage) => Promise<void>;
}

/** The handler of answer's queue. Each message is a step of its own; a failed one comes again. */
export const createAnswerHandler = ({ step, keepFailure, logger }: AnswerHandlerSettings) =>
  createBatchHandler<RunMessage>({
    queue: {
      read: bodyOf(RunMessage, 'the message names no run in the form {"tenantId": "…", "run": "…", "chunk": …}'),
      about: ({ run }) => ({ eventId: `run:${run}` }),
      work: oneByOne(2, step),
    },
    keepFailure,
    logger,
  });
