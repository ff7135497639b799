// Which messages are in each queue, and when is each one visible? The store sends, receives, deletes and hides messages like SQS.
// The local SQS endpoint, the bus and the pollers call it; it reads and writes the queues' file.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { createDeclaredQueues, type DeclaredQueues, type QueueSettings } from './declaredQueues.ts';
import { type MessageTable, messageTable, type QueueCounts } from './messageTable.ts';
import { type CheckpointStore, checkpointStore, type ParameterStore, parameterStore } from './parameterStore.ts';
import { openQueueDatabase, type QueueDatabase } from './queueDatabase.ts';
import { integer, type Message, parseReceiptHandle, readMessage } from './queueRows.ts';

/** A message to send; without a delay of its own it has the queue's delay. */
export interface OutgoingMessage {
  readonly queue: string;
  readonly body: string;
  readonly delaySeconds?: number;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Messages of different groups are received in turns; absent: the group of all that name none. */
  readonly group?: string;
}

export interface QueueStore extends CheckpointStore {
  /** Declares a queue, or changes its settings; its messages stay. Each start must declare all queues. */
  ensureQueue(name: string, settings: QueueSettings): void;
  /** The settings of a declared queue. */
  queue(name: string): QueueSettings | undefined;
  /** Sends all messages, or none if it throws; on return they are on disk. Answers their message ids, in order. */
  sendAll(entries: readonly OutgoingMessage[]): string[];
  /** Receives up to `max` visible messages: of each group in turn, the oldest first. Messages that were received too often go to the dead-letter queue instead. */
  receive(queue: string, max: number): Message[];
  /** Deletes messages. A handle does nothing if a later receive has replaced it, or if its message is deleted. */
  delete(queue: string, receiptHandles: readonly string[]): void;
  /** Hides a message in flight for so long from now; false when the handle is no longer valid. */
  changeVisibility(queue: string, receiptHandle: string, seconds: number): boolean;
  /** Makes messages in flight visible again at once; their receive counts stay. */
  release(queue: string, receiptHandles: readonly string[]): void;
  /** At a start, makes all messages in flight visible again, because their holders have ended. */
  makeInFlightVisible(): void;
  counts(queue: string): QueueCounts;
  /** The earliest instant after now (epoch ms) at which a delayed or held message of any declared queue becomes visible. */
  nextDueAt(): number | undefined;
  /** Calls the listener after each commit that made a message visible (not when time did), with the queue's name. */
  onMessage(listener: (queue: string) => void): () => void;
  readonly parameters: ParameterStore;
  close(): void;
}

/** The parts that the store's operations use. */
interface Parts {
  readonly database: QueueDatabase;
  readonly table: MessageTable;
  readonly queues: DeclaredQueues;
  readonly clock: Clock;
}

function sendAll({ database, table, queues, clock }: Parts, entries: readonly OutgoingMessage[]): string[] {
  const now = clock.now();
  const awake = new Set<string>();
  const rows = entries.map(({ queue, body, attributes, group = '', delaySeconds: own }) => {
    const { delaySeconds: usual } = queues.settingsOf(queue);
    const delaySeconds = own ?? usual;
    if (delaySeconds === 0) awake.add(queue);
    const text = attributes === undefined ? null : JSON.stringify(attributes);
    const visibleAt = now + delaySeconds * 1000;
    return { queue, messageId: randomUUID(), body, attributes: text, group, sentAt: now, visibleAt };
  });
  if (rows.length === 0) return [];
  database.durably(() => {
    for (const row of rows) table.insert(row);
  });
  queues.tell(awake);
  return rows.map((row) => row.messageId);
}

function receive({ database, table, queues, clock }: Parts, queue: string, max: number): Message[] {
  const { visibilityTimeoutSeconds, redrive } = queues.settingsOf(queue);
  if (redrive !== undefined) queues.settingsOf(redrive.deadLetterQueue);
  const now = clock.now();
  // Polls of an empty queue are frequent, so they start no write transaction.
  if (!table.anyDue(queue, now)) return [];
  const messages: Message[] = [];
  let buried = 0;
  database.loosely(() => {
    let before: number;
    do {
      before = buried;
      for (const row of table.due(queue, now, max)) {
        if (redrive !== undefined && integer(row.receive_count) >= redrive.maxReceiveCount) {
          table.bury(integer(row.id), redrive.deadLetterQueue, now);
          buried += 1;
        } else {
          table.take(integer(row.id), now, now + visibilityTimeoutSeconds * 1000);
          messages.push(readMessage(row, now));
        }
      }
      // If all messages of a page went to the dead-letter queue, the queue may hold more: read the next page.
    } while (messages.length === 0 && buried > before);
  });
  if (redrive !== undefined && buried > 0) queues.tell([redrive.deadLetterQueue]);
  return messages;
}

/** Hides the messages that are still held for so long from now, and answers their number. */
function hide(
  { database, table, queues, clock }: Parts,
  queue: string,
  handles: readonly string[],
  seconds: number,
): number {
  queues.settingsOf(queue);
  const hidden = database.loosely(() =>
    handles.filter((handle) => {
      const receipt = parseReceiptHandle(handle);
      const now = clock.now();
      return receipt !== undefined && table.hide(queue, receipt, { now, until: now + seconds * 1000 });
    }),
  );
  if (hidden.length > 0 && seconds === 0) queues.tell([queue]);
  return hidden.length;
}

function remove({ database, table, queues }: Parts, queue: string, handles: readonly string[]): void {
  queues.settingsOf(queue);
  const receipts = handles.map(parseReceiptHandle).filter((receipt) => receipt !== undefined);
  if (receipts.length === 0) return;
  database.loosely(() => {
    for (const receipt of receipts) table.remove(queue, receipt);
  });
}

function nextDueAt({ table, queues, clock }: Parts): number | undefined {
  const now = clock.now();
  const known = [...queues.names()].flatMap((queue) => table.nextVisible(queue, now) ?? []);
  return known.length === 0 ? undefined : Math.min(...known);
}

/**
 * Opens the queues of a file. They behave like SQS standard queues: delivery at least once, hidden during a receive,
 * visible again after the visibility timeout, and moved to the dead-letter queue after too many receives (there they keep id,
 * send time and receive count). Unlike SQS's, messages never expire.
 *
 * A send and a parameter are on disk on return. A receive, a delete, a release and a checkpoint cost no disk sync. If a power
 * loss undoes one, a message is delivered once more, which at-least-once allows. A killed process loses nothing.
 */
export function openQueueStore(options: { readonly path: string; readonly clock: Clock }): QueueStore {
  const { clock } = options;
  const database = openQueueDatabase(options.path);
  const queues = createDeclaredQueues();
  const table = messageTable(database);
  const parts: Parts = { database, table, queues, clock };
  return {
    ...checkpointStore(database),
    parameters: parameterStore(database, clock),
    ensureQueue: queues.declare,
    queue: queues.find,
    sendAll: (entries) => sendAll(parts, entries),
    receive: (queue, max) => receive(parts, queue, max),
    delete: (queue, handles) => remove(parts, queue, handles),
    changeVisibility: (queue, handle, seconds) => hide(parts, queue, [handle], seconds) === 1,
    release: (queue, handles) => void hide(parts, queue, handles, 0),
    makeInFlightVisible() {
      const now = clock.now();
      if (database.loosely(() => table.revive(now))) queues.tell(queues.names());
    },
    counts(queue) {
      queues.settingsOf(queue);
      return table.count(queue, clock.now());
    },
    nextDueAt: () => nextDueAt(parts),
    onMessage: queues.listen,
    close: () => database.close(),
  };
}

export type { Message } from './queueRows.ts';
