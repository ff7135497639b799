// In which queues do messages end, and where did each of them come from? As the outputs of the stack name them.
import { refuse } from '../local/core/refusal.ts';
import type { Target } from './target.ts';

/** Where messages of a queue go back to, and in which form. */
export type Origin =
  /** The queue of work that gave them up, or that a rule could not reach: as they are. */
  | { readonly kind: 'queue'; readonly name: string; readonly url: string }
  /** The bus, on which nobody owned them. */
  | { readonly kind: 'bus'; readonly name: string }
  /** A stream's batch, of which only the place is known: what it held is asked for again, by its function's queue. */
  | { readonly kind: 'commits' | 'streams' | 'receipts' | 'groups'; readonly name: string; readonly url: string }
  /** Nowhere: a person reads them. */
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

/** Every queue of the stack in which messages end. */
export const deadLetterQueues = ({ outputs }: Target): readonly DeadLetterQueue[] =>
  Object.entries(outputs)
    .filter(([name, value]) => isQueueUrl(value) && !name.endsWith('Queue'))
    .map(([name, url]): DeadLetterQueue => ({ name, url, origin: originOf(name, outputs) ?? { kind: 'nobody' } }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));

const spelled = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** The queue that a person names: by its output, by its own name, or by its alarm's, however spelled. */
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
