// Which function puts every recorded event on the bus?
// Lambda calls it with the events table's stream and relay's queue; it puts events on the bus, and sends commits that fail to its queue.
import type { SQSBatchResponse } from 'aws-lambda';
import { createBusClient, createDynamoClient, createQueueClient } from './aws/clients.ts';
import { now } from './aws/clock.ts';
import { readConfig, required } from './aws/config.ts';
import { createBus } from './aws/eventBridge.ts';
import { createKeepFailure } from './aws/failureLog.ts';
import { tenantOfStream } from './aws/messageGroup.ts';
import { createLogger, withMiddleware } from './aws/middleware.ts';
import { createSqsSender } from './aws/sqs.ts';
import { isRelayedIn } from './relay/relayedTypes.ts';
import { createRelayHandler } from './relay/relayHandler.ts';
import { createStoredEvents } from './relay/storedCommit.ts';

const config = readConfig({
  BUS_NAME: required,
  EVENTS_TABLE: required,
  FAILURES_TABLE: required,
  RELAY_QUEUE_URL: required,
  RELAYED_TYPES: required,
});
const logger = createLogger('relay');
const client = createDynamoClient();
const send = createSqsSender({ client: createQueueClient(), random: Math.random });

export const handler = withMiddleware<unknown, SQSBatchResponse>(
  logger,
  createRelayHandler({
    bus: createBus({ client: createBusClient(), busName: config.BUS_NAME, random: Math.random }),
    isRelayed: isRelayedIn(config.RELAYED_TYPES),
    storedEvents: createStoredEvents({ client, table: config.EVENTS_TABLE }),
    askAgain: (commits) =>
      send(
        config.RELAY_QUEUE_URL,
        commits.map((body) => ({ tenantId: tenantOfStream(body.stream), body })),
      ),
    keepFailure: createKeepFailure({ client, table: config.FAILURES_TABLE, functionName: 'relay', now }),
    logger,
  }),
);
