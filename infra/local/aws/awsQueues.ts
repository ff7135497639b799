// How do the local queues answer SQS's calls?
import { createHash } from 'node:crypto';
import { type Message, parseReceiptHandle } from '../storage/queueRows.ts';
import type { OutgoingMessage, QueueSettings, QueueStore } from '../storage/queueStore.ts';
import { AwsRefusal, type CallInput, invalid, type Operation, type PreparedCall } from './awsCall.ts';

const maxBytes = 1_048_576;
const urlAccount = '000000000000';

/** The URL of a queue on the host that answers for it. */
function queueUrl(host: string, queue: string): string {
  return `http://${host}/${urlAccount}/${queue}`;
}

/**
 * SQS's operations on standard queues, with the members that each heeds. A receive answers at once: `WaitTimeSeconds` is
 * taken and not waited for, as SQS may answer empty at any time too.
 */
export function queueOperations(options: {
  readonly queueStore: QueueStore;
  readonly region: string;
  readonly account: string;
}): ReadonlyMap<string, readonly [readonly string[], Operation]> {
  const { queueStore, region, account } = options;
  const arnOf = (queue: string) => `arn:aws:sqs:${region}:${account}:${queue}`;

  /** A call on the queue of its QueueUrl; a queue that doesn't exist is refused when the call is carried out. */
  function onQueue(
    action: string,
    run: (queue: string, settings: QueueSettings, input: CallInput) => object,
  ): Operation {
    return (input): PreparedCall => {
      const queue = input.text('QueueUrl').split('/').at(-1) ?? '';
      return {
        permission: `sqs:${action}`,
        resources: [arnOf(queue)],
        run: () => ({ ...run(queue, existing(queue), input) }),
      };
    };
  }

  function existing(queue: string): QueueSettings {
    const settings = queueStore.queue(queue);
    if (settings !== undefined) return settings;
    const message = `There is no queue "${queue}" here.`;
    throw new AwsRefusal('QueueDoesNotExist', message, 'AWS.SimpleQueueService.NonExistentQueue');
  }

  const sendMessage = onQueue('SendMessage', (queue, _settings, input) => {
    const outgoing = outgoingMessage(queue, input);
    requireSize([outgoing]);
    const [MessageId] = queueStore.sendAll([outgoing]);
    return { MessageId, MD5OfMessageBody: md5(outgoing.body) };
  });

  const sendMessageBatch = onQueue('SendMessage', (queue, _settings, input) => {
    const entries = batch(input, ['Id', 'MessageBody', 'DelaySeconds']);
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

  const receiveMessage = onQueue('ReceiveMessage', (queue, _settings, input) => {
    const max = input.optionalInteger('MaxNumberOfMessages', 1, 10) ?? 1;
    const seconds = input.optionalInteger('VisibilityTimeout', 0, 43_200);
    const wanted = new Set([...input.texts('MessageSystemAttributeNames'), ...input.texts('AttributeNames')]);
    const messages = queueStore.receive(queue, max);
    if (seconds !== undefined) {
      for (const { receiptHandle } of messages) queueStore.changeVisibility(queue, receiptHandle, seconds);
    }
    return { Messages: messages.map((message) => received(message, wanted)) };
  });

  const deleteMessage = onQueue('DeleteMessage', (queue, _settings, input) => {
    queueStore.delete(queue, [receiptHandle(input)]);
    return {};
  });

  const deleteMessageBatch = onQueue('DeleteMessage', (queue, _settings, input) => {
    const entries = batch(input, ['Id', 'ReceiptHandle']).map(([id, entry]) => ({
      id,
      handle: entry.text('ReceiptHandle'),
    }));
    const [good, bad] = [true, false].map((valid) =>
      entries.filter(({ handle }) => (parseReceiptHandle(handle) !== undefined) === valid),
    );
    queueStore.delete(
      queue,
      (good ?? []).map(({ handle }) => handle),
    );
    return {
      Successful: (good ?? []).map(({ id }) => ({ Id: id })),
      Failed: (bad ?? []).map(({ id, handle }) => {
        return { Id: id, SenderFault: true, Code: 'ReceiptHandleIsInvalid', Message: notAHandle(handle) };
      }),
    };
  });

  const changeMessageVisibility = onQueue('ChangeMessageVisibility', (queue, _settings, input) => {
    const seconds = input.optionalInteger('VisibilityTimeout', 0, 43_200);
    if (seconds === undefined) throw new AwsRefusal('MissingParameter', 'The call must have "VisibilityTimeout".');
    if (!queueStore.changeVisibility(queue, receiptHandle(input), seconds)) {
      throw invalid('The message does not exist, or is not available for a change of its visibility timeout.');
    }
    return {};
  });

  const getQueueUrl: Operation = (input, host) => {
    const queue = input.text('QueueName');
    return {
      permission: 'sqs:GetQueueUrl',
      resources: [arnOf(queue)],
      run() {
        existing(queue);
        return { QueueUrl: queueUrl(host, queue) };
      },
    };
  };

  const getQueueAttributes = onQueue('GetQueueAttributes', (queue, settings, input) => {
    const { visible, inFlight, delayed } = queueStore.counts(queue);
    const { redrive } = settings;
    const all: Readonly<Record<string, string>> = {
      QueueArn: arnOf(queue),
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ApproximateNumberOfMessagesDelayed: String(delayed),
      VisibilityTimeout: String(settings.visibilityTimeoutSeconds),
      DelaySeconds: String(settings.delaySeconds),
      ...(redrive && {
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: arnOf(redrive.deadLetterQueue),
          maxReceiveCount: redrive.maxReceiveCount,
        }),
      }),
    };
    return { Attributes: only(all, new Set(input.texts('AttributeNames'))) };
  });

  return new Map([
    ['SendMessage', [['QueueUrl', 'MessageBody', 'DelaySeconds'], sendMessage]],
    ['SendMessageBatch', [['QueueUrl', 'Entries'], sendMessageBatch]],
    [
      'ReceiveMessage',
      [
        [
          ...['QueueUrl', 'MaxNumberOfMessages', 'VisibilityTimeout', 'WaitTimeSeconds'],
          ...['AttributeNames', 'MessageSystemAttributeNames', 'MessageAttributeNames'],
        ],
        receiveMessage,
      ],
    ],
    ['DeleteMessage', [['QueueUrl', 'ReceiptHandle'], deleteMessage]],
    ['DeleteMessageBatch', [['QueueUrl', 'Entries'], deleteMessageBatch]],
    ['ChangeMessageVisibility', [['QueueUrl', 'ReceiptHandle', 'VisibilityTimeout'], changeMessageVisibility]],
    ['GetQueueUrl', [['QueueName', 'QueueOwnerAWSAccountId'], getQueueUrl]],
    ['GetQueueAttributes', [['QueueUrl', 'AttributeNames'], getQueueAttributes]],
  ]);
}

function outgoingMessage(queue: string, input: CallInput): OutgoingMessage {
  const body = input.text('MessageBody');
  if (body === '') throw new AwsRefusal('MissingParameter', 'A message must have a body of one character or more.');
  const delaySeconds = input.optionalInteger('DelaySeconds', 0, 900);
  return { queue, body, ...(delaySeconds === undefined ? {} : { delaySeconds }) };
}

function requireSize(messages: readonly OutgoingMessage[]): void {
  const bytes = messages.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
  if (bytes > maxBytes) throw invalid(`One call's messages may be ${maxBytes} bytes together, not ${bytes}.`);
}

function batch(input: CallInput, members: readonly string[]): readonly (readonly [string, CallInput])[] {
  const entries = input.structures('Entries', members).map((entry) => [entry.text('Id'), entry] as const);
  const refused = (name: string, message: string) => new AwsRefusal(name, message, `AWS.SimpleQueueService.${name}`);
  if (entries.length === 0) throw refused('EmptyBatchRequest', 'A batch must have at least one entry.');
  if (entries.length > 10) {
    throw refused('TooManyEntriesInBatchRequest', `A batch takes 10 entries, not ${entries.length}.`);
  }
  if (new Set(entries.map(([id]) => id)).size < entries.length) {
    throw refused('BatchEntryIdsNotDistinct', 'The ids of a batch must be distinct.');
  }
  return entries;
}

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

function only(all: Readonly<Record<string, string>>, wanted: ReadonlySet<string>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.has('All') || wanted.has(name)));
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
