// By which id does a sender know its receipt, and which item of the table is it?
import { epochOf } from '../../events/instant.ts';
import type { ReceiptKey } from './receipt.ts';

/** The connection of a receipt; a partition is `tenant#connection`, and no tenant has a `#`. */
export const connectionOfKey = ({ partition }: Pick<ReceiptKey, 'partition'>): string =>
  partition.slice(partition.indexOf('#') + 1);

/** When a receipt was received, from its key `receivedAt#id`. */
export const receivedAtOf = ({ id }: Pick<ReceiptKey, 'id'>): string => id.slice(0, id.indexOf('#'));

/**
 * The id that the sender's answer carries. It leads to one item without a search, so it holds the connection and the time; for
 * clients it is opaque. It has only characters that need no encoding in a URL.
 */
export const receiptIdOf = (key: ReceiptKey): string => {
  const receivedAt = receivedAtOf(key);
  return `${connectionOfKey(key)}.${epochOf(receivedAt).toString(36)}.${key.id.slice(receivedAt.length + 1)}`;
};

/** The key of a tenant's receipt with this id; undefined where no receipt can have it. */
export const keyOfReceiptId = (tenantId: string, receiptId: string): ReceiptKey | undefined => {
  const [, connection, time = '', id] = /^([^#]+)\.([0-9a-z]{1,9})\.([^.#]+)$/.exec(receiptId) ?? [];
  const epoch = Number.parseInt(time, 36);
  if (connection === undefined || id === undefined || !(epoch <= 8.64e15)) return undefined;
  return { partition: `${tenantId}#${connection}`, id: `${new Date(epoch).toISOString()}#${id}` };
};
