// Which function tells the outside what was recorded? This one: every commit's events, onto the bus.
import type { DynamoDBBatchResponse, SQSBatchResponse } from 'aws-lambda';
import { createBusClient, createDynamoClient } from './aws/clients.ts';
import { now } from './aws/clock.ts';
import { readConfig, required } from './aws/config.ts';
import { createBus } from './aws/eventBridge.ts';
import { createKeepFailure } from './aws/failureLog.ts';
import { createLogger, withMiddleware } from './aws/middleware.ts';
import { createRelayHandler } from './relay/relayHandler.ts';
import { createRelayRetry, isAskedAgain } from './relay/relayRetry.ts';

const config = readConfig({ BUS_NAME: required, EVENTS_TABLE: required, FAILURES_TABLE: required });
const logger = createLogger('relay');
const client = createDynamoClient();
const bus = createBus({ client: createBusClient(), busName: config.BUS_NAME, random: Math.random });
const keepFailure = createKeepFailure({ client, table: config.FAILURES_TABLE, functionName: 'relay', now });
const relay = createRelayHandler({ bus, keepFailure, logger });
const again = createRelayRetry({ client, table: config.EVENTS_TABLE, bus, keepFailure, logger });

export const handler = withMiddleware<unknown, DynamoDBBatchResponse | SQSBatchResponse>(logger, (event) =>
  isAskedAgain(event) ? again(event) : relay(event),
);
