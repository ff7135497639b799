// Which function tells the outside what was recorded? This one: every commit's events, onto the bus.
import type { DynamoDBBatchResponse } from 'aws-lambda';
import { createBusClient, createDynamoClient } from './runtime/awsClients.ts';
import { createBus } from './runtime/bus.ts';
import { now } from './runtime/clock.ts';
import { readConfig, required } from './runtime/config.ts';
import { createKeepFailure } from './runtime/failures.ts';
import { createLogger, withMiddleware } from './runtime/middleware.ts';
import { createRelayHandler } from './runtime/relayHandler.ts';

const { BUS_NAME, FAILURES_TABLE } = readConfig({ BUS_NAME: required, FAILURES_TABLE: required });
const logger = createLogger('relay');

export const handler = withMiddleware<unknown, DynamoDBBatchResponse>(
  logger,
  createRelayHandler({
    bus: createBus({ client: createBusClient(), busName: BUS_NAME, random: Math.random }),
    keepFailure: createKeepFailure({ client: createDynamoClient(), table: FAILURES_TABLE, functionName: 'relay', now }),
    logger,
  }),
);
