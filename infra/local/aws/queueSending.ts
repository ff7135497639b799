// How do the local queues answer a sender's calls of SQS?
import type { OutgoingMessage } from '../storage/queueStore.ts';
import { AwsRefusal, type CallInput, invalid, type Operation, type Operations } from './awsCall.ts';
import { batchOf, md5, type QueueCalls } from './queueCalls.ts';

const maxBytes = 1_048_576;

/** What SQS takes as a message group. */
const groupForm = /^[\x21-\x7e]{1,128}$/;

function groupOf(input: CallInput): Pick<OutgoingMessage, 'group'> {
  const group = input.optionalText('MessageGroupId');
  if (group === undefined) return {};
  if (!groupForm.test(group)) {
    throw invalid('MessageGroupId can have 1 to 128 alphanumeric characters and punctuation marks.');
  }
  return { group };
}

function outgoingMessage(queue: string, input: CallInput): OutgoingMessage {
  const body = input.text('MessageBody');
  if (body === '') throw new AwsRefusal('MissingParameter', 'A message must have a body of one character or more.');
  const delaySeconds = input.optionalInteger('DelaySeconds', 0, 900);
  return { queue, body, ...groupOf(input), ...(delaySeconds === undefined ? {} : { delaySeconds }) };
}

function requireSize(messages: readonly OutgoingMessage[]): void {
  const bytes = messages.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
  if (bytes > maxBytes) throw invalid(`One call's messages may be ${maxBytes} bytes together, not ${bytes}.`);
}

const sendMessage = ({ queueStore, onQueue }: QueueCalls): Operation =>
  onQueue('SendMessage', (queue, input) => {
    const outgoing = outgoingMessage(queue, input);
    requireSize([outgoing]);
    const [MessageId] = queueStore.sendAll([outgoing]);
    return { MessageId, MD5OfMessageBody: md5(outgoing.body) };
  });

const sendMessageBatch = ({ queueStore, onQueue }: QueueCalls): Operation =>
  onQueue('SendMessage', (queue, input) => {
    const entries = batchOf(input, ['Id', 'MessageBody', 'DelaySeconds', 'MessageGroupId']);
    const outgoing = entries.map(([, entry]) => outgoingMessage(queue, entry));
    requireSize(outgoing);
    const ids = queueStore.sendAll(outgoing);
    const Successful = outgoing.map(({ body }, index) => ({
      Id: entries[index]?.[0],
      MessageId: ids[index],
      MD5OfMessageBody: md5(body),
    }));
    return { Successful, Failed: [] };
  });

export const sendingOperations = (calls: QueueCalls): Operations =>
  new Map([
    ['SendMessage', [['QueueUrl', 'MessageBody', 'DelaySeconds', 'MessageGroupId'], sendMessage(calls)]],
    ['SendMessageBatch', [['QueueUrl', 'Entries'], sendMessageBatch(calls)]],
  ]);
