// Which dead-letter queues does a stack have, and where did the messages of each come from? The outputs of the stack name them.
import { refuse } from '../../local/core/refusal.ts';
import type { Target } from '../target.ts';

/** Where redrive sends the messages of a dead-letter queue, and in which form. */
export type Origin =
  /** To the work queue that gave them up, or that a rule could not reach; the messages stay as they are. */
  | { readonly kind: 'queue'; readonly name: string; readonly url: string }
  /** To the bus, where no stage owned them. */
  | { readonly kind: 'bus'; readonly name: string }
  /** A stream's batch: the message says only where the batch stood, so its content is requested again through the function's queue. */
  | { readonly kind: 'commits' | 'streams' | 'receipts' | 'groups'; readonly name: string; readonly url: string }
  /** Nowhere: only a person reads them. */
  | { readonly kind: 'nobody' };

export interface DeadLetterQueue {
  /** The output's name, without the stack's: `SellDeadLetters`. */
  readonly name: string;
  readonly url: string;
  readonly origin: Origin;
}

const streamKinds = { Relay: 'commits', Project: 'streams', Translate: 'receipts', Rollup: 'groups' } as const;

function originOf(name: string, outputs: Target['outputs']): Origin | undefined {
  const [, owner] = /^(\w+)DeadLetters$/.exec(name) ?? [];
  const queueOf = (whose: string) => ({ name: `${whose}Queue`, url: outputs[`${whose}Queue`] ?? '' });
  if (owner !== undefined) return { kind: 'queue', ...queueOf(owner) };
  for (const [whose, kind] of Object.entries(streamKinds)) {
    if (name === `${whose}StreamFailures`) return { kind, ...queueOf(whose) };
  }
  if (name === 'UnownedFacts') return { kind: 'bus', name: 'bus' };
  return undefined;
}

const isQueueUrl = (value: string): boolean => /^https?:\/\/[^/]+\/\d{12}\/[^/]+$/.test(value);

/** Every dead-letter queue of the stack. */
export const deadLetterQueues = ({ outputs }: Target): readonly DeadLetterQueue[] =>
  Object.entries(outputs)
    .filter(([name, value]) => isQueueUrl(value) && !name.endsWith('Queue'))
    .map(([name, url]): DeadLetterQueue => ({ name, url, origin: originOf(name, outputs) ?? { kind: 'nobody' } }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));

const spelled = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** The queue that a person names: by its output, its own name or its alarm's name, in any spelling. */
export function deadLetterQueueNamed(name: string, queues: readonly DeadLetterQueue[]): DeadLetterQueue {
  const wanted = spelled(name);
  const found = queues.filter((queue) => {
    const own = queue.url.split('/').at(-1) ?? '';
    return [queue.name, own].some((known) => spelled(known) === wanted) || wanted.endsWith(spelled(queue.name));
  });
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0 && wanted !== '') return only;
  const names = queues.map((queue) => queue.name).join(', ');
  return refuse(`There is no dead-letter queue "${name}"; there are ${names}.`);
}
