// What does a receipt store of a message, before the message is translated?
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Message } from '../../events/sources/delivery.ts';
import { packText, unpackText } from '../aws/packText.ts';

/** The key of a receipt in its table. */
export const ReceiptKey = z.object({ partition: z.string().min(1), id: z.string().min(1) });
export type ReceiptKey = Readonly<z.infer<typeof ReceiptKey>>;

const receiptStatuses = ['pending', 'waiting', 'translated', 'ignored', 'refused'] as const;

/** A record of a table's stream holds bytes as base64 text. */
const Bytes = z.union([z.instanceof(Uint8Array), z.base64().transform((text) => Buffer.from(text, 'base64'))]);

/** The exact text, compressed where that is shorter: DynamoDB writes the whole receipt when it arrives, and again when it ends. */
const Body = z.union([
  z.object({ S: z.string() }).transform(({ S }) => S),
  z.object({ B: Bytes }).transform(({ B }) => unpackText(B)),
]);

const packedBody = (body: string): string | Uint8Array => {
  const packed = packText(body);
  return packed.length < Buffer.byteLength(body) ? packed : body;
};

const Stored = z.object({
  partition: z.string(),
  id: z.string(),
  kind: z.literal('receipt'),
  status: z.enum(receiptStatuses),
  /** Why it waits, was ignored, or was refused. */
  reason: z.string().optional(),
  headersJson: z.string().default('{}'),
  source: z.string(),
  connectionId: z.string(),
  tenantId: z.string(),
  receivedAt: z.string(),
  /** The partitions that may hold pointers to this receipt. They are stored here before the pointers are written, and stay. */
  waitsUnder: z.array(z.string()).default([]),
});

export interface Receipt extends ReceiptKey {
  readonly status: (typeof receiptStatuses)[number];
  readonly reason?: string;
  readonly source: string;
  readonly connectionId: string;
  readonly tenantId: string;
  readonly waitsUnder: readonly string[];
  readonly message: Message;
}

const Headers = z.record(z.string(), z.string());

/** A receipt, from an item of its table; throws where the item is malformed. */
export const receiptOf = ({ body: packed, ...item }: Record<string, AttributeValue>): Receipt => {
  const body = Body.parse(packed);
  const { partition, id, status, reason, source, connectionId, tenantId, waitsUnder, ...said } = Stored.parse(
    unmarshall(item),
  );
  const headers = Headers.parse(JSON.parse(said.headersJson));
  return {
    ...{ partition, id, status, source, connectionId, tenantId, waitsUnder },
    ...(reason !== undefined && { reason }),
    message: { body, headers, receivedAt: said.receivedAt },
  };
};

/** Whether nothing is left to do for a receipt. */
export const hasEnded = ({ status }: Pick<Receipt, 'status'>): boolean => status !== 'pending' && status !== 'waiting';

/** The partitions of the index of open receipts. */
export const pendingShards = ['00', '01', '02', '03'] as const;

/** Only headers that a translation reads are stored, and no signatures, tokens or cookies. */
const isKept = (name: string): boolean =>
  name === 'content-type' || name === 'webhook-id' || name === 'webhook-timestamp' || name.startsWith('ce-');

const shardOf = (receiptId: string): string =>
  pendingShards[[...receiptId].reduce((sum, character) => sum + character.charCodeAt(0), 0) % pendingShards.length] ??
  pendingShards[0];

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
  partition: `${tenantId}#${connection}`,
  id: `${message.receivedAt}#${receiptId}`,
});

/** A new receipt as an item. */
export const receiptItem = (receipt: NewReceipt): Record<string, AttributeValue> => {
  const { body, headers, receivedAt } = receipt.message;
  const kept = Object.entries(headers).filter(([name]) => isKept(name));
  return marshall({
    ...keyOf(receipt),
    kind: 'receipt',
    status: 'pending',
    pending: shardOf(receipt.receiptId),
    body: packedBody(body),
    headersJson: JSON.stringify(Object.fromEntries(kept)),
    source: receipt.source,
    connectionId: receipt.connection,
    tenantId: receipt.tenantId,
    receivedAt,
  });
};
