// By which names does an operator's command find the queues of a stack? An output for each: of work, and in which messages end.
import type { Construct } from 'constructs';
import { DeadLetters } from './deadLetters.ts';
import { WorkQueue } from './workQueue.ts';

/** `Sell` for the queue of work below `Sell`, and so on. */
const ownerOf = (part: Construct): string => part.node.scope?.node.id ?? '';

/**
 * `SellQueue` and `SellDeadLetters` for each queue of work and its dead letters; for other queues in which messages end,
 * whose they are and what they hold: `RelayStreamFailures`.
 */
export const queueOutputs = (stack: Construct): Readonly<Record<string, string>> =>
  Object.fromEntries(
    stack.node.findAll().flatMap((part) => {
      if (part instanceof WorkQueue) {
        const owner = ownerOf(part);
        return [
          [`${owner}Queue`, part.queue.queueUrl],
          [`${owner}DeadLetters`, part.deadLetters.queue.queueUrl],
        ];
      }
      if (!(part instanceof DeadLetters) || part.node.scope instanceof WorkQueue) return [];
      return [[`${ownerOf(part)}${part.node.id}`, part.queue.queueUrl]];
    }),
  );
