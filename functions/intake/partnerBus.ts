// Whose event has a partner bus brought, and is it kept? The bus's own name tells the account, and with it the connection.
import * as z from 'zod';
import { instantOf } from '../../events/instant.ts';
import { sources } from '../../events/sources/catalog.ts';
import type { QueueRecord } from '../aws/batchRecords.ts';
import type { Connections, StoredConnection } from './connections.ts';
import type { Receipts } from './receipts.ts';
import type { SourceActivity } from './sourceActivity.ts';
import { bodyBytesLimit } from './webhook.ts';

const Envelope = z.object({ source: z.string().min(1) });

export interface PartnerBusSettings {
  readonly connections: Connections;
  readonly receipts: Receipts;
  readonly heard: SourceActivity;
  readonly now: () => string;
}

/**
 * Keeps the event that is a message's body as a receipt; throws, with what is wrong and how to mend it, where that can't be:
 * the event stays in its queue.
 */
export const createPartnerBus = ({ connections, receipts, heard, now }: PartnerBusSettings) => {
  const connectionOf = async (eventSource: string): Promise<StoredConnection> => {
    for (const source of sources) {
      const { delivery } = source;
      const account = delivery.way === 'partnerBus' ? delivery.accountOfBus(eventSource) : undefined;
      const connection = account === undefined ? undefined : await connections.byAccount(source.name, account);
      if (connection?.active === true && connection.source === source.name) return connection;
    }
    throw new Error(`connectionUnknown: no active connection takes the events of ${eventSource}: connect its account`);
  };

  return async ({ id, body, sentAt }: QueueRecord): Promise<void> => {
    const envelope = Envelope.safeParse(JSON.parse(body));
    if (!envelope.success) throw new Error('notAnEvent: the message is no EventBridge event with a source');
    const connection = await connectionOf(envelope.data.source);
    const bytes = Buffer.byteLength(body);
    if (bytes > bodyBytesLimit)
      throw new Error(`bodyTooLarge: the event has ${bytes} bytes; ${bodyBytesLimit} are allowed`);
    // Of the queue's own words, so that a redelivery of one message meets its receipt.
    const receivedAt = sentAt === undefined ? now() : instantOf(sentAt);
    await receipts.keep({
      connection: connection.connection,
      tenantId: connection.tenantId,
      source: connection.source,
      receiptId: id,
      message: { body, headers: {}, receivedAt },
    });
    await heard(connection, receivedAt);
  };
};
