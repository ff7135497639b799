// By which names does an operator's command find the queues of a stack? An output for each: of work, and in which messages end.
import type { Construct } from 'constructs';
import { DeadLetters } from '../constructs/deadLetters.ts';
import { WorkQueue } from '../constructs/workQueue.ts';

/** `relay-stream-failures` as an output may be called: `RelayStreamFailures`. */
const outputOf = (name: string): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/**
 * `SellQueue` for each queue of work, and for each queue in which messages end the name of its alarm:
 * `SellDeadLetters`, `RelayStreamFailures`.
 */
export const queueOutputs = (stack: Construct): Readonly<Record<string, string>> =>
  Object.fromEntries(
    stack.node.findAll().flatMap((part) => {
      if (part instanceof WorkQueue) return [[`${outputOf(part.consumer)}Queue`, part.queue.queueUrl]];
      return part instanceof DeadLetters ? [[outputOf(part.name), part.queue.queueUrl]] : [];
    }),
  );
