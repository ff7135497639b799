// How does receive answer a webhook's request, and a batch of the queue of partner buses?
// The receive function calls it; its webhook and its partner bus store messages as receipts.
import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { instantOf } from '../../events/instant.ts';
import { createBatchHandler } from '../aws/batchHandler.ts';
import type { QueueRecord } from '../aws/batchRecords.ts';
import { oneByOne } from '../aws/batchWork.ts';
import type { KeepFailure } from '../aws/failureLog.ts';
import { type HttpAnswer, problemAnswer } from '../http/problem.ts';
import type { WebhookRequest } from './webhook.ts';

const Request = z.object({
  requestContext: z.object({ http: z.object({ method: z.string() }), timeEpoch: z.number().optional() }),
  pathParameters: z.object({ source: z.string(), connection: z.string() }),
  headers: z.record(z.string(), z.string().optional()).prefault({}),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
});

/** A request that no route of ours makes; an error would count as a failure of the pipeline. */
const OtherRequest = z.object({ requestContext: z.object({ http: z.unknown() }) });

const notARequest = (): HttpAnswer =>
  problemAnswer({ status: 400, reason: 'requestInvalid', detail: 'the request is not one of a webhook' });

export interface ReceiveHandlerSettings {
  readonly webhook: (request: WebhookRequest) => Promise<HttpAnswer>;
  readonly partnerBus: (event: QueueRecord) => Promise<void>;
  readonly keepFailure: KeepFailure;
  readonly logger: Pick<Logger, 'debug' | 'error'>;
}

const eventsAtOnce = 10;

const requestOf = ({ requestContext, pathParameters, headers, body, isBase64Encoded }: z.infer<typeof Request>) => ({
  method: requestContext.http.method,
  ...(requestContext.timeEpoch !== undefined && { cameAt: instantOf(requestContext.timeEpoch) }),
  ...pathParameters,
  headers: Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name.toLowerCase(), value]])),
  ),
  body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8'),
});

/** The handler of requests and batches. Throws only where the event is neither. */
export const createReceiveHandler = ({ webhook, partnerBus, keepFailure, logger }: ReceiveHandlerSettings) => {
  const takeBatch = createBatchHandler<QueueRecord>({
    queue: { read: (record) => ({ ok: true, item: record }), work: oneByOne(eventsAtOnce, partnerBus) },
    keepFailure,
    logger,
  });
  return async (event: unknown): Promise<HttpAnswer | SQSBatchResponse> => {
    const request = Request.safeParse(event);
    if (request.success) return await webhook(requestOf(request.data));
    return OtherRequest.safeParse(event).success ? notARequest() : await takeBatch(event);
  };
};
