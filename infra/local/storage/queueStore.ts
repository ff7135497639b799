// Which messages stand in which queue, who holds them, and when do they come back?
import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { createDeclaredQueues, type DeclaredQueues, type QueueSettings } from './declaredQueues.ts';
import { type MessageTable, messageTable, type QueueCounts } from './messageTable.ts';
import { type CheckpointStore, checkpointStore, type ParameterStore, parameterStore } from './parameterStore.ts';
import { openQueueDatabase, type QueueDatabase } from './queueDatabase.ts';
import { integer, type Message, parseReceiptHandle, readMessage } from './queueRows.ts';

/** A message to send; its delay is the queue's unless it names one. */
export interface OutgoingMessage {
  readonly queue: string;
  readonly body: string;
  readonly delaySeconds?: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface QueueStore extends CheckpointStore {
  /** Declares a queue, or changes its settings; its messages are kept. Queues have to be declared at each start. */
  ensureQueue(name: string, settings: QueueSettings): void;
  /** The settings of a declared queue. */
  queue(name: string): QueueSettings | undefined;
  /** Sends all of them or, when it throws, none; they are on disk when it returns. Answers their message ids, in order. */
  sendAll(entries: readonly OutgoingMessage[]): string[];
  /** Takes up to `max` visible messages, oldest first; those received too often go to the dead-letter queue instead. */
  receive(queue: string, max: number): Message[];
  /** Ends messages. A handle that a later receive has replaced, or of a message that is gone, does nothing. */
  delete(queue: string, receiptHandles: readonly string[]): void;
  /** Hides a message that is in flight for so long from now; false when the handle no longer holds one. */
  changeVisibility(queue: string, receiptHandle: string, seconds: number): boolean;
  /** Makes messages in flight visible again at once; that they were received still counts. */
  release(queue: string, receiptHandles: readonly string[]): void;
  /** For a start: whoever held messages is gone, so they are visible again, in all queues. */
  makeInFlightVisible(): void;
  counts(queue: string): QueueCounts;
  /** The earliest instant after now (epoch ms) at which a delayed or held message of any declared queue becomes visible. */
  nextDueAt(): number | undefined;
  /** Calls the listener, after the commit, with each queue in which a message became visible by an act (not by time). */
  onMessage(listener: (queue: string) => void): () => void;
  readonly parameters: ParameterStore;
  close(): void;
}

/** What the store's acts work on. */
interface Parts {
  readonly database: QueueDatabase;
  readonly table: MessageTable;
  readonly queues: DeclaredQueues;
  readonly clock: Clock;
}

function sendAll({ database, table, queues, clock }: Parts, entries: readonly OutgoingMessage[]): string[] {
  const now = clock.now();
  const awake = new Set<string>();
  const rows = entries.map(({ queue, body, attributes, delaySeconds: own }) => {
    const { delaySeconds: usual } = queues.settingsOf(queue);
    const delaySeconds = own ?? usual;
    if (delaySeconds === 0) awake.add(queue);
    const text = attributes === undefined ? null : JSON.stringify(attributes);
    const visibleAt = now + delaySeconds * 1000;
    return { queue, messageId: randomUUID(), body, attributes: text, sentAt: now, visibleAt };
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
  // Polls of an empty queue are frequent: they begin no write.
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
      // A page of nothing but exhausted messages isn't an empty queue: look behind it.
    } while (messages.length === 0 && buried > before);
  });
  if (redrive !== undefined && buried > 0) queues.tell([redrive.deadLetterQueue]);
  return messages;
}

/** Hides those that are still held for so long from now, and answers how many they were. */
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
 * Opens the queues kept in a file. They behave as SQS standard queues: at least once, hidden while somebody holds them,
 * back after the visibility timeout, to the dead-letter queue when received more often than allowed (there they keep id,
 * send time and receive count). Unlike SQS's, messages never expire.
 *
 * A send and a parameter are on disk on return. A receive, a delete, a release and a checkpoint cost no disk sync: losing
 * one with the power means that a message is delivered once more, which at-least-once allows; a killed process loses none.
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
