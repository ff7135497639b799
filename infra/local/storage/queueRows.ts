// How does a row of the queues' file become a message, and which receive does a receipt handle name?
import type { SQLOutputValue } from 'node:sqlite';

/** A message as received; instants in epoch milliseconds. */
export interface Message {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly receiveCount: number;
  readonly sentAt: number;
  readonly firstReceivedAt: number;
  readonly attributes: Readonly<Record<string, string>>;
  /** The group that its sender named. */
  readonly group?: string;
}

/** What a receipt handle names: one receive of one message. Row ids may be used again, message ids never. */
export interface Receipt {
  readonly id: number;
  readonly receiveCount: number;
  readonly messageId: string;
}

/** The columns that `readMessage` reads. */
export const messageColumns =
  'id, message_id, body, attributes, message_group, sent_at, receive_count, first_received_at';

const noAttributes: Readonly<Record<string, string>> = {};
const handleForm = /^(\d{1,15})\.(\d{1,15})\.([0-9a-f-]{36})$/;

/** The receive that a handle names; undefined when the text is no handle. */
export function parseReceiptHandle(handle: string): Receipt | undefined {
  const [, id, receiveCount, messageId] = handleForm.exec(handle) ?? [];
  if (id === undefined || receiveCount === undefined || messageId === undefined) return undefined;
  return { id: Number(id), receiveCount: Number(receiveCount), messageId };
}

/** The message of a row that is received now: its receive count is the row's plus one. */
export function readMessage(row: Readonly<Record<string, SQLOutputValue>>, now: number): Message {
  const messageId = text(row.message_id);
  const receiveCount = integer(row.receive_count) + 1;
  const group = text(row.message_group);
  return {
    messageId,
    receiptHandle: `${integer(row.id)}.${receiveCount}.${messageId}`,
    body: text(row.body),
    receiveCount,
    sentAt: integer(row.sent_at),
    firstReceivedAt: row.first_received_at === null ? now : integer(row.first_received_at),
    attributes: row.attributes === null ? noAttributes : JSON.parse(text(row.attributes)),
    ...(group === '' ? {} : { group }),
  };
}

export function integer(value: SQLOutputValue | undefined): number {
  if (typeof value !== 'number') throw new TypeError(`The queues' file holds ${typeof value} where a number belongs.`);
  return value;
}

export function text(value: SQLOutputValue | undefined): string {
  if (typeof value !== 'string') throw new TypeError(`The queues' file holds ${typeof value} where text belongs.`);
  return value;
}
