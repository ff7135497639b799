// Which dead letters are there only because the clock jumped past the greatest age of a stream's records?
// The seeds call it after a run, as an operator would; it reads the queues, and takes these messages out.
import * as z from 'zod';
import type { Runtime } from '../local/runtime.ts';

const AgedOut = z.object({ requestContext: z.object({ condition: z.literal('RecordAgeExceeded') }) });

/**
 * Takes such messages out of the queues from which no function takes. Their receipts are pending still, and sweep must offer them
 * again: the end state shows whether it did.
 */
export const takeAgedOut = ({ plan, queueStore }: Pick<Runtime, 'plan' | 'queueStore'>): void => {
  const taken = new Set(plan.queueMappings.map(({ queue }) => queue));
  const deadLetters = new Set(plan.streamMappings.flatMap(({ onFailureQueue }) => onFailureQueue ?? []));
  for (const queue of deadLetters.difference(taken)) {
    const messages = queueStore.receive(queue, queueStore.counts(queue).visible);
    const [aged, others] = [true, false].map((isAged) =>
      messages
        .filter(({ body }) => AgedOut.safeParse(JSON.parse(body)).success === isAged)
        .map(({ receiptHandle }) => receiptHandle),
    );
    queueStore.delete(queue, aged ?? []);
    queueStore.release(queue, others ?? []);
  }
};
