// What does project do with new commits, and with what sweep and pager send? Each stream once, and an answer item by item.
import type { Logger } from '@aws-lambda-powertools/logger';
import type { DynamoDBBatchResponse, SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { type KeepFailure, reasonOf } from '../aws/failureLog.ts';
import { inParallel } from '../aws/parallel.ts';
import type { CachedStreams } from '../store/cachedStreams.ts';
import type { Project } from './projector.ts';

const StreamBatch = z.object({
  Records: z.array(
    z.object({
      eventSource: z.literal('aws:dynamodb'),
      dynamodb: z.object({
        SequenceNumber: z.string().min(1),
        Keys: z.object({ stream: z.object({ S: z.string() }) }),
        NewImage: z.unknown().optional(),
      }),
    }),
  ),
});
const Image = z.object({
  stream: z.object({ S: z.string() }),
  version: z.object({ N: z.coerce.number() }),
  events: z.object({ S: z.string() }),
  hash: z.object({ S: z.string() }),
});
const QueueBatch = z.object({
  Records: z.array(z.object({ eventSource: z.literal('aws:sqs'), messageId: z.string().min(1), body: z.string() })),
});
const Asked = z.object({ stream: z.string().min(1) });

export interface ProjectHandlerSettings {
  readonly project: Project;
  /** Tells the projector's cache of a commit that came with the batch. */
  readonly offer: CachedStreams['offer'];
  /** Asks for streams to be projected again, by project's own queue; throws where it can't. */
  readonly askAgain: (streams: readonly string[]) => Promise<void>;
  readonly keepFailure: KeepFailure;
  readonly logger: Pick<Logger, 'debug' | 'error'>;
}

/** A stream asked for, and the items of the batch that ask for it. */
interface Item {
  readonly id: string;
  readonly stream: string;
}

/** Projections under way together share their consistent reads. */
const streamsAtOnce = 32;

const askedStream = (body: string): string | undefined => {
  try {
    return Asked.safeParse(JSON.parse(body)).data?.stream;
  } catch {
    return undefined;
  }
};

/**
 * The handler of the events table's stream and of project's queue. A stream that fails when its commit comes is asked for again
 * through the queue, with retries and dead letters of its own: the shard goes on, and so do the batch's other streams. Only
 * where that can't be asked does it answer the lowest sequence number that failed. Throws where the event is neither.
 */
export const createProjectHandler = ({ project, offer, askAgain, keepFailure, logger }: ProjectHandlerSettings) => {
  const keep = async (eventId: string, reason: string): Promise<void> => {
    logger.error('a stream could not be projected', { stream: eventId, reason });
    try {
      await keepFailure({ eventId, reason });
    } catch (error) {
      logger.error('its reason could not be kept', { stream: eventId, reason: reasonOf(error) });
    }
  };

  const failedOf = async (items: readonly Item[], look?: 'anew'): Promise<ReadonlySet<string>> => {
    const failed = new Set<string>();
    const byStream = [...Map.groupBy(items, ({ stream }) => stream)];
    await inParallel(byStream, streamsAtOnce, async ([stream, asking]) => {
      try {
        await project(stream, look);
      } catch (error) {
        for (const { id } of asking) failed.add(id);
        await keep(stream, reasonOf(error));
      }
    });
    logger.debug('streams were projected', { streams: byStream.length, failed: failed.size });
    return failed;
  };

  return async (event: unknown): Promise<DynamoDBBatchResponse | SQSBatchResponse> => {
    const ofStream = StreamBatch.safeParse(event);
    if (ofStream.success) {
      for (const { dynamodb } of ofStream.data.Records) {
        const image = Image.safeParse(dynamodb.NewImage);
        if (!image.success) continue;
        const { stream, version, events, hash } = image.data;
        try {
          offer({ stream: stream.S, version: version.N, text: events.S, hash: hash.S });
        } catch {
          // Not understood, as a later release may write it: to be read and to fail is for its own stream alone.
        }
      }
      const items = ofStream.data.Records.map(({ dynamodb }) => ({
        id: dynamodb.SequenceNumber,
        stream: dynamodb.Keys.stream.S,
      }));
      const failed = await failedOf(items);
      const lowest = items.find(({ id }) => failed.has(id));
      if (lowest === undefined) return { batchItemFailures: [] };
      try {
        await askAgain([...new Set(items.filter(({ id }) => failed.has(id)).map(({ stream }) => stream))]);
        return { batchItemFailures: [] };
      } catch (error) {
        logger.error('streams could not be asked for again', { reason: reasonOf(error) });
        return { batchItemFailures: [{ itemIdentifier: lowest.id }] };
      }
    }
    const ofQueue = QueueBatch.safeParse(event);
    if (!ofQueue.success)
      throw new Error('the event is neither a batch of a table stream nor of SQS', { cause: ofQueue.error });
    const items: Item[] = [];
    const unread: string[] = [];
    for (const { messageId, body } of ofQueue.data.Records) {
      const stream = askedStream(body);
      if (stream !== undefined) items.push({ id: messageId, stream });
      else {
        unread.push(messageId);
        await keep(messageId, 'notUnderstood: the message names no stream, as {"stream": "…"}');
      }
    }
    // Who asks by queue may have found that the head is not what this process has written.
    const failed = await failedOf(items, 'anew');
    return { batchItemFailures: [...unread, ...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };
};
