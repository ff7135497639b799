// Which function stores daily roots, by which a change of the event store can be proven later?
// Lambda calls it with seal's queue; it reads the events table, writes the roots table, and sends to its own queue.
import type { SQSBatchResponse } from 'aws-lambda';
import { createDynamoClient, createQueueClient } from './aws/clients.ts';
import { now } from './aws/clock.ts';
import { readConfig, required } from './aws/config.ts';
import { createKeepFailure } from './aws/failureLog.ts';
import { createLogger, withMiddleware } from './aws/middleware.ts';
import { createSqsSender } from './aws/sqs.ts';
import { createDailyRoots } from './seal/dailyRoots.ts';
import { createSealHandler } from './seal/sealHandler.ts';
import { createDynamoEventStore } from './store/dynamoEventStore.ts';
import { createTipBefore } from './store/tipBefore.ts';

/** The streams of a page: at about 190 bytes each, the page's item stays well below DynamoDB's limit. */
const pageSize = 250;

const config = readConfig({
  EVENTS_TABLE: required,
  ROOTS_TABLE: required,
  FAILURES_TABLE: required,
  SEAL_QUEUE_URL: required,
});
const logger = createLogger('seal');
const client = createDynamoClient();

export const handler = withMiddleware<unknown, SQSBatchResponse>(
  logger,
  createSealHandler({
    store: createDynamoEventStore({ client, table: config.EVENTS_TABLE, pageSize }),
    tipBefore: createTipBefore({ client, table: config.EVENTS_TABLE }),
    roots: createDailyRoots({ client, table: config.ROOTS_TABLE }),
    send: createSqsSender({ client: createQueueClient(), random: Math.random }),
    queue: config.SEAL_QUEUE_URL,
    now,
    keepFailure: createKeepFailure({ client, table: config.FAILURES_TABLE, functionName: 'seal', now }),
    logger,
    pageSize,
  }),
);
