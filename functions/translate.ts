// Which function turns receipts into facts on the bus, or makes them wait with the reason?
// Lambda calls it with the receipts table's stream and translate's queue; it reads connections and identities, and updates receipts and their counts.
import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { createTranslateAgain } from './again/translateAgain.ts';
import { createBusClient, createDynamoClient, createQueueClient } from './aws/clients.ts';
import { now } from './aws/clock.ts';
import { readConfig, required } from './aws/config.ts';
import { createBus } from './aws/eventBridge.ts';
import { createKeepFailure } from './aws/failureLog.ts';
import { createMeasures } from './aws/metrics.ts';
import { createLogger, withMiddleware } from './aws/middleware.ts';
import { createSqsSender } from './aws/sqs.ts';
import { createConnections } from './intake/connections.ts';
import { createIdentityResolver } from './intake/identityResolver.ts';
import { createPutFacts } from './intake/putFacts.ts';
import { createSettleReceipt } from './intake/settleReceipt.ts';
import { createTranslateHandler } from './intake/translateHandler.ts';
import { createTranslateReceipts, type TranslateReceipts } from './intake/translateReceipts.ts';
import { createWaitingIndex } from './intake/waitingIndex.ts';
import { createWakeReceipts } from './intake/wakeReceipts.ts';
import { countEndings } from './receipts/endingCounts.ts';
import { tenantOfKey } from './receipts/receipt.ts';
import { createReceipts } from './receipts/receipts.ts';
import { countReceipts } from './stages/counted.ts';
import { createDynamoEventStore } from './store/dynamoEventStore.ts';

const config = readConfig({
  RECEIPTS_TABLE: required,
  CONNECTIONS_TABLE: required,
  SOURCES_TABLE: required,
  FAILURES_TABLE: required,
  EVENTS_TABLE: required,
  BUS_NAME: required,
  TRANSLATE_QUEUE_URL: required,
  STACK_NAME: required,
  WAITING_DAYS: z.coerce.number().int().min(1),
});
const logger = createLogger('translate');
const client = createDynamoClient();
const measures = createMeasures('translate', config.STACK_NAME);
const stored = createReceipts({ client, table: config.RECEIPTS_TABLE, now });
const { receipts, write } = countEndings(countReceipts(stored, measures.add), {
  client,
  table: config.SOURCES_TABLE,
  report: (error) => logger.warn('how receipts ended could not be counted', { error }),
});
const waiting = createWaitingIndex({ client, table: config.RECEIPTS_TABLE });
const store = createDynamoEventStore({ client, table: config.EVENTS_TABLE });
const identities = createIdentityResolver({ store, now });
const bus = createBus({ client: createBusClient(), busName: config.BUS_NAME, random: Math.random });
const putFacts = createPutFacts({ bus, identities });
const settling = { waiting, identities, putFacts, now, waitingDays: config.WAITING_DAYS };
const newConnections = () => createConnections({ client, table: config.CONNECTIONS_TABLE, now }).byId;
const translateAll = createTranslateReceipts({
  connectionOf: newConnections(),
  identities,
  putFacts,
  settle: createSettleReceipt({ receipts, ...settling }),
});
const translate: TranslateReceipts = async (batch) => {
  const failures = await translateAll(batch);
  await write();
  return failures;
};
const send = createSqsSender({ client: createQueueClient(), random: Math.random });
const translateAgain = createTranslateAgain({
  ...{ client, table: config.RECEIPTS_TABLE, store, freshConnections: newConnections, putFacts, now },
  newIdentities: () => createIdentityResolver({ store, now }),
  // Nothing is counted: how these receipts ended was counted when they came.
  translateBy: (connectionOf) =>
    createTranslateReceipts({
      ...{ connectionOf, identities, putFacts },
      settle: createSettleReceipt({ receipts: stored, ...settling }),
    }),
  send: (body, tenantId) => send(config.TRANSLATE_QUEUE_URL, [{ tenantId, body }]),
});

export const handler = withMiddleware<unknown, SQSBatchResponse>(
  logger,
  createTranslateHandler({
    translate,
    identities,
    receipts: createWakeReceipts({ translate, receipts, waiting }),
    offerAgain: (keys) =>
      send(
        config.TRANSLATE_QUEUE_URL,
        keys.map((receipt) => ({ tenantId: tenantOfKey(receipt), body: { receipt } })),
      ),
    translateAgain,
    keepFailure: createKeepFailure({ client, table: config.FAILURES_TABLE, functionName: 'translate', now }),
    logger,
  }),
  measures,
);
