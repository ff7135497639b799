// What does translate do with new receipts, with recorded links and leads, and with receipts that are offered again?
// The translate function calls it; it has receipts translated, and sends receipts that fail to translate's queue.
import * as z from 'zod';
import { parseRecorded, type RecordedEvent } from '../../events/catalog.ts';
import { type BatchHandlerSettings, createBatchHandler } from '../aws/batchHandler.ts';
import { Attributes, jsonIn, type QueueRecord, type StreamRecord, type Understood } from '../aws/batchRecords.ts';
import { type NotDone, oneByOne } from '../aws/batchWork.ts';
import { reasonOf } from '../aws/failureLog.ts';
import { inFairParallel } from '../aws/parallel.ts';
import { bodyPartsOf, type Receipt, ReceiptKey, receiptOf, tenantOfKey } from '../receipts/receipt.ts';
import type { IdentityResolver } from './identityResolver.ts';
import { leadOfStream } from './partnerScope.ts';
import type { TranslateReceipts } from './translateReceipts.ts';
import { waitPartitionOf } from './waitingIndex.ts';
import type { WakeReceipts } from './wakeReceipts.ts';

type Link = Extract<RecordedEvent, { readonly type: 'IdentityLinked' }>;
type LeadWord = Extract<RecordedEvent, { readonly type: 'PartnerAssigned' | 'EngagementOpened' }>;

/** What a message of translate's queue asks for. */
type Asked =
  | { readonly receipt: ReceiptKey }
  | { readonly link: Link }
  | { readonly lead: LeadWord }
  | { readonly again: () => Promise<void> };

const Offer = z.object({ receipt: ReceiptKey });
const Envelope = z.object({
  'detail-type': z.enum(['IdentityLinked', 'PartnerAssigned', 'EngagementOpened']),
  detail: z.unknown(),
});
const Keys = z.object({ partition: z.object({ S: z.string() }), id: z.object({ S: z.string() }) });

export interface TranslateHandlerSettings extends Pick<BatchHandlerSettings<Asked, New>, 'keepFailure' | 'logger'> {
  readonly translate: TranslateReceipts;
  readonly identities: Pick<IdentityResolver, 'forget'>;
  readonly receipts: WakeReceipts;
  /** Sends receipts to translate's own queue, to be translated again; throws where it can't. */
  readonly offerAgain: (receipts: readonly ReceiptKey[]) => Promise<void>;
  /** The work of a message that has a page of old receipts translated again; undefined for any other message. */
  readonly translateAgain: (message: unknown) => (() => Promise<void>) | undefined;
}

const keyIn = ({ keys }: StreamRecord): ReceiptKey => {
  const { partition, id } = Keys.parse(keys);
  return { partition: partition.S, id: id.S };
};

/** Large receipts that are read from their parts at once. */
const partsAtOnce = 4;

/** A new receipt; only its key where parts hold its body, because the stream shows those apart. */
type New = Receipt | ReceiptKey;

const receiptIn = (record: StreamRecord): Understood<New> => {
  try {
    const item = Attributes.parse(record.image);
    return { ok: true, item: bodyPartsOf(item) === undefined ? receiptOf(item) : keyIn(record) };
  } catch (error) {
    return { ok: false, reason: `receiptNotUnderstood: ${reasonOf(error)}` };
  }
};

const askedIn = (
  { body }: QueueRecord,
  translateAgain: TranslateHandlerSettings['translateAgain'],
): Understood<Asked> => {
  const refuse = (what: string): Understood<Asked> => ({ ok: false, reason: `notUnderstood: the message is ${what}` });
  const said = jsonIn(body);
  const offer = Offer.safeParse(said);
  if (offer.success) return { ok: true, item: offer.data };
  const again = translateAgain(said);
  if (again !== undefined) return { ok: true, item: { again } };
  const envelope = Envelope.safeParse(said);
  if (!envelope.success)
    return refuse(
      'neither a receipt that is offered again, nor a page of receipts to translate again, nor an IdentityLinked, PartnerAssigned or EngagementOpened',
    );
  const { 'detail-type': type, detail } = envelope.data;
  const recorded = parseRecorded(detail);
  if (!recorded.ok) return refuse(`not a valid recorded ${type}: ${JSON.stringify(recorded.issues)}`);
  switch (recorded.value.type) {
    case 'IdentityLinked':
      return { ok: true, item: { link: recorded.value } };
    case 'PartnerAssigned':
    case 'EngagementOpened':
      return { ok: true, item: { lead: recorded.value } };
    default:
      return refuse(`a ${recorded.value.type}, and not an ${type}`);
  }
};

const idOf = (asked: Asked): string => {
  if ('receipt' in asked) return asked.receipt.id;
  if ('again' in asked) return 'translate-again';
  return 'link' in asked ? asked.link.eventId : asked.lead.eventId;
};

/** The handler of the receipts table's stream and of translate's queue. A new receipt that fails goes to the queue. */
export const createTranslateHandler = (settings: TranslateHandlerSettings) => {
  const { translate, identities, receipts, offerAgain, translateAgain, keepFailure, logger } = settings;

  const inParts = async (key: ReceiptKey): Promise<NotDone | undefined> => {
    try {
      return void (await receipts.offer(key));
    } catch (error) {
      return { reason: reasonOf(error) };
    }
  };

  const translateNew = async (batch: readonly New[]): Promise<readonly (NotDone | undefined)[]> => {
    const failed = await translate(batch.filter((each) => 'message' in each));
    const failures = new Map<New, NotDone>(failed.map(({ receipt, error }) => [receipt, { reason: reasonOf(error) }]));
    return await inFairParallel(batch, { width: partsAtOnce, laneOf: tenantOfKey }, async (each) =>
      'message' in each ? failures.get(each) : await inParts(each),
    );
  };

  const take = async (asked: Asked): Promise<void> => {
    if ('receipt' in asked) return await receipts.offer(asked.receipt);
    if ('again' in asked) return await asked.again();
    if ('lead' in asked) {
      const { tenantId, streamId } = asked.lead;
      return await receipts.wake(waitPartitionOf(tenantId, leadOfStream(streamId)));
    }
    const { tenantId, data } = asked.link;
    identities.forget(tenantId, data.external);
    await receipts.wake(waitPartitionOf(tenantId, data.external));
  };

  return createBatchHandler<Asked, New>({
    stream: {
      read: receiptIn,
      about: ({ id }) => ({ eventId: id }),
      work: translateNew,
      setAside: (records) => offerAgain(records.map(keyIn)),
    },
    queue: {
      read: (record) => askedIn(record, translateAgain),
      about: (asked) => ({
        eventId: idOf(asked),
      }),
      work: oneByOne(1, take),
    },
    keepFailure,
    logger,
  });
};
