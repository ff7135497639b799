// How are many messages sent to a queue, each in the group of its tenant, with a retry of those that fail?
// Functions that send to a queue call it; it sends to the queue that they name.
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { backOff } from './backOff.ts';
import { groupOf } from './messageGroup.ts';
import { inParallel } from './parallel.ts';

export interface QueueMessage {
  readonly body: unknown;
  /** The tenant whose work it is; undefined: work over all tenants. */
  readonly tenantId: string | undefined;
  readonly delaySeconds?: number;
}

/** Sends messages with their bodies as JSON. Throws where one can't be sent; others may have been sent then. */
export type SendMessages = (queueUrl: string, messages: readonly QueueMessage[]) => Promise<void>;

export interface SqsSenderSettings {
  readonly client: SQSClient;
  readonly random: () => number;
}

const callMessages = 10;
const batchesAtOnce = 8;
const tries = 4;

export const createSqsSender = ({ client, random }: SqsSenderSettings): SendMessages => {
  const attempt = async (queueUrl: string, messages: readonly QueueMessage[]): Promise<readonly QueueMessage[]> => {
    const answer = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: messages.map(({ body, tenantId, delaySeconds }, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify(body),
          MessageGroupId: groupOf(tenantId),
          ...(delaySeconds !== undefined && { DelaySeconds: delaySeconds }),
        })),
      }),
    );
    const sent = new Set(answer.Successful?.map(({ Id }) => Id));
    return messages.filter((_, index) => !sent.has(String(index)));
  };

  const send = async (queueUrl: string, messages: readonly QueueMessage[]): Promise<void> => {
    let unsent = await attempt(queueUrl, messages);
    for (let again = 1; again < tries && unsent.length > 0; again += 1) {
      await backOff(again, random);
      unsent = await attempt(queueUrl, unsent);
    }
    if (unsent.length > 0) throw new Error(`${unsent.length} messages could not be sent to ${queueUrl}`);
  };

  return async (queueUrl, messages) => {
    const calls: (readonly QueueMessage[])[] = [];
    for (let start = 0; start < messages.length; start += callMessages) {
      calls.push(messages.slice(start, start + callMessages));
    }
    await inParallel(calls, batchesAtOnce, (call) => send(queueUrl, call));
  };
};
