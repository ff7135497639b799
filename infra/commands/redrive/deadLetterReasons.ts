// What is in the dead-letter queues, since when, and why? A count for each queue, and the reason that was stored for its oldest message.
// `npm run redrive -- --list` calls it; it looks into the queues, deletes nothing there, and reads the failures table.
import { type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Target } from '../target.ts';
import { type DeadLetterQueue, deadLetterQueues } from './deadLetterQueues.ts';
import { StreamFailure } from './redriveMessage.ts';

export interface DeadLetters {
  readonly queue: DeadLetterQueue;
  readonly messages: number;
  /** When the oldest message was sent, of the ten at most that were looked at; absent where the queue is empty. */
  readonly since?: string;
  /** The reason that the function stored; absent where it stored none. */
  readonly reason?: string;
}

const Body = z.union([
  StreamFailure,
  z.object({ detail: z.object({ facts: z.array(z.object({ eventId: z.string() })) }) }),
  z.object({ detail: z.object({ eventId: z.string() }) }),
  z.object({ stream: z.string() }),
  z.object({ receipt: z.object({ id: z.string() }) }),
]);

interface Message {
  readonly messageId: string;
  readonly body: string;
  readonly sentAt: number;
}

/** Looks at messages without removing them. */
async function peek(sqs: SQSClient, url: string): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['SentTimestamp'],
    }),
  );
  return Messages.map(({ MessageId = '', Body: body = '', Attributes }) => ({
    messageId: MessageId,
    body,
    sentAt: Number(Attributes?.SentTimestamp ?? 0),
  }));
}

const parsedBody = (body: string): z.infer<typeof Body> | undefined => {
  try {
    return Body.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
};

const Events = z.array(z.object({ eventId: z.string() }));

/** The ids under which a function may have stored the reason: event id, stream, message id. */
async function idsOf(site: Target, { messageId, body }: Message): Promise<readonly string[]> {
  const said = parsedBody(body);
  if (said === undefined) return [messageId];
  if ('detail' in said) {
    const { detail } = said;
    // Of a pack of facts only those that failed have a reason.
    return [...('facts' in detail ? detail.facts.map(({ eventId }) => eventId) : [detail.eventId]), messageId];
  }
  // Project and relay may both have stored a reason for one stream. Relay stores its own under the message id.
  if ('stream' in said) return [messageId, said.stream];
  if ('receipt' in said) return [said.receipt.id, messageId];
  const [first] = said.streamKeys ?? [];
  const sequence = `sequence:${said.DDBStreamBatchInfo.startSequenceNumber}`;
  if (first === undefined) return [sequence];
  if ('id' in first) return [first.id.S, sequence];
  if ('fed' in first) return [first.fed.S, sequence];
  const { Item } = await site.dynamo.send(
    new GetItemCommand({
      TableName: site.output('EventsTable'),
      Key: { stream: first.stream, version: { N: String(first.version.N) } },
    }),
  );
  const events = Item?.events?.S === undefined ? [] : Events.parse(JSON.parse(Item.events.S));
  return [...events.map(({ eventId }) => eventId), first.stream.S, sequence];
}

async function reasonUnder(client: DynamoDBClient, table: string, id: string): Promise<string | undefined> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'eventId = :id',
      ExpressionAttributeValues: { ':id': { S: id } },
      Limit: 1,
    }),
  );
  return Items[0]?.reason?.S;
}

async function lookAt(site: Target, queue: DeadLetterQueue): Promise<DeadLetters> {
  const { Attributes } = await site.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queue.url,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  const count = (name: 'ApproximateNumberOfMessages' | 'ApproximateNumberOfMessagesNotVisible'): number =>
    Number(Attributes?.[name] ?? 0);
  const messages = count('ApproximateNumberOfMessages') + count('ApproximateNumberOfMessagesNotVisible');
  if (messages === 0) return { queue, messages };
  const [oldest] = (await peek(site.sqs, queue.url)).toSorted((one, other) => one.sentAt - other.sentAt);
  if (oldest === undefined) return { queue, messages };
  const since = new Date(oldest.sentAt).toISOString();
  for (const id of await idsOf(site, oldest)) {
    const reason = await reasonUnder(site.dynamo, site.output('FailuresTable'), id);
    if (reason !== undefined) return { queue, messages, since, reason };
  }
  return { queue, messages, since };
}

/** Every dead-letter queue, with what lies in it. */
export const deadLetters = async (site: Target): Promise<readonly DeadLetters[]> =>
  Promise.all(deadLetterQueues(site).map((queue) => lookAt(site, queue)));
