// How does a commit reach the outside? Its events go on the bus, at least once; the first that can't is where the stream waits.
import type { Logger } from '@aws-lambda-powertools/logger';
import type { DynamoDBBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { type Bus, type BusEntry, recordedSource } from '../aws/eventBridge.ts';
import { type KeepFailure, reasonOf } from '../aws/failureLog.ts';
import { changedCommit } from './tamperedCommit.ts';

const Batch = z.object({
  Records: z.array(
    z.object({
      eventName: z.string().default('INSERT'),
      dynamodb: z.object({
        SequenceNumber: z.string().min(1),
        Keys: z.unknown().optional(),
        NewImage: z.unknown().optional(),
      }),
    }),
  ),
});
type StreamRecord = z.infer<typeof Batch>['Records'][number];

const Image = z.object({ events: z.object({ S: z.string() }) });
const Events = z.array(z.unknown());
const Event = z.object({ eventId: z.string().min(1), type: z.string().min(1) });

export interface RelayHandlerSettings {
  readonly bus: Bus;
  readonly keepFailure: KeepFailure;
  readonly logger: Pick<Logger, 'debug' | 'error'>;
}

interface Relayed {
  /** The record's place in the batch. */
  readonly place: number;
  readonly eventId: string;
  readonly entry: BusEntry;
}

interface Stuck {
  readonly place: number;
  readonly reason: string;
  readonly eventId?: string | undefined;
}

const entriesOf = (place: number, { eventName, dynamodb }: StreamRecord): readonly Relayed[] => {
  if (eventName !== 'INSERT') return [{ place, ...changedCommit(eventName, dynamodb.Keys) }];
  return Events.parse(JSON.parse(Image.parse(dynamodb.NewImage).events.S)).map((recorded) => {
    const { eventId, type } = Event.parse(recorded);
    return { place, eventId, entry: { source: recordedSource, detailType: type, detail: JSON.stringify(recorded) } };
  });
};

/**
 * The handler of the events table's stream. It answers the lowest sequence number that failed, from which the stream is read
 * again: what came after it may go out twice, and consumers know events by id. Throws only where the event is no batch.
 */
export const createRelayHandler = ({ bus, keepFailure, logger }: RelayHandlerSettings) => {
  const stuckAt = async (records: readonly StreamRecord[]): Promise<Stuck | undefined> => {
    const relayed: Relayed[] = [];
    let unreadable: Stuck | undefined;
    for (const [place, record] of records.entries()) {
      try {
        relayed.push(...entriesOf(place, record));
      } catch (error) {
        unreadable = { place, reason: `commitNotUnderstood: ${reasonOf(error)}` };
        break;
      }
    }
    const [unsent] = await bus.put(relayed.map(({ entry }) => entry));
    const first = unsent === undefined ? undefined : relayed[unsent.index];
    if (unsent === undefined || first === undefined) return unreadable;
    return { place: first.place, reason: unsent.reason, eventId: first.eventId };
  };

  return async (event: unknown): Promise<DynamoDBBatchResponse> => {
    const batch = Batch.safeParse(event);
    if (!batch.success) throw new Error('the event is not a batch of a table stream', { cause: batch.error });
    const records = batch.data.Records;
    for (const { eventName, dynamodb } of records) {
      if (eventName !== 'INSERT') logger.error('a commit was changed or removed', { eventName, keys: dynamodb.Keys });
    }
    const stuck = await stuckAt(records);
    const record = stuck === undefined ? undefined : records[stuck.place]?.dynamodb;
    if (stuck === undefined || record === undefined) {
      logger.debug('commits were relayed', { commits: records.length });
      return { batchItemFailures: [] };
    }
    const { eventId = `sequence:${record.SequenceNumber}`, reason } = stuck;
    logger.error('a commit could not be relayed', { eventId, sequenceNumber: record.SequenceNumber, reason });
    try {
      await keepFailure({ eventId, reason });
    } catch (error) {
      logger.error('its reason could not be kept', { eventId, reason: reasonOf(error) });
    }
    return { batchItemFailures: [{ itemIdentifier: record.SequenceNumber }] };
  };
};
