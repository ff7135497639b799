// Which function tells the outside what was recorded? This one: every commit's events, onto the bus.
import type { DynamoDBBatchResponse, SQSBatchResponse } from 'aws-lambda';
import { createBusClient, createDynamoClient } from './runtime/awsClients.ts';
import { createBus } from './runtime/bus.ts';
import { now } from './runtime/clock.ts';
import { readConfig, required } from './runtime/config.ts';
import { createKeepFailure } from './runtime/failures.ts';
import { createLogger, withMiddleware } from './runtime/middleware.ts';
import { createRelayAgain, isAskedAgain } from './runtime/relayAgain.ts';
import { createRelayHandler } from './runtime/relayHandler.ts';

const config = readConfig({ BUS_NAME: required, EVENTS_TABLE: required, FAILURES_TABLE: required });
const logger = createLogger('relay');
const client = createDynamoClient();
const bus = createBus({ client: createBusClient(), busName: config.BUS_NAME, random: Math.random });
const keepFailure = createKeepFailure({ client, table: config.FAILURES_TABLE, functionName: 'relay', now });
const relay = createRelayHandler({ bus, keepFailure, logger });
const again = createRelayAgain({ client, table: config.EVENTS_TABLE, bus, keepFailure, logger });

export const handler = withMiddleware<unknown, DynamoDBBatchResponse | SQSBatchResponse>(logger, (event) =>
  isAskedAgain(event) ? again(event) : relay(event),
);
