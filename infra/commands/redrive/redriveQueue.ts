// How does redrive move a whole queue without loss? It deletes a message only after everything sent in its place is confirmed.
// `npm run redrive` calls it; it receives and deletes dead letters, sends to queues, and puts events on the bus.
import { setTimeout as pause } from 'node:timers/promises';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { refuse } from '../../local/core/refusal.ts';
import type { Target } from '../target.ts';
import type { DeadLetterQueue } from './deadLetterQueues.ts';
import { busEventOf, type Ended, isTick, NotUnderstood, redriven, type Sending } from './redriveMessage.ts';

export interface Redriving {
  readonly site: Target;
  readonly queue: DeadLetterQueue;
  /** The most messages to send in a second. */
  readonly rate: number;
  /** Called after each batch. */
  readonly progress?: (redriven: Redriven) => void;
}

export interface Redriven {
  /** Dead letters that were redriven and deleted. */
  readonly messages: number;
  /** Messages and events that were sent in their place. */
  readonly sent: number;
  /** Ticks of the clock; nothing is sent for them. */
  readonly ticks: number;
  /** Messages that came during the run and stay in the queue. */
  readonly left: number;
  /** For each message that doesn't fit the queue, and stays there: why. */
  readonly notUnderstood: readonly string[];
}

const batchSize = 10;
const hiddenSeconds = 900;

const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

/** Sends, and throws unless every one of them is confirmed. */
async function send({ sqs, bus, output }: Target, sendings: readonly Sending[]): Promise<void> {
  const toQueues = Map.groupBy(
    sendings.filter((each) => each.to === 'queue'),
    ({ url }) => url,
  );
  for (const [url, all] of toQueues) {
    // All bodies of a call may be 1 MB together, and one body alone may be 1 MB: large ones are sent alone.
    const large = (each: { readonly body: string }): boolean => Buffer.byteLength(each.body) > 60_000;
    const calls = [
      ...chunks(
        all.filter((each) => !large(each)),
        batchSize,
      ),
      ...chunks(all.filter(large), 1),
    ];
    for (const call of calls) {
      const Entries = call.map(({ body, group }, index) => ({
        ...{ Id: String(index), MessageBody: body },
        ...(group !== undefined && { MessageGroupId: group }),
      }));
      const { Successful = [], Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
      if (Successful.length !== call.length) {
        throw new Error(`${url} did not take ${call.length - Successful.length}: ${Failed[0]?.Message ?? 'no reason'}`);
      }
    }
  }
  const entries = sendings
    .filter((each) => each.to === 'bus')
    .map(({ source, detailType, detail }) => ({
      EventBusName: output('BusName'),
      Source: source,
      DetailType: detailType,
      Detail: detail,
    }));
  for (const call of chunks(entries, 1)) {
    const { Entries = [] } = await bus.send(new PutEventsCommand({ Entries: [...call] }));
    const failed = Entries.find(({ EventId }) => EventId === undefined);
    if (failed !== undefined) throw new Error(`the bus did not take an event: ${failed.ErrorMessage ?? 'no reason'}`);
  }
}

/** A run over one queue. */
interface Run extends Redriving {
  /** Epoch milliseconds. */
  readonly began: number;
  /** Events that this run put on the bus: an event without an owner comes back at once. */
  readonly seen: Set<string>;
  /** Messages that stay in the queue: hidden during the run, so that it doesn't receive them again. */
  readonly staying: (string | undefined)[];
  done: Redriven;
}

const isNew = ({ began, queue, seen }: Run, { Attributes }: Message, ended: Ended): boolean =>
  Number(Attributes?.SentTimestamp ?? 0) > began || (queue.origin.kind === 'bus' && seen.has(busEventOf(ended).detail));

/** Makes the messages that this run has hidden visible again. */
async function giveBack({ site, queue }: Run, handles: readonly (string | undefined)[]): Promise<void> {
  for (const ReceiptHandle of handles) {
    const seenAgain = { QueueUrl: queue.url, ReceiptHandle, VisibilityTimeout: 0 };
    await site.sqs.send(new ChangeMessageVisibilityCommand(seenAgain)).catch(() => undefined);
  }
}

/** Sends what replaces a message, at the run's rate. */
async function sendFor(run: Run, ended: Ended): Promise<void> {
  const { site, queue, rate, seen } = run;
  if (isTick(ended)) {
    run.done = { ...run.done, ticks: run.done.ticks + 1 };
    return;
  }
  for await (const sendings of redriven(site, queue.origin, ended)) {
    for (const some of chunks(sendings, batchSize)) {
      await send(site, some);
      for (const each of some) if (each.to === 'bus') seen.add(each.detail);
      run.done = { ...run.done, sent: run.done.sent + some.length };
      await pause((some.length * 1000) / rate);
    }
  }
}

/** Redrives a message, or leaves it in the queue; throws where a send fails. */
async function redriveOne(run: Run, message: Message): Promise<void> {
  const { MessageId = '', Body = '', ReceiptHandle, Attributes } = message;
  const ended: Ended = { messageId: MessageId, body: Body, group: Attributes?.MessageGroupId };
  const { staying, done } = run;
  try {
    if (isNew(run, message, ended)) {
      staying.push(ReceiptHandle);
      run.done = { ...done, left: done.left + 1 };
      return;
    }
    await sendFor(run, ended);
    await run.site.sqs.send(new DeleteMessageCommand({ QueueUrl: run.queue.url, ReceiptHandle }));
    run.done = { ...run.done, messages: run.done.messages + 1 };
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    staying.push(ReceiptHandle);
    run.done = { ...run.done, notUnderstood: [...run.done.notUnderstood, error.message] };
  }
}

async function takeBatch({ site, queue }: Run): Promise<readonly Message[]> {
  const { Messages = [] } = await site.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queue.url,
      MaxNumberOfMessages: batchSize,
      VisibilityTimeout: hiddenSeconds,
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['SentTimestamp', 'MessageGroupId'],
    }),
  );
  return Messages;
}

/** Redrives the messages in the queue. A message that fails again meanwhile stays, so that the run comes to an end. */
export async function redrive(redriving: Redriving): Promise<Redriven> {
  const done: Redriven = { messages: 0, sent: 0, ticks: 0, left: 0, notUnderstood: [] };
  const run: Run = { ...redriving, began: Date.now(), seen: new Set(), staying: [], done };
  for (let empty = 0; empty < 2; ) {
    const messages = await takeBatch(run);
    if (messages.length === 0) empty += 1;
    try {
      for (const message of messages) await redriveOne(run, message);
    } catch (error) {
      // The next reader finds them at once. The other messages of this batch become visible again by themselves.
      await giveBack(run, [...run.staying, ...messages.map(({ ReceiptHandle }) => ReceiptHandle)]);
      const reason = error instanceof Error ? error.message : String(error);
      return refuse(
        `${run.done.messages} messages of ${run.queue.name} were redriven, then one could not be: ${reason}. ` +
          'That message and those after it are still in the queue.',
        error,
      );
    }
    run.progress?.(run.done);
  }
  await giveBack(run, run.staying);
  return run.done;
}
