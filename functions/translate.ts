// Which function understands what came in? This one: receipts become facts on the bus, or wait with the reason.
import type { SQSBatchResponse } from 'aws-lambda';
import { createBusClient, createDynamoClient } from './aws/clients.ts';
import { now } from './aws/clock.ts';
import { readConfig, required } from './aws/config.ts';
import { createBus } from './aws/eventBridge.ts';
import { createKeepFailure } from './aws/failureLog.ts';
import { createMeasures } from './aws/metrics.ts';
import { createLogger, withMiddleware } from './aws/middleware.ts';
import { createConnections } from './intake/connections.ts';
import { createIdentityResolver } from './intake/identityResolver.ts';
import { createReceipts } from './intake/receipts.ts';
import { createTranslateHandler } from './intake/translateHandler.ts';
import { createTranslateReceipts } from './intake/translateReceipts.ts';
import { createWaitingIndex } from './intake/waitingIndex.ts';
import { countReceipts } from './stages/counted.ts';
import { createDynamoEventStore } from './store/dynamoEventStore.ts';

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
const waiting = createWaitingIndex({ client, table: config.RECEIPTS_TABLE });
const identities = createIdentityResolver({
  store: createDynamoEventStore({ client, table: config.EVENTS_TABLE }),
  now,
});
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
