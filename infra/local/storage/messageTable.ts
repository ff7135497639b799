// How are messages stored in the queues' file? These SQL statements insert, receive, hide and count rows; the caller opens the transaction.
import type { SQLOutputValue } from 'node:sqlite';
import type { QueueDatabase } from './queueDatabase.ts';
import { integer, messageColumns, type Receipt, text } from './queueRows.ts';

export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export interface NewMessage {
  readonly queue: string;
  readonly messageId: string;
  readonly body: string;
  readonly attributes: string | null;
  /** Empty: none. */
  readonly group: string;
  readonly sentAt: number;
  readonly visibleAt: number;
}

/** All instants are epoch milliseconds. */
export interface MessageTable {
  insert(message: NewMessage): void;
  anyDue(queue: string, now: number): boolean;
  /** Up to so many visible rows: of each group in turn, the oldest first. */
  due(queue: string, now: number, most: number): readonly Readonly<Record<string, SQLOutputValue>>[];
  /** Counts one more receive, and hides the row until that instant. */
  take(id: number, now: number, visibleAt: number): void;
  /** Moves the row to another queue, visible at once. */
  bury(id: number, queue: string, now: number): void;
  remove(queue: string, receipt: Receipt): void;
  /** Hides a row in flight until that instant; false where the receive no longer holds it. */
  hide(queue: string, receipt: Receipt, times: { readonly now: number; readonly until: number }): boolean;
  /** Makes rows in flight visible, in all queues; answers whether there were any. */
  revive(now: number): boolean;
  count(queue: string, now: number): QueueCounts;
  /** When the next hidden row becomes visible. */
  nextVisible(queue: string, now: number): number | undefined;
}

const received = 'id = ? AND receive_count = ? AND message_id = ? AND queue = ?';

const sql = {
  insert: `INSERT INTO messages (queue, message_id, body, attributes, message_group, sent_at, visible_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  anyDue: 'SELECT 1 FROM messages WHERE queue = ? AND visible_at <= ? LIMIT 1',
  // From one group to the next by the index, so that the backlog of a group is not read.
  groups: `WITH RECURSIVE found(of) AS (
     SELECT min(message_group) FROM messages WHERE queue = :queue
     UNION ALL SELECT (SELECT min(message_group) FROM messages WHERE queue = :queue AND message_group > found.of)
     FROM found WHERE found.of IS NOT NULL) SELECT of FROM found WHERE of IS NOT NULL`,
  due: `SELECT ${messageColumns}, visible_at FROM messages
     WHERE queue = ? AND message_group = ? AND visible_at <= ? ORDER BY visible_at, id LIMIT ?`,
  take: `UPDATE messages SET receive_count = receive_count + 1, visible_at = ?,
     first_received_at = coalesce(first_received_at, ?) WHERE id = ?`,
  bury: 'UPDATE messages SET queue = ?, visible_at = ? WHERE id = ?',
  remove: `DELETE FROM messages WHERE ${received}`,
  hide: `UPDATE messages SET visible_at = ? WHERE ${received} AND visible_at > ?`,
  // A hidden message that was ever received is in flight; else it is delayed. Every other end of a receive makes the message visible.
  revive: 'UPDATE messages SET visible_at = ? WHERE receive_count > 0 AND visible_at > ?',
  count: `SELECT count(*) FILTER (WHERE visible_at <= :now) AS visible,
     count(*) FILTER (WHERE visible_at > :now AND receive_count > 0) AS held,
     count(*) FILTER (WHERE visible_at > :now AND receive_count = 0) AS delayed FROM messages WHERE queue = :queue`,
  next: 'SELECT min(visible_at) AS at FROM messages WHERE queue = ? AND visible_at > ?',
};

type Row = Readonly<Record<string, SQLOutputValue>>;

const isOlder = (a: Row, b: Row): number =>
  integer(a.visible_at) - integer(b.visible_at) || integer(a.id) - integer(b.id);

/** The first row of each group, the oldest first, then the second of each, and so on. */
function inTurns(groups: readonly (readonly Row[])[], most: number): readonly Row[] {
  const deepest = Math.max(0, ...groups.map((rows) => rows.length));
  const taken: Row[] = [];
  for (let turn = 0; turn < deepest && taken.length < most; turn += 1) {
    const next = groups.map((rows) => rows[turn]).filter((row) => row !== undefined);
    taken.push(...next.sort(isOlder));
  }
  return taken.slice(0, most);
}

/** Prepares the statements. */
export function messageTable({ db }: QueueDatabase): MessageTable {
  const [insert, anyDue, groups, due, take] = [
    db.prepare(sql.insert),
    db.prepare(sql.anyDue),
    db.prepare(sql.groups),
    db.prepare(sql.due),
    db.prepare(sql.take),
  ];
  const [bury, remove, hide, revive] = [
    db.prepare(sql.bury),
    db.prepare(sql.remove),
    db.prepare(sql.hide),
    db.prepare(sql.revive),
  ];
  const [count, next] = [db.prepare(sql.count), db.prepare(sql.next)];
  return {
    insert: ({ queue, messageId, body, attributes, group, sentAt, visibleAt }) =>
      void insert.run(queue, messageId, body, attributes, group, sentAt, visibleAt),
    anyDue: (queue, now) => anyDue.get(queue, now) !== undefined,
    due: (queue, now, most) =>
      inTurns(
        groups.all({ queue }).map(({ of }) => due.all(queue, text(of), now, most)),
        most,
      ),
    take: (id, now, visibleAt) => void take.run(visibleAt, now, id),
    bury: (id, queue, now) => void bury.run(queue, now, id),
    remove: (queue, { id, receiveCount, messageId }) => void remove.run(id, receiveCount, messageId, queue),
    hide: (queue, { id, receiveCount, messageId }, { now, until }) =>
      hide.run(until, id, receiveCount, messageId, queue, now).changes === 1,
    revive: (now) => revive.run(now, now).changes !== 0,
    count(queue, now) {
      const row = count.get({ now, queue }) ?? {};
      return { visible: integer(row.visible), inFlight: integer(row.held), delayed: integer(row.delayed) };
    },
    nextVisible(queue, now) {
      const at = next.get(queue, now)?.at;
      return typeof at === 'number' ? at : undefined;
    },
  };
}
