// Which function makes rows of streams? This one: whatever was recorded, due or behind.
import type { DynamoDBBatchResponse, SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { createDynamoClient, createQueueClient } from './runtime/awsClients.ts';
import { now } from './runtime/clock.ts';
import { readConfig, required } from './runtime/config.ts';
import { createDynamoEventStore } from './runtime/dynamoEventStore.ts';
import { createKeepFailure } from './runtime/failures.ts';
import { createLogger, withMiddleware } from './runtime/middleware.ts';
import { createProjectHandler } from './runtime/projectHandler.ts';
import { createProjectionStore } from './runtime/projectionStore.ts';
import { readProjectionTables } from './runtime/projectionTables.ts';
import { createProjector } from './runtime/projector.ts';
import { createQueueSender } from './runtime/queueSender.ts';
import { createGrown, createStreamCache } from './runtime/streamCache.ts';

const config = readConfig({
  EVENTS_TABLE: required,
  FAILURES_TABLE: required,
  PROJECT_QUEUE_URL: required,
  RELEASE: z.coerce.number().int(),
  COMPUTED_BY: required,
});
const client = createDynamoClient();
const logger = createLogger('project');
const send = createQueueSender({ client: createQueueClient(), random: Math.random });
const cache = createStreamCache({
  store: createDynamoEventStore({ client, table: config.EVENTS_TABLE }),
  grown: createGrown({ client, table: config.EVENTS_TABLE, random: Math.random }),
});

export const handler = withMiddleware<unknown, DynamoDBBatchResponse | SQSBatchResponse>(
  logger,
  createProjectHandler({
    project: createProjector({
      cache,
      rows: createProjectionStore({ client, tableOf: readProjectionTables(), random: Math.random }),
      now,
      random: Math.random,
      release: config.RELEASE,
      computedBy: config.COMPUTED_BY,
    }),
    offer: cache.offer,
    askAgain: (streams) =>
      send(
        config.PROJECT_QUEUE_URL,
        streams.map((stream) => ({ body: { stream } })),
      ),
    keepFailure: createKeepFailure({ client, table: config.FAILURES_TABLE, functionName: 'project', now }),
    logger,
  }),
);
