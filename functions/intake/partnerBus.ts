// To which connection does an event of a partner bus belong, and how is it stored as a receipt?
// The receive handler calls it; it reads connections, and writes the tables of receipts and sources.
import * as z from 'zod';
import { instantOf } from '../../events/instant.ts';
import { sources } from '../../events/sources/catalog.ts';
import type { QueueRecord } from '../aws/batchRecords.ts';
import type { Receipts } from '../receipts/receipts.ts';
import type { Connections, StoredConnection } from './connections.ts';
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
 * Stores the event in a message's body as a receipt. The name of the bus gives the account, and the account its connection.
 * Throws, with what is wrong and how to correct it, where that fails; the event then stays in its queue.
 */
export const createPartnerBus = ({ connections, receipts, heard, now }: PartnerBusSettings) => {
  const connectionOf = async (eventSource: string): Promise<StoredConnection> => {
    for (const source of sources) {
      const { delivery } = source;
      const account = delivery.way === 'partnerBus' ? delivery.accountOfBus(eventSource) : undefined;
      const connection = account === undefined ? undefined : await connections.byAccount(source.name, account);
      if (connection?.source !== source.name) continue;
      if (connection.active) return connection;
      throw new Error(
        `connectionDisabled: connection ${connection.connection} is disabled; enable it, and redrive its events`,
      );
    }
    throw new Error(
      `connectionUnknown: no active connection accepts the events of ${eventSource}; connect its account`,
    );
  };

  return async ({ id, body, sentAt }: QueueRecord): Promise<void> => {
    const envelope = Envelope.safeParse(JSON.parse(body.replace(/^\uFEFF/, '')));
    if (!envelope.success) throw new Error('notAnEvent: the message is not an EventBridge event with a source');
    const connection = await connectionOf(envelope.data.source);
    const bytes = Buffer.byteLength(body);
    if (bytes > bodyBytesLimit)
      throw new Error(`bodyTooLarge: the event has ${bytes} bytes; ${bodyBytesLimit} are allowed`);
    // From the queue's own values, so that a redelivery of the message finds its receipt.
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
