// How does an operator's command find the queues of a stack? Each work queue and each dead-letter queue has an output.
import type { Construct } from 'constructs';
import { DeadLetters } from '../constructs/deadLetters.ts';
import { WorkQueue } from '../constructs/workQueue.ts';

/** The name of an output for `relay-stream-failures`: `RelayStreamFailures`. */
const outputOf = (name: string): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/**
 * `SellQueue` for each work queue; for each dead-letter queue, the name of its alarm:
 * `SellDeadLetters`, `RelayStreamFailures`.
 */
export const queueOutputs = (stack: Construct): Readonly<Record<string, string>> =>
  Object.fromEntries(
    stack.node.findAll().flatMap((part) => {
      if (part instanceof WorkQueue) return [[`${outputOf(part.consumer)}Queue`, part.queue.queueUrl]];
      return part instanceof DeadLetters ? [[outputOf(part.name), part.queue.queueUrl]] : [];
    }),
  );
