// How do the local queues answer a receiver's calls of SQS? It can receive messages, delete them, and change their visibility timeout.
import { type Message, parseReceiptHandle } from '../storage/queueRows.ts';
import { AwsRefusal, type CallInput, invalid, type Operation, type Operations } from './awsCall.ts';
import { batchOf, md5, only, type QueueCalls, urlAccount } from './queueCalls.ts';

function receiptHandle(input: CallInput): string {
  const handle = input.text('ReceiptHandle');
  if (parseReceiptHandle(handle) === undefined) throw new AwsRefusal('ReceiptHandleIsInvalid', notAHandle(handle));
  return handle;
}

function notAHandle(text: string): string {
  return `"${text}" is no receipt handle of this queue.`;
}

function received(message: Message, wanted: ReadonlySet<string>): Readonly<Record<string, unknown>> {
  const all: Readonly<Record<string, string>> = {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAt),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    SenderId: urlAccount,
    ...message.attributes,
    ...(message.group === undefined ? {} : { MessageGroupId: message.group }),
  };
  const Attributes = only(all, wanted);
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(Object.keys(Attributes).length === 0 ? {} : { Attributes }),
  };
}

/** `WaitTimeSeconds` is accepted, but the call answers at once. */
const receiveMessage = ({ queueStore, onQueue }: QueueCalls): Operation =>
  onQueue('ReceiveMessage', (queue, input) => {
    const max = input.optionalInteger('MaxNumberOfMessages', 1, 10) ?? 1;
    const seconds = input.optionalInteger('VisibilityTimeout', 0, 43_200);
    const wanted = new Set([...input.texts('MessageSystemAttributeNames'), ...input.texts('AttributeNames')]);
    const messages = queueStore.receive(queue, max);
    if (seconds !== undefined) {
      for (const { receiptHandle: handle } of messages) queueStore.changeVisibility(queue, handle, seconds);
    }
    return { Messages: messages.map((message) => received(message, wanted)) };
  });

const deleteMessage = ({ queueStore, onQueue }: QueueCalls): Operation =>
  onQueue('DeleteMessage', (queue, input) => {
    queueStore.delete(queue, [receiptHandle(input)]);
    return {};
  });

const deleteMessageBatch = ({ queueStore, onQueue }: QueueCalls): Operation =>
  onQueue('DeleteMessage', (queue, input) => {
    const entries = batchOf(input, ['Id', 'ReceiptHandle']).map(([id, entry]) => {
      const handle = entry.text('ReceiptHandle');
      return { id, handle, valid: parseReceiptHandle(handle) !== undefined };
    });
    const good = entries.filter(({ valid }) => valid);
    queueStore.delete(
      queue,
      good.map(({ handle }) => handle),
    );
    return {
      Successful: good.map(({ id }) => ({ Id: id })),
      Failed: entries
        .filter(({ valid }) => !valid)
        .map(({ id, handle }) => {
          return { Id: id, SenderFault: true, Code: 'ReceiptHandleIsInvalid', Message: notAHandle(handle) };
        }),
    };
  });

const changeMessageVisibility = ({ queueStore, onQueue }: QueueCalls): Operation =>
  onQueue('ChangeMessageVisibility', (queue, input) => {
    const seconds = input.optionalInteger('VisibilityTimeout', 0, 43_200);
    if (seconds === undefined) throw new AwsRefusal('MissingParameter', 'The call must have "VisibilityTimeout".');
    if (!queueStore.changeVisibility(queue, receiptHandle(input), seconds)) {
      throw invalid('The message does not exist, or is not available for a change of its visibility timeout.');
    }
    return {};
  });

export const receivingOperations = (calls: QueueCalls): Operations =>
  new Map([
    [
      'ReceiveMessage',
      [
        [
          ...['QueueUrl', 'MaxNumberOfMessages', 'VisibilityTimeout', 'WaitTimeSeconds'],
          ...['AttributeNames', 'MessageSystemAttributeNames', 'MessageAttributeNames'],
        ],
        receiveMessage(calls),
      ],
    ],
    ['DeleteMessage', [['QueueUrl', 'ReceiptHandle'], deleteMessage(calls)]],
    ['DeleteMessageBatch', [['QueueUrl', 'Entries'], deleteMessageBatch(calls)]],
    ['ChangeMessageVisibility', [['QueueUrl', 'ReceiptHandle', 'VisibilityTimeout'], changeMessageVisibility(calls)]],
  ]);
