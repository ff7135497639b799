// What does answer do with the messages of its queue?
// The answer function calls it; the steps read streams, write the table of answers, and send to answer's own queue.
import { type BatchHandlerSettings, createBatchHandler } from '../aws/batchHandler.ts';
import { bodyOf } from '../aws/batchRecords.ts';
import { oneByOne } from '../aws/batchWork.ts';
import { RunMessage, type Try } from './runSteps.ts';

type Delivered = Try & { readonly message: RunMessage };

export interface AnswerHandlerSettings extends Pick<BatchHandlerSettings<Delivered, never>, 'keepFailure' | 'logger'> {
  readonly step: (message: RunMessage, of: Try) => Promise<void>;
  /** How often the queue delivers a message. */
  readonly tries: number;
}

const messageIn = bodyOf(RunMessage, 'the message names no run in the form {"tenantId": "…", "run": "…", "chunk": …}');

/** The handler of answer's queue. Each message is a step of its own; a failed one comes again. */
export const createAnswerHandler = ({ step, tries, keepFailure, logger }: AnswerHandlerSettings) =>
  createBatchHandler<Delivered>({
    queue: {
      read: (record) => {
        const said = messageIn(record);
        if (!said.ok) return said;
        return { ok: true, item: { message: said.item, isLast: (record.receiveCount ?? 1) >= tries } };
      },
      about: ({ message }) => ({ eventId: `run:${message.run}` }),
      work: oneByOne(2, ({ message, isLast }) => step(message, { isLast })),
    },
    keepFailure,
    logger,
  });
