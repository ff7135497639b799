// Which function stores each verified message from outside as a receipt, before anything reads its content?
// API Gateway calls it for webhooks, and Lambda with the queue of partner buses; it reads connections and secrets, and writes receipts and sources.
import { randomUUID } from 'node:crypto';
import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { answersWithin, createDynamoClient, createParametersClient } from './aws/clients.ts';
import { now } from './aws/clock.ts';
import { readConfig, required } from './aws/config.ts';
import { createKeepFailure } from './aws/failureLog.ts';
import { createLogger, withMiddleware } from './aws/middleware.ts';
import { behindOrigin } from './http/origin.ts';
import type { HttpAnswer } from './http/problem.ts';
import { createConnections } from './intake/connections.ts';
import { createWebhookPace, usualPace } from './intake/pace.ts';
import { createPartnerBus } from './intake/partnerBus.ts';
import { createReceiveHandler } from './intake/receiveHandler.ts';
import { createSecrets } from './intake/secrets.ts';
import { createSourceActivity } from './intake/sourceActivity.ts';
import { createWebhook } from './intake/webhook.ts';
import { createReceipts } from './receipts/receipts.ts';

const config = readConfig({
  RECEIPTS_TABLE: required,
  CONNECTIONS_TABLE: required,
  SOURCES_TABLE: required,
  FAILURES_TABLE: required,
  SECRETS_PREFIX: required,
  ORIGIN_SECRET: required.optional(),
  WEBHOOK_PACE: z.coerce.number().positive().default(usualPace),
});
const logger = createLogger('receive');
const client = createDynamoClient(answersWithin.receive);
const connections = createConnections({ client, table: config.CONNECTIONS_TABLE, now });
const receipts = createReceipts({ client, table: config.RECEIPTS_TABLE, now });
const heard = createSourceActivity({
  client,
  table: config.SOURCES_TABLE,
  report: (error) => logger.warn('the time of a source’s last message could not be stored', { error }),
});

export const handler = withMiddleware<unknown, HttpAnswer | SQSBatchResponse>(
  logger,
  behindOrigin(
    config.ORIGIN_SECRET,
    createReceiveHandler({
      webhook: createWebhook({
        connections,
        secretsOf: createSecrets({
          client: () => createParametersClient(answersWithin.receive),
          prefix: config.SECRETS_PREFIX,
          now,
        }),
        receipts,
        heard,
        now,
        newId: randomUUID,
        logger,
        pace: createWebhookPace(() => performance.now(), config.WEBHOOK_PACE),
      }),
      partnerBus: createPartnerBus({ connections, receipts, heard, now }),
      keepFailure: createKeepFailure({ client, table: config.FAILURES_TABLE, functionName: 'receive', now }),
      logger,
    }),
  ),
);
