// How does a commit that relay once gave up reach the outside after all? Its place comes by relay's queue; the store has the rest.
import type { Logger } from '@aws-lambda-powertools/logger';
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { type Bus, type BusEntry, recordedSource } from '../aws/eventBridge.ts';
import { type KeepFailure, reasonOf } from '../aws/failureLog.ts';
import { inParallel } from '../aws/parallel.ts';

const Batch = z.object({
  Records: z.array(z.object({ eventSource: z.literal('aws:sqs'), messageId: z.string().min(1), body: z.string() })),
});
/** A commit, by its stream and the version of its first event. */
const Place = z.object({ stream: z.string().min(1), version: z.int().min(1) });
const Events = z.array(z.looseObject({ eventId: z.string().min(1), type: z.string().min(1) }));

export interface RelayRetrySettings {
  readonly client: DynamoDBClient;
  /** The events table. */
  readonly table: string;
  readonly bus: Bus;
  readonly keepFailure: KeepFailure;
  readonly logger: Pick<Logger, 'info' | 'error'>;
}

const commitsAtOnce = 10;

/** Whether an event is one of relay's queue, and not of the events table's stream. */
export const isAskedAgain = (event: unknown): boolean => Batch.safeParse(event).success;

/** The handler of relay's queue. A commit of which an event could not be put comes again as a whole. */
export const createRelayRetry = ({ client, table, bus, keepFailure, logger }: RelayRetrySettings) => {
  const entriesOf = async (body: string): Promise<readonly BusEntry[]> => {
    const { stream, version } = Place.parse(JSON.parse(body));
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: table,
        Key: { stream: { S: stream }, version: { N: String(version) } },
        ConsistentRead: true,
      }),
    );
    if (Item?.events?.S === undefined) throw new Error(`commitAbsent: ${stream} has no commit of version ${version}`);
    return Events.parse(JSON.parse(Item.events.S)).map((event) => ({
      source: recordedSource,
      detailType: event.type,
      detail: JSON.stringify(event),
    }));
  };

  return async (event: unknown): Promise<SQSBatchResponse> => {
    const batch = Batch.safeParse(event);
    if (!batch.success) throw new Error('the event is not a batch of SQS messages', { cause: batch.error });
    const failed = await inParallel(batch.data.Records, commitsAtOnce, async ({ messageId, body }) => {
      try {
        const [unsent] = await bus.put(await entriesOf(body));
        if (unsent !== undefined) throw new Error(unsent.reason);
        return [];
      } catch (error) {
        const reason = reasonOf(error);
        logger.error('a commit could not be relayed again', { messageId, body, reason });
        await keepFailure({ eventId: messageId, messageId, reason }).catch((unkept: unknown) => {
          logger.error('its reason could not be kept', { messageId, reason: reasonOf(unkept) });
        });
        return [{ itemIdentifier: messageId }];
      }
    });
    logger.info('commits were relayed again', { commits: batch.data.Records.length, failed: failed.flat().length });
    return { batchItemFailures: failed.flat() };
  };
};
