// How many messages wait in the queues of the functions?
// Health and freshness call it; it asks SQS for the attributes of each queue, at most once in five seconds.
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { epochOf, type Instant } from '../../events/instant.ts';

/** What waits for a function. SQS counts approximately. */
export interface QueueDepth {
  /** The function that reads the queue. */
  readonly queue: string;
  /** Messages that wait, those that are delayed included. */
  readonly waiting: number;
  /** Messages that are being worked on, or that wait for their next delivery after a failure. */
  readonly inFlight: number;
  /** Messages that failed five times. */
  readonly dead: number;
}

export type QueueDepths = (now: Instant) => Promise<readonly QueueDepth[]>;

export interface QueueDepthsSettings {
  readonly client: SQSClient;
  /** The URL of any queue of the stack; all others differ in their last part alone. */
  readonly oneQueueUrl: string;
  /** `function=queue` for each work queue, separated by commas. */
  readonly workQueues: string;
}

const keptMs = 5_000;
const counts = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

const Redrive = z.object({ deadLetterTargetArn: z.string() });

export const createQueueDepths = ({ client, oneQueueUrl, workQueues }: QueueDepthsSettings): QueueDepths => {
  const base = oneQueueUrl.slice(0, oneQueueUrl.lastIndexOf('/') + 1);
  const named = workQueues.split(',').map((each) => each.split('='));
  let kept: { readonly until: number; readonly depths: Promise<readonly QueueDepth[]> } | undefined;

  const ask = async (name: string) => {
    const AttributeNames = [...counts, 'RedrivePolicy' as const];
    const answer = await client.send(new GetQueueAttributesCommand({ QueueUrl: `${base}${name}`, AttributeNames }));
    const [visible = 0, inFlight = 0, delayed = 0] = counts.map((count) => Number(answer.Attributes?.[count] ?? 0));
    return { visible, inFlight, delayed, redrive: answer.Attributes?.RedrivePolicy };
  };

  /** The dead-letter queue of each queue, once its first answer has named it: from then on both are asked at once. */
  const deadLettersOf = new Map<string, string>();

  const deadIn = async (name: string | undefined): Promise<number> =>
    name === undefined ? 0 : (await ask(name)).visible;

  const depthOf = async (queue: string, name: string): Promise<QueueDepth> => {
    const known = deadLettersOf.get(name);
    const [{ visible, inFlight, delayed, redrive }, deadNow] = await Promise.all([ask(name), deadIn(known)]);
    const policy = redrive === undefined ? undefined : Redrive.parse(JSON.parse(redrive));
    const named = policy?.deadLetterTargetArn.split(':').at(-1);
    if (named !== undefined) deadLettersOf.set(name, named);
    return { queue, waiting: visible + delayed, inFlight, dead: named === known ? deadNow : await deadIn(named) };
  };

  return async (now) => {
    const at = epochOf(now);
    if (kept === undefined || at >= kept.until) {
      const depths = Promise.all(named.map(([queue = '', name = '']) => depthOf(queue, name)));
      kept = { until: at + keptMs, depths };
      // A failure is not kept: the next request asks again.
      depths.catch(() => {
        kept = undefined;
      });
    }
    return await kept.depths;
  };
};
