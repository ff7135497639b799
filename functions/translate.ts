// Which function understands what came in? This one: receipts become facts on the bus, or wait with the reason.
import type { SQSBatchResponse } from 'aws-lambda';
import { createBusClient, createDynamoClient } from './runtime/awsClients.ts';
import { createBus } from './runtime/bus.ts';
import { now } from './runtime/clock.ts';
import { readConfig, required } from './runtime/config.ts';
import { createConnections } from './runtime/connections.ts';
import { countReceipts } from './runtime/counted.ts';
import { createDynamoEventStore } from './runtime/dynamoEventStore.ts';
import { createKeepFailure } from './runtime/failures.ts';
import { createIdentities } from './runtime/identities.ts';
import { createMeasures } from './runtime/measures.ts';
import { createLogger, withMiddleware } from './runtime/middleware.ts';
import { createReceipts } from './runtime/receipts.ts';
import { createTranslateHandler } from './runtime/translateHandler.ts';
import { createTranslateReceipts } from './runtime/translateReceipts.ts';
import { createWaiting } from './runtime/waiting.ts';

const config = readConfig({
  RECEIPTS_TABLE: required,
  CONNECTIONS_TABLE: required,
  FAILURES_TABLE: required,
  EVENTS_TABLE: required,
  BUS_NAME: required,
  STACK_NAME: required,
});
const logger = createLogger('translate');
const client = createDynamoClient();
const measures = createMeasures('translate', config.STACK_NAME);
const receipts = countReceipts(createReceipts({ client, table: config.RECEIPTS_TABLE, now }), measures.add);
const waiting = createWaiting({ client, table: config.RECEIPTS_TABLE });
const identities = createIdentities({ store: createDynamoEventStore({ client, table: config.EVENTS_TABLE }), now });
const connections = createConnections({ client, table: config.CONNECTIONS_TABLE, now });

export const handler = withMiddleware<unknown, SQSBatchResponse>(
  logger,
  createTranslateHandler({
    translate: createTranslateReceipts({
      connectionOf: connections.byId,
      identities,
      receipts,
      waiting,
      bus: createBus({ client: createBusClient(), busName: config.BUS_NAME, random: Math.random }),
    }),
    identities,
    receipts,
    waiting,
    keepFailure: createKeepFailure({ client, table: config.FAILURES_TABLE, functionName: 'translate', now }),
    logger,
  }),
  measures,
);
