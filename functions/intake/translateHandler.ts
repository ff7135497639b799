// What does translate do with what wakes it? New receipts of the stream, links that were recorded, receipts that are offered again.
import type { Logger } from '@aws-lambda-powertools/logger';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { parseRecorded } from '../../events/catalog.ts';
import { type KeepFailure, reasonOf } from '../aws/failureLog.ts';
import type { IdentityResolver } from './identityResolver.ts';
import { hasEnded, type Receipt, ReceiptKey, receiptOf } from './receipt.ts';
import type { Receipts } from './receipts.ts';
import type { TranslateReceipts } from './translateReceipts.ts';
import { type Waiting, waitPartitionOf } from './waitingIndex.ts';

const Image = z.record(
  z.string(),
  z.custom<AttributeValue>((value) => typeof value === 'object' && value !== null),
);
const StreamBatch = z.object({
  Records: z.array(z.object({ dynamodb: z.object({ SequenceNumber: z.string().min(1), NewImage: z.unknown() }) })),
});
const QueueBatch = z.object({ Records: z.array(z.object({ messageId: z.string().min(1), body: z.string() })) });

const Offer = z.object({ receipt: ReceiptKey });
const Envelope = z.object({ 'detail-type': z.literal('IdentityLinked'), detail: z.unknown() });

export interface TranslateHandlerSettings {
  readonly translate: TranslateReceipts;
  readonly identities: IdentityResolver;
  readonly receipts: Receipts;
  readonly waiting: Waiting;
  readonly keepFailure: KeepFailure;
  readonly logger: Pick<Logger, 'debug' | 'error'>;
}

interface Failed {
  readonly item: string;
  readonly eventId: string;
  readonly reason: string;
}

/** So many receipts that waited for one id are held in memory at once. */
const wokenAtOnce = 50;

/** The handler of both. Throws only where the event is no batch. */
export const createTranslateHandler = (settings: TranslateHandlerSettings) => {
  const { translate, identities, receipts, waiting, keepFailure, logger } = settings;

  const takeImages = async (records: z.infer<typeof StreamBatch>['Records']): Promise<readonly Failed[]> => {
    const items = new Map<Receipt, string>();
    const failed: Failed[] = [];
    for (const { dynamodb } of records) {
      const item = dynamodb.SequenceNumber;
      try {
        items.set(receiptOf(Image.parse(dynamodb.NewImage)), item);
      } catch (error) {
        failed.push({ item, eventId: `sequence:${item}`, reason: `receiptNotUnderstood: ${reasonOf(error)}` });
      }
    }
    const unread = await translate([...items.keys()]);
    return [
      ...failed,
      ...unread.map(({ receipt, error }) => ({
        item: items.get(receipt) ?? '',
        eventId: receipt.id,
        reason: reasonOf(error),
      })),
    ];
  };

  /** Translates those that still wait; throws where one failed. Pointers at what has ended go: who set them was cut off. */
  const translateOpen = async (found: readonly Receipt[]): Promise<void> => {
    const left = found
      .filter(hasEnded)
      .flatMap((receipt) => receipt.waitsUnder.map((partition) => ({ partition, receipt })));
    await Promise.all(left.map(({ partition, receipt }) => waiting.remove(partition, receipt)));
    const failures = await translate(found.filter((receipt) => !hasEnded(receipt)));
    const [first] = failures;
    if (first !== undefined) {
      throw new Error(`${failures.length} receipts failed, first ${first.receipt.id}: ${reasonOf(first.error)}`, {
        cause: first.error,
      });
    }
  };

  const wake = async (partition: string): Promise<void> => {
    for await (const page of waiting.under(partition)) {
      for (let start = 0; start < page.length; start += wokenAtOnce) {
        const keys = page.slice(start, start + wokenAtOnce);
        const found = await Promise.all(keys.map((key) => receipts.get(key)));
        await translateOpen(found.filter((receipt) => receipt !== undefined));
        // Of what is gone, and of what ended without having recorded this one.
        await Promise.all(
          keys.map(async (key, index) => {
            const receipt = found[index];
            if (receipt === undefined || hasEnded(receipt)) await waiting.remove(partition, key);
          }),
        );
      }
    }
  };

  const takeMessage = async (body: string): Promise<void> => {
    const said: unknown = JSON.parse(body);
    const offer = Offer.safeParse(said);
    if (offer.success) {
      const receipt = await receipts.get(offer.data.receipt);
      return await translateOpen(receipt === undefined ? [] : [receipt]);
    }
    const envelope = Envelope.safeParse(said);
    if (!envelope.success)
      throw new Error('the message is neither a receipt that is offered again nor an IdentityLinked');
    const linked = parseRecorded(envelope.data.detail);
    if (!linked.ok || linked.value.type !== 'IdentityLinked') {
      throw new Error(`the IdentityLinked is not understood: ${JSON.stringify(linked.ok ? [] : linked.issues)}`);
    }
    const { tenantId, data } = linked.value;
    identities.forget(tenantId, data.external);
    await wake(waitPartitionOf(tenantId, data.external));
  };

  const takeMessages = async (records: z.infer<typeof QueueBatch>['Records']): Promise<readonly Failed[]> => {
    const failed: Failed[] = [];
    for (const { messageId, body } of records) {
      try {
        await takeMessage(body);
      } catch (error) {
        failed.push({ item: messageId, eventId: messageId, reason: reasonOf(error) });
      }
    }
    return failed;
  };

  return async (event: unknown): Promise<SQSBatchResponse> => {
    const stream = StreamBatch.safeParse(event);
    const queue = stream.success ? undefined : QueueBatch.safeParse(event);
    if (queue?.success === false)
      throw new Error('the event is no batch of a stream or a queue', { cause: queue.error });
    const records = stream.data?.Records ?? queue?.data?.Records ?? [];
    const failed = stream.success
      ? await takeImages(stream.data.Records)
      : await takeMessages(queue?.data?.Records ?? []);
    for (const { eventId, reason } of failed) {
      logger.error('a receipt could not be translated', { eventId, reason });
      try {
        await keepFailure({ eventId, reason });
      } catch (error) {
        logger.error('its reason could not be kept', { eventId, reason: reasonOf(error) });
      }
    }
    logger.debug('a batch was translated', { records: records.length, failed: failed.length });
    return { batchItemFailures: failed.map(({ item }) => ({ itemIdentifier: item })) };
  };
};
