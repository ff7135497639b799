// What does receive do with what comes? A request of a sender gets its answer, a batch of a partner bus's queue an answer by item.
import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { type KeepFailure, reasonOf } from '../aws/failureLog.ts';
import { inParallel } from '../aws/parallel.ts';
import type { HttpAnswer } from '../http/problem.ts';
import { QueuedEvent } from './partnerBus.ts';
import type { WebhookRequest } from './webhook.ts';

const Request = z.object({
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
  pathParameters: z.object({ source: z.string(), connection: z.string() }),
  headers: z.record(z.string(), z.string().optional()).prefault({}),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
});

const Batch = z.object({ Records: z.array(QueuedEvent) });

export interface ReceiveHandlerSettings {
  readonly webhook: (request: WebhookRequest) => Promise<HttpAnswer>;
  readonly partnerBus: (event: QueuedEvent) => Promise<void>;
  readonly keepFailure: KeepFailure;
  readonly logger: Pick<Logger, 'error'>;
}

const requestOf = ({ requestContext, pathParameters, headers, body, isBase64Encoded }: z.infer<typeof Request>) => ({
  method: requestContext.http.method,
  ...pathParameters,
  headers: Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name.toLowerCase(), value]])),
  ),
  body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8'),
});

/** The handler of both. Throws only where the event is neither. */
export const createReceiveHandler = ({ webhook, partnerBus, keepFailure, logger }: ReceiveHandlerSettings) => {
  const take = async (event: QueuedEvent): Promise<SQSBatchResponse['batchItemFailures']> => {
    const { messageId, attributes } = event;
    try {
      await partnerBus(event);
      return [];
    } catch (error) {
      const reason = reasonOf(error);
      const failure = { eventId: messageId, messageId, receiveCount: attributes.ApproximateReceiveCount, reason };
      logger.error('an event of a partner bus could not be kept', failure);
      await keepFailure(failure).catch((unkept: unknown) => {
        logger.error('its reason could not be kept', { messageId, reason: reasonOf(unkept) });
      });
      return [{ itemIdentifier: messageId }];
    }
  };

  return async (event: unknown): Promise<HttpAnswer | SQSBatchResponse> => {
    const request = Request.safeParse(event);
    if (request.success) return await webhook(requestOf(request.data));
    const batch = Batch.safeParse(event);
    if (!batch.success)
      throw new Error('the event is neither a request nor a batch of a queue', { cause: batch.error });
    return { batchItemFailures: (await inParallel(batch.data.Records, 10, take)).flat() };
  };
};
