// Which messages stand in which queue, who holds them, and when do they come back?
import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { type CheckpointStore, checkpointStore, type ParameterStore, parameterStore } from './parameterStore.ts';
import { openQueueDatabase } from './queueDatabase.ts';
import { integer, type Message, messageColumns, parseReceiptHandle, readMessage } from './queueRows.ts';

/** How a queue behaves; times in seconds, as in the template. */
export interface QueueSettings {
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  readonly redrive?: { readonly deadLetterQueue: string; readonly maxReceiveCount: number };
}

/** A message to send; its delay is the queue's unless it names one. */
export interface OutgoingMessage {
  readonly queue: string;
  readonly body: string;
  readonly delaySeconds?: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
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
  const { db, durably, loosely } = database;
  const queues = new Map<string, QueueSettings>();
  const listeners = new Set<(queue: string) => void>();

  const insert = db.prepare(
    'INSERT INTO messages (queue, message_id, body, attributes, sent_at, visible_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const due = db.prepare(
    `SELECT ${messageColumns} FROM messages WHERE queue = ? AND visible_at <= ? ORDER BY visible_at, id LIMIT ?`,
  );
  const anyDue = db.prepare('SELECT 1 FROM messages WHERE queue = ? AND visible_at <= ? LIMIT 1');
  const take = db.prepare(
    `UPDATE messages SET receive_count = receive_count + 1, visible_at = ?,
     first_received_at = coalesce(first_received_at, ?) WHERE id = ?`,
  );
  const bury = db.prepare('UPDATE messages SET queue = ?, visible_at = ? WHERE id = ?');
  const received = 'id = ? AND receive_count = ? AND message_id = ? AND queue = ?';
  const remove = db.prepare(`DELETE FROM messages WHERE ${received}`);
  const hide = db.prepare(`UPDATE messages SET visible_at = ? WHERE ${received} AND visible_at > ?`);
  // A hidden message is in flight when it has ever been received, else delayed: whatever else ends a receive makes it visible.
  const revive = db.prepare('UPDATE messages SET visible_at = ? WHERE receive_count > 0 AND visible_at > ?');
  const count = db.prepare(
    `SELECT count(*) FILTER (WHERE visible_at <= :now) AS visible,
     count(*) FILTER (WHERE visible_at > :now AND receive_count > 0) AS held,
     count(*) FILTER (WHERE visible_at > :now AND receive_count = 0) AS delayed FROM messages WHERE queue = :queue`,
  );
  const next = db.prepare('SELECT min(visible_at) AS at FROM messages WHERE queue = ? AND visible_at > ?');

  function settingsOf(queue: string): QueueSettings {
    const settings = queues.get(queue);
    if (settings === undefined) throw new Error(`There is no queue "${queue}" here: declare it with ensureQueue.`);
    return settings;
  }

  function tell(changed: Iterable<string>): void {
    for (const queue of changed) for (const listener of [...listeners]) listener(queue);
  }

  function setVisibility(queue: string, receiptHandle: string, seconds: number): boolean {
    const receipt = parseReceiptHandle(receiptHandle);
    if (receipt === undefined) return false;
    const now = clock.now();
    const { id, receiveCount, messageId } = receipt;
    const result = hide.run(now + seconds * 1000, id, receiveCount, messageId, queue, now);
    return result.changes === 1;
  }

  return {
    ...checkpointStore(database),
    parameters: parameterStore(database, clock),
    ensureQueue(name, settings) {
      queues.set(name, settings);
    },
    queue: (name) => queues.get(name),

    sendAll(entries) {
      const now = clock.now();
      const awake = new Set<string>();
      const rows = entries.map((entry) => {
        const settings = settingsOf(entry.queue);
        const delaySeconds = entry.delaySeconds ?? settings.delaySeconds;
        if (delaySeconds === 0) awake.add(entry.queue);
        return { entry, messageId: randomUUID(), visibleAt: now + delaySeconds * 1000 };
      });
      if (rows.length === 0) return [];
      durably(() => {
        for (const { entry, messageId, visibleAt } of rows) {
          const attributes = entry.attributes === undefined ? null : JSON.stringify(entry.attributes);
          insert.run(entry.queue, messageId, entry.body, attributes, now, visibleAt);
        }
      });
      tell(awake);
      return rows.map((row) => row.messageId);
    },

    receive(queue, max) {
      const { visibilityTimeoutSeconds, redrive } = settingsOf(queue);
      if (redrive !== undefined) settingsOf(redrive.deadLetterQueue);
      const now = clock.now();
      // Polls of an empty queue are frequent: they begin no write.
      if (anyDue.get(queue, now) === undefined) return [];
      const messages: Message[] = [];
      let buried = 0;
      loosely(() => {
        let before: number;
        do {
          before = buried;
          for (const row of due.all(queue, now, max)) {
            if (redrive !== undefined && integer(row.receive_count) >= redrive.maxReceiveCount) {
              bury.run(redrive.deadLetterQueue, now, integer(row.id));
              buried += 1;
            } else {
              take.run(now + visibilityTimeoutSeconds * 1000, now, integer(row.id));
              messages.push(readMessage(row, now));
            }
          }
          // A page of nothing but exhausted messages isn't an empty queue: look behind it.
        } while (messages.length === 0 && buried > before);
      });
      if (redrive !== undefined && buried > 0) tell([redrive.deadLetterQueue]);
      return messages;
    },

    delete(queue, receiptHandles) {
      settingsOf(queue);
      const receipts = receiptHandles.map(parseReceiptHandle).filter((receipt) => receipt !== undefined);
      if (receipts.length === 0) return;
      loosely(() => {
        for (const { id, receiveCount, messageId } of receipts) remove.run(id, receiveCount, messageId, queue);
      });
    },
    changeVisibility(queue, receiptHandle, seconds) {
      settingsOf(queue);
      const changed = loosely(() => setVisibility(queue, receiptHandle, seconds));
      if (changed && seconds === 0) tell([queue]);
      return changed;
    },
    release(queue, receiptHandles) {
      settingsOf(queue);
      const released = loosely(() => receiptHandles.filter((handle) => setVisibility(queue, handle, 0)));
      if (released.length > 0) tell([queue]);
    },
    makeInFlightVisible() {
      const now = clock.now();
      if (loosely(() => revive.run(now, now).changes) !== 0) tell(queues.keys());
    },

    counts(queue) {
      settingsOf(queue);
      const row = count.get({ now: clock.now(), queue }) ?? {};
      return { visible: integer(row.visible), inFlight: integer(row.held), delayed: integer(row.delayed) };
    },
    nextDueAt() {
      const now = clock.now();
      const instants = [...queues.keys()].map((queue) => next.get(queue, now)?.at);
      const known = instants.filter((at) => typeof at === 'number');
      return known.length === 0 ? undefined : Math.min(...known);
    },
    onMessage(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => database.close(),
  };
}

export type { Message } from './queueRows.ts';
