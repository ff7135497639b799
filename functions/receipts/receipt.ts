// What does a receipt store of a message, before the message is translated?

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { builtOnce } from '../../events/builtOnce.ts';
import type { Message } from '../../events/sources/delivery.ts';
import { packed, unpackText } from '../aws/packText.ts';
import { type ReceiptFact, storedFacts } from './receiptFacts.ts';
import { partitionMarkOf, partitionOf } from './receiptPartitions.ts';

/** The key of a receipt in its table. */
export const ReceiptKey = z.object({ partition: z.string().min(1), id: z.string().min(1) });
export type ReceiptKey = Readonly<z.infer<typeof ReceiptKey>>;

export const receiptStatuses = ['pending', 'waiting', 'translated', 'ignored', 'refused', 'expired', 'erased'] as const;

/** A record of a table's stream holds bytes as base64 text. */
const Bytes = z.union([z.instanceof(Uint8Array), z.base64().transform((text) => Buffer.from(text, 'base64'))]);

/** The exact text, compressed where that is shorter: DynamoDB writes the whole receipt when it arrives, and again when it ends. */
const Text = builtOnce(() =>
  z.union([
    z.object({ S: z.string() }).transform(({ S }) => S),
    z.object({ B: Bytes }).transform(({ B }) => unpackText(B)),
  ]),
);

const Stored = builtOnce(() =>
  z.object({
    partition: z.string(),
    id: z.string(),
    kind: z.literal('receipt'),
    status: z.enum(receiptStatuses),
    /** Why it waits, or waited until it expired, was ignored, or was refused. */
    reason: z.string().optional(),
    headersJson: z.string().default('{}'),
    source: z.string(),
    connectionId: z.string(),
    tenantId: z.string(),
    receivedAt: z.string(),
    /** The partitions that may hold pointers to this receipt. They are stored here before the pointers are written, and stay. */
    waitsUnder: z.array(z.string()).default([]),
    /** How many parts hold the body; absent: the receipt holds it itself. */
    bodyParts: z.int().min(1).optional(),
  }),
);

export interface Receipt extends ReceiptKey {
  readonly status: (typeof receiptStatuses)[number];
  readonly reason?: string;
  readonly source: string;
  readonly connectionId: string;
  readonly tenantId: string;
  readonly waitsUnder: readonly string[];
  /** How many items beside the receipt hold its body; absent: none. */
  readonly bodyParts?: number;
  /** The facts that came of it when it was translated before; absent where none did. */
  readonly said?: readonly ReceiptFact[];
  readonly message: Message;
}

/** The state of a receipt. */
export type Standing = Pick<Receipt, 'status' | 'waitsUnder'>;

type Item = Record<string, AttributeValue>;

const Headers = builtOnce(() => z.record(z.string(), z.string()));

/** The state of the receipt in an item of its table. */
export const standingOf = ({ body: _, ...item }: Item): Standing => Stored().parse(unmarshall(item));

/** How many parts hold the body of the receipt in an item; undefined where the receipt holds it itself. */
export const bodyPartsOf = ({ bodyParts }: Item): number | undefined =>
  bodyParts?.N === undefined ? undefined : Number(bodyParts.N);

/** A receipt, from an item of its table, and its body where parts hold that (none where it was erased); throws where the item is malformed. */
export const receiptOf = ({ body: inItem, ...item }: Item, fromParts?: string): Receipt => {
  const isErased = inItem === undefined && item.status?.S === 'erased';
  const body = fromParts ?? (isErased ? '' : Text().parse(inItem));
  const { partition, id, status, reason, source, connectionId, tenantId, waitsUnder, bodyParts, ...stored } =
    Stored().parse(unmarshall(item));
  const headers = Headers().parse(JSON.parse(stored.headersJson));
  const said = storedFacts(item);
  return {
    ...{ partition, id, status, source, connectionId, tenantId, waitsUnder },
    ...(reason !== undefined && { reason }),
    ...(bodyParts !== undefined && { bodyParts }),
    ...(said.length > 0 && { said }),
    message: { body, headers, receivedAt: stored.receivedAt },
  };
};

/** Whether nothing is left to do for a receipt. */
export const hasEnded = ({ status }: Pick<Receipt, 'status'>): boolean => status !== 'pending' && status !== 'waiting';

/** An ended receipt is deleted after so many days. */
export const endedDaysKept = 90;

/** In so many partitions of the index of open receipts each tenant has its own, the oldest first. */
export const openShards = ['00', '01', '02', '03'] as const;

/** Only headers that a translation reads are stored, and no signatures, tokens or cookies. */
const isKept = (name: string): boolean =>
  name === 'content-type' || name === 'webhook-id' || name === 'webhook-timestamp' || name.startsWith('ce-');

const shardOf = (receiptId: string): string =>
  openShards[[...receiptId].reduce((sum, character) => sum + character.charCodeAt(0), 0) % openShards.length] ??
  openShards[0];

export interface NewReceipt {
  readonly connection: string;
  readonly tenantId: string;
  readonly source: string;
  /** Unique, so that two messages of one millisecond are two receipts. */
  readonly receiptId: string;
  readonly message: Message;
}

/** A new receipt's key. */
export const keyOf = ({ connection, tenantId, receiptId, message }: NewReceipt): ReceiptKey => ({
  partition: partitionOf(tenantId, connection, partitionMarkOf(receiptId)),
  id: `${message.receivedAt}#${receiptId}`,
});

/** The tenant of a receipt; a partition begins with `tenant#connection`, and no tenant has a `#`. */
export const tenantOfKey = ({ partition }: Pick<ReceiptKey, 'partition'>): string =>
  partition.slice(0, partition.indexOf('#'));

/** A partition of the index of open receipts. No other tenant's receipts are in it, so a flood slows no other's writes and walks. */
export const openPartitionOf = (tenantId: string, shard: string): string => `${tenantId}#${shard}`;

/** What places an open receipt in its index. */
export const openKeyOf = (key: ReceiptKey) => ({
  open: openPartitionOf(tenantOfKey(key), shardOf(key.id.slice(key.id.indexOf('#') + 1))),
  openId: openIdOf(tenantOfKey(key), key.id),
});

/** The sort key of the index of open receipts. No tenant has a `#`. */
export const openIdOf = (tenantId: string, id: string): string => `${tenantId}#${id}`;

/** The partition of the index of what ended without facts: a tenant's receipts of a day. */
export const endedPartitionOf = (key: ReceiptKey): string => `${tenantOfKey(key)}#${key.id.slice(0, 10)}`;

/** A new receipt as an item; `bodyParts` says how many items hold its body, and is absent where this item holds it. */
export const receiptItem = (receipt: NewReceipt, bodyParts?: number): Item => {
  const { body, headers, receivedAt } = receipt.message;
  const kept = Object.entries(headers).filter(([name]) => isKept(name));
  return marshall({
    ...keyOf(receipt),
    kind: 'receipt',
    status: 'pending',
    ...openKeyOf(keyOf(receipt)),
    ...(bodyParts === undefined ? { body: packed(body) } : { bodyParts }),
    headersJson: JSON.stringify(Object.fromEntries(kept)),
    source: receipt.source,
    connectionId: receipt.connection,
    tenantId: receipt.tenantId,
    receivedAt,
  });
};
