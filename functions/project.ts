// Which function makes the rows of streams that have grown, are due or are behind?
// Lambda calls it with the events table's stream and project's queue; it writes the projection tables, and wakes groups by rollup's queue.
import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { writtenTables } from '../domain/rows/catalog.ts';
import { createDynamoClient, createQueueClient } from './aws/clients.ts';
import { now } from './aws/clock.ts';
import { readConfig, required } from './aws/config.ts';
import { createKeepFailure } from './aws/failureLog.ts';
import { tenantOfStream } from './aws/messageGroup.ts';
import { createLogger, withMiddleware } from './aws/middleware.ts';
import { createSqsSender } from './aws/sqs.ts';
import { createProjectHandler } from './project/projectHandler.ts';
import { createProjectionStore } from './project/projectionStore.ts';
import { readProjectionTables } from './project/projectionTables.ts';
import { createProjector } from './project/projector.ts';
import { wakeGroups } from './project/wakeGroups.ts';
import { createCachedStreams, createGrown } from './store/cachedStreams.ts';
import { createDynamoEventStore } from './store/dynamoEventStore.ts';

const config = readConfig({
  EVENTS_TABLE: required,
  FAILURES_TABLE: required,
  PROJECT_QUEUE_URL: required,
  ROLLUP_QUEUE_URL: required,
  RELEASE: z.coerce.number().int(),
  COMPUTED_BY: required,
});
const client = createDynamoClient();
const logger = createLogger('project');
const send = createSqsSender({ client: createQueueClient(), random: Math.random });
const cache = createCachedStreams({
  store: createDynamoEventStore({ client, table: config.EVENTS_TABLE }),
  grown: createGrown({ client, table: config.EVENTS_TABLE, random: Math.random }),
});

export const handler = withMiddleware<unknown, SQSBatchResponse>(
  logger,
  createProjectHandler({
    project: createProjector({
      cache,
      rows: createProjectionStore({
        client,
        tableOf: readProjectionTables(writtenTables('streams')),
        random: Math.random,
      }),
      wake: wakeGroups(send, config.ROLLUP_QUEUE_URL),
      now,
      random: Math.random,
      release: config.RELEASE,
      computedBy: config.COMPUTED_BY,
    }),
    offer: cache.offer,
    askAgain: (streams) =>
      send(
        config.PROJECT_QUEUE_URL,
        streams.map((stream) => ({ tenantId: tenantOfStream(stream), body: { stream } })),
      ),
    keepFailure: createKeepFailure({ client, table: config.FAILURES_TABLE, functionName: 'project', now }),
    logger,
  }),
);
