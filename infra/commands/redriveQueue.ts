// How does everything in a dead-letter queue get back to where it came from, and nothing get lost on the way? What is sent is confirmed before anything is deleted.
import { setTimeout as pause } from 'node:timers/promises';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { refuse } from '../local/core/refusal.ts';
import type { DeadLetterQueue } from './deadLetterQueues.ts';
import { busEventOf, type Ended, isTick, NotUnderstood, redriven, type Sending } from './redriveMessage.ts';
import type { Target } from './target.ts';

export interface Redriving {
  readonly site: Target;
  readonly queue: DeadLetterQueue;
  /** Sendings a second, at the most. */
  readonly rate: number;
  /** Told after each batch. */
  readonly progress?: (redriven: Redriven) => void;
}

export interface Redriven {
  /** Messages that ended here, and are taken away. */
  readonly messages: number;
  /** What was sent in their place. */
  readonly sent: number;
  /** Ticks of the clock, which nothing is sent for. */
  readonly ticks: number;
  /** Messages that came while this ran, and were left where they are. */
  readonly left: number;
  /** Of messages that are not what the queue's are, which were left, too: why. */
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
    // A call's bodies may be 1 MB together, and one alone may be that: large ones go alone.
    const large = (each: { readonly body: string }): boolean => Buffer.byteLength(each.body) > 60_000;
    const calls = [
      ...chunks(
        all.filter((each) => !large(each)),
        batchSize,
      ),
      ...chunks(all.filter(large), 1),
    ];
    for (const call of calls) {
      const Entries = call.map(({ body }, index) => ({ Id: String(index), MessageBody: body }));
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

/** Redrives what stands in the queue; what fails again meanwhile stays, so that it ends. */
export async function redrive({ site, queue, rate, progress }: Redriving): Promise<Redriven> {
  const { sqs } = site;
  const { url, origin, name } = queue;
  const began = Date.now();
  // What nobody owns comes back at once.
  const seen = new Set<string>();
  let done: Redriven = { messages: 0, sent: 0, ticks: 0, left: 0, notUnderstood: [] };

  const isNew = (sentAt: string | undefined, ended: Ended): boolean =>
    Number(sentAt ?? 0) > began || (origin.kind === 'bus' && seen.has(busEventOf(ended).detail));

  /** Messages that stay here: hidden only while this runs, so that it doesn't meet them again. */
  const staying: (string | undefined)[] = [];
  const giveBack = async (handles: readonly (string | undefined)[]): Promise<void> => {
    for (const ReceiptHandle of handles) {
      const seenAgain = { QueueUrl: url, ReceiptHandle, VisibilityTimeout: 0 };
      await sqs.send(new ChangeMessageVisibilityCommand(seenAgain)).catch(() => undefined);
    }
  };

  const redriveOne = async (ended: Ended): Promise<void> => {
    if (isTick(ended)) {
      done = { ...done, ticks: done.ticks + 1 };
      return;
    }
    for await (const sendings of redriven(site, origin, ended)) {
      for (const some of chunks(sendings, batchSize)) {
        await send(site, some);
        for (const each of some) if (each.to === 'bus') seen.add(each.detail);
        done = { ...done, sent: done.sent + some.length };
        await pause((some.length * 1000) / rate);
      }
    }
  };

  for (let empty = 0; empty < 2; ) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: batchSize,
        VisibilityTimeout: hiddenSeconds,
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    );
    if (Messages.length === 0) empty += 1;
    for (const { MessageId = '', Body = '', ReceiptHandle, Attributes } of Messages) {
      const ended: Ended = { messageId: MessageId, body: Body };
      try {
        if (isNew(Attributes?.SentTimestamp, ended)) {
          staying.push(ReceiptHandle);
          done = { ...done, left: done.left + 1 };
          continue;
        }
        await redriveOne(ended);
        await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
        done = { ...done, messages: done.messages + 1 };
      } catch (error) {
        if (error instanceof NotUnderstood) {
          staying.push(ReceiptHandle);
          done = { ...done, notUnderstood: [...done.notUnderstood, error.message] };
          continue;
        }
        // Whoever looks again finds them at once; those behind it in this batch come back by themselves.
        await giveBack([...staying, ...Messages.map(({ ReceiptHandle: handle }) => handle)]);
        const reason = error instanceof Error ? error.message : String(error);
        return refuse(
          `${done.messages} messages of ${name} were redriven, then one could not be: ${reason}. ` +
            'It and those behind it are still there.',
          error,
        );
      }
    }
    progress?.(done);
  }
  await giveBack(staying);
  return done;
}
