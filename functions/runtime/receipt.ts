// What is kept of a message before it is understood? Its exact text, whose it is, and how far it has come.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Message } from '../../events/sources/source.ts';

/** Where a receipt lies in its table. */
export const ReceiptKey = z.object({ partition: z.string().min(1), id: z.string().min(1) });
export type ReceiptKey = Readonly<z.infer<typeof ReceiptKey>>;

export const receiptStatuses = ['pending', 'waiting', 'translated', 'ignored', 'refused'] as const;

const Stored = z.object({
  partition: z.string(),
  id: z.string(),
  kind: z.literal('receipt'),
  status: z.enum(receiptStatuses),
  /** Why it waits, says nothing to us, or was refused. */
  reason: z.string().optional(),
  body: z.string(),
  headersJson: z.string().default('{}'),
  source: z.string(),
  connectionId: z.string(),
  tenantId: z.string(),
  receivedAt: z.string(),
  /** The partitions in which pointers to this receipt stand, while it waits. */
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

/** An item of the receipts table as a receipt; throws where it is none. */
export const receiptOf = (item: Record<string, AttributeValue>): Receipt => {
  const { partition, id, status, reason, source, connectionId, tenantId, waitsUnder, ...said } = Stored.parse(
    unmarshall(item),
  );
  const headers = Headers.parse(JSON.parse(said.headersJson));
  return {
    ...{ partition, id, status, source, connectionId, tenantId, waitsUnder },
    ...(reason !== undefined && { reason }),
    message: { body: said.body, headers, receivedAt: said.receivedAt },
  };
};

/** How many partitions the index of what is pending has. */
export const pendingShards = ['00', '01', '02', '03'] as const;

/** The headers that a translation reads; signatures, tokens and cookies have done their work. */
const isKept = (name: string): boolean =>
  name === 'content-type' || name === 'webhook-id' || name === 'webhook-timestamp' || name.startsWith('ce-');

const shardOf = (receiptId: string): string =>
  pendingShards[[...receiptId].reduce((sum, character) => sum + character.charCodeAt(0), 0) % pendingShards.length] ??
  pendingShards[0];

export interface NewReceipt {
  readonly connection: string;
  readonly tenantId: string;
  readonly source: string;
  /** Unique by itself, so that two messages of one millisecond never meet. */
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
    body,
    headersJson: JSON.stringify(Object.fromEntries(kept)),
    source: receipt.source,
    connectionId: receipt.connection,
    tenantId: receipt.tenantId,
    receivedAt,
  });
};
