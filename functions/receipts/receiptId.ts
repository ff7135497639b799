// By which id does a sender know its receipt, and which item of the table is it?
import { epochOf } from '../../events/instant.ts';
import type { ReceiptKey } from './receipt.ts';
import { partitionOf, placeOfPartition } from './receiptPartitions.ts';

/** The connection of a receipt. */
export const connectionOfKey = ({ partition }: Pick<ReceiptKey, 'partition'>): string =>
  placeOfPartition(partition).connection;

/** When a receipt was received, from its key `receivedAt#id`. */
export const receivedAtOf = ({ id }: Pick<ReceiptKey, 'id'>): string => id.slice(0, id.indexOf('#'));

/**
 * The id that the sender's answer carries. It leads to one item without a search, so it holds the connection, the time and the
 * partition's mark; for clients it is opaque. It has only characters that need no encoding in a URL. Ids of an earlier release have no mark.
 */
export const receiptIdOf = (key: ReceiptKey): string => {
  const { connection, mark } = placeOfPartition(key.partition);
  const receivedAt = receivedAtOf(key);
  const id = key.id.slice(receivedAt.length + 1);
  return `${connection}.${epochOf(receivedAt).toString(36)}.${id}${mark === undefined ? '' : `~${mark}`}`;
};

/** The key of a tenant's receipt with this id; undefined where no receipt can have it. */
export const keyOfReceiptId = (tenantId: string, receiptId: string): ReceiptKey | undefined => {
  const [, connection, time = '', id, mark] =
    /^([^#]+)\.([0-9a-z]{1,9})\.([^.#~]+)(?:~([0-9a-f]))?$/.exec(receiptId) ?? [];
  const epoch = Number.parseInt(time, 36);
  if (connection === undefined || id === undefined || !(epoch <= 8.64e15)) return undefined;
  return { partition: partitionOf(tenantId, connection, mark), id: `${new Date(epoch).toISOString()}#${id}` };
};
