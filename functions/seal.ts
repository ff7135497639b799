// Which function keeps apart what the event store held when a day ended? This one: it reads where streams stand, and puts the day's root.
import type { SQSBatchResponse } from 'aws-lambda';
import { createDynamoClient, createQueueClient } from './runtime/awsClients.ts';
import { now } from './runtime/clock.ts';
import { readConfig, required } from './runtime/config.ts';
import { createDynamoEventStore } from './runtime/dynamoEventStore.ts';
import { createLogger, withMiddleware } from './runtime/middleware.ts';
import { createQueueSender } from './runtime/queueSender.ts';
import { createRoots } from './runtime/roots.ts';
import { createSealHandler } from './runtime/sealHandler.ts';
import { createTipBefore } from './runtime/streamTips.ts';

/** The streams of a page: at some 190 bytes each, its item stays well below what DynamoDB takes. */
const pageSize = 250;

const config = readConfig({ EVENTS_TABLE: required, ROOTS_TABLE: required, SEAL_QUEUE_URL: required });
const logger = createLogger('seal');
const client = createDynamoClient();

export const handler = withMiddleware<unknown, SQSBatchResponse>(
  logger,
  createSealHandler({
    store: createDynamoEventStore({ client, table: config.EVENTS_TABLE, pageSize }),
    tipBefore: createTipBefore({ client, table: config.EVENTS_TABLE }),
    roots: createRoots({ client, table: config.ROOTS_TABLE }),
    send: createQueueSender({ client: createQueueClient(), random: Math.random }),
    queue: config.SEAL_QUEUE_URL,
    now,
    logger,
    pageSize,
  }),
);
