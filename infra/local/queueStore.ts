// Which messages stand in which queue, who holds them, and when do they come back?
import { randomUUID } from 'node:crypto';
import type { SQLOutputValue } from 'node:sqlite';
import type { Clock } from './clock.ts';
import { openQueueDatabase } from './queueDatabase.ts';

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

/** A message as received; instants in epoch milliseconds. */
export interface Message {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly receiveCount: number;
  readonly sentAt: number;
  readonly firstReceivedAt: number;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export interface QueueStore {
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
  /** How far a reader (of a stream) has come. Survives the process; after a loss of power it may be an earlier value. */
  checkpoint(name: string): string | undefined;
  setCheckpoint(name: string, value: string): void;
  /** Calls the listener, after the commit, with each queue in which a message became visible by an act (not by time). */
  onMessage(listener: (queue: string) => void): () => void;
  readonly parameters: ParameterStore;
  close(): void;
}

export interface ParameterStore {
  get(name: string): string | undefined;
  /** The parameter with its version (1 on its first put) and when it was last put (epoch ms). */
  describe(name: string): { readonly value: string; readonly version: number; readonly changedAt: number } | undefined;
  /** Sets the value, on disk when it returns; answers the new version. */
  put(name: string, value: string): number;
}

const columns = 'id, message_id, body, attributes, sent_at, receive_count, first_received_at';
const handleForm = /^(\d{1,15})\.(\d{1,15})\.([0-9a-f-]{36})$/;

/**
 * Opens the queues kept in a file. They behave as SQS standard queues: at least once, hidden while somebody holds them,
 * back after the visibility timeout, to the dead-letter queue when received more often than allowed. Messages never expire.
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
    `SELECT ${columns} FROM messages WHERE queue = ? AND visible_at <= ? ORDER BY visible_at, id LIMIT ?`,
  );
  const take = db.prepare(
    `UPDATE messages SET receive_count = receive_count + 1, visible_at = ?, in_flight = 1,
     first_received_at = coalesce(first_received_at, ?) WHERE id = ?`,
  );
  const bury = db.prepare('UPDATE messages SET queue = ?, visible_at = ?, in_flight = 0 WHERE id = ?');
  const held = 'id = ? AND receive_count = ? AND message_id = ? AND queue = ?';
  const remove = db.prepare(`DELETE FROM messages WHERE ${held}`);
  const hide = db.prepare(
    `UPDATE messages SET visible_at = ?, in_flight = ? WHERE ${held} AND in_flight = 1 AND visible_at > ?`,
  );
  const revive = db.prepare('UPDATE messages SET visible_at = ?, in_flight = 0 WHERE in_flight = 1 AND visible_at > ?');
  const count = db.prepare(
    `SELECT count(*) FILTER (WHERE visible_at <= :now) AS visible,
     count(*) FILTER (WHERE visible_at > :now AND in_flight = 1) AS held,
     count(*) FILTER (WHERE visible_at > :now AND in_flight = 0) AS delayed FROM messages WHERE queue = :queue`,
  );
  const next = db.prepare('SELECT min(visible_at) AS at FROM messages WHERE queue = ? AND visible_at > ?');
  const getCheckpoint = db.prepare('SELECT value FROM checkpoints WHERE name = ?');
  const putCheckpoint = db.prepare('INSERT OR REPLACE INTO checkpoints (name, value) VALUES (?, ?)');
  const getParameter = db.prepare('SELECT value, version, changed_at FROM parameters WHERE name = ?');
  const putParameter = db.prepare(
    `INSERT INTO parameters (name, value, version, changed_at) VALUES (?, ?, 1, ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value, version = version + 1, changed_at = excluded.changed_at
     RETURNING version`,
  );

  function settingsOf(queue: string): QueueSettings {
    const settings = queues.get(queue);
    if (settings === undefined) throw new Error(`There is no queue "${queue}" here: declare it with ensureQueue first.`);
    return settings;
  }

  function tell(changed: Iterable<string>): void {
    for (const queue of changed) for (const listener of [...listeners]) listener(queue);
  }

  function setVisibility(queue: string, receiptHandle: string, seconds: number): boolean {
    const handle = parseReceiptHandle(receiptHandle);
    if (handle === undefined) return false;
    const now = clock.now();
    const { id, receiveCount, messageId } = handle;
    return hide.run(now + seconds * 1000, seconds > 0 ? 1 : 0, id, receiveCount, messageId, queue, now).changes === 1;
  }

  return {
    ensureQueue(name, settings) {
      queues.set(name, settings);
    },
    queue: (name) => queues.get(name),

    sendAll(entries) {
      const now = clock.now();
      const awake = new Set<string>();
      const rows = entries.map((entry) => {
        const delaySeconds = entry.delaySeconds ?? settingsOf(entry.queue).delaySeconds;
        if (delaySeconds === 0) awake.add(settingsOf(entry.queue) && entry.queue);
        return { entry, id: randomUUID(), visibleAt: now + delaySeconds * 1000 };
      });
      if (rows.length === 0) return [];
      durably(() => {
        for (const { entry, id, visibleAt } of rows) {
          const attributes = entry.attributes === undefined ? null : JSON.stringify(entry.attributes);
          insert.run(entry.queue, id, entry.body, attributes, now, visibleAt);
        }
      });
      tell(awake);
      return rows.map((row) => row.id);
    },

    receive(queue, max) {
      const { visibilityTimeoutSeconds, redrive } = settingsOf(queue);
      if (redrive !== undefined) settingsOf(redrive.deadLetterQueue);
      const now = clock.now();
      // Polls of an empty queue are the most frequent call of all: they open no write transaction.
      if (due.get(queue, now, 1) === undefined) return [];
      const received: Message[] = [];
      let buried = 0;
      loosely(() => {
        do {
          buried = 0;
          for (const row of due.all(queue, now, max)) {
            const id = integer(row.id);
            if (redrive !== undefined && integer(row.receive_count) >= redrive.maxReceiveCount) {
              bury.run(redrive.deadLetterQueue, now, id);
              buried += 1;
            } else {
              take.run(now + visibilityTimeoutSeconds * 1000, now, id);
              received.push(toMessage(row, now));
            }
          }
          // A page of nothing but exhausted messages isn't an empty queue: look behind it.
        } while (received.length === 0 && buried > 0);
      });
      if (redrive !== undefined && buried > 0) tell([redrive.deadLetterQueue]);
      return received;
    },

    delete(queue, receiptHandles) {
      const handles = receiptHandles.map(parseReceiptHandle).filter((handle) => handle !== undefined);
      if (handles.length === 0) return;
      loosely(() => {
        for (const { id, receiveCount, messageId } of handles) remove.run(id, receiveCount, messageId, queue);
      });
    },
    changeVisibility(queue, receiptHandle, seconds) {
      const changed = loosely(() => setVisibility(queue, receiptHandle, seconds));
      if (changed && seconds === 0) tell([queue]);
      return changed;
    },
    release(queue, receiptHandles) {
      const released = loosely(() => receiptHandles.filter((handle) => setVisibility(queue, handle, 0)));
      if (released.length > 0) tell([queue]);
    },
    makeInFlightVisible() {
      const now = clock.now();
      if (loosely(() => revive.run(now, now).changes) > 0) tell(queues.keys());
    },

    counts(queue) {
      settingsOf(queue);
      const row = count.get({ now: clock.now(), queue }) ?? {};
      return { visible: integer(row.visible), inFlight: integer(row.held), delayed: integer(row.delayed) };
    },
    nextDueAt() {
      const now = clock.now();
      let earliest: number | undefined;
      for (const queue of queues.keys()) {
        const at = next.get(queue, now)?.at;
        if (typeof at === 'number' && (earliest === undefined || at < earliest)) earliest = at;
      }
      return earliest;
    },

    checkpoint(name) {
      const row = getCheckpoint.get(name);
      return row === undefined ? undefined : text(row.value);
    },
    setCheckpoint(name, value) {
      loosely(() => putCheckpoint.run(name, value));
    },
    onMessage(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    parameters: {
      get(name) {
        const row = getParameter.get(name);
        return row === undefined ? undefined : text(row.value);
      },
      describe(name) {
        const row = getParameter.get(name);
        if (row === undefined) return undefined;
        return { value: text(row.value), version: integer(row.version), changedAt: integer(row.changed_at) };
      },
      put: (name, value) => durably(() => integer(putParameter.get(name, value, clock.now())?.version)),
    },
    close: () => database.close(),
  };
}
