// Which function finds the work that is due, was left behind, or follows from a changed context, and sends it to other functions?
// Lambda calls it with sweep's queue; it reads heads, receipts, runs and streams, and sends to the queues of project, rollup and translate.
import { randomUUID } from 'node:crypto';
import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { engagementHead, outageTables } from '../domain/rows/catalog.ts';
import { referenceHeads, rollupHeads } from '../domain/rows/ownTables.ts';
import { createBusClient, createDynamoClient, createQueueClient } from './aws/clients.ts';
import { now } from './aws/clock.ts';
import { readConfig, required } from './aws/config.ts';
import { createBus } from './aws/eventBridge.ts';
import { createKeepFailure } from './aws/failureLog.ts';
import { createMeasures } from './aws/metrics.ts';
import { createLogger, withMiddleware } from './aws/middleware.ts';
import { createSqsSender } from './aws/sqs.ts';
import { createHeadReader } from './project/headReader.ts';
import { readProjectionTables } from './project/projectionTables.ts';
import { createReceipts } from './receipts/receipts.ts';
import { createDynamoEventStore } from './store/dynamoEventStore.ts';
import { createCustomerEngagements } from './sweep/customerEngagements.ts';
import { createDueHeads } from './sweep/dueHeads.ts';
import { createGroupPages } from './sweep/groupPages.ts';
import { createOutageEngagements } from './sweep/outageEngagements.ts';
import { createQuietSources } from './sweep/quietSources.ts';
import { createRebuildPages } from './sweep/rebuildPages.ts';
import { createRebuildRuns } from './sweep/rebuildRuns.ts';
import { createReceiptWalks } from './sweep/receiptWalks.ts';
import { createSweepHandler } from './sweep/sweepHandler.ts';
import { createSweepQueues } from './sweep/sweepQueues.ts';

const config = readConfig({
  EVENTS_TABLE: required,
  RECEIPTS_TABLE: required,
  SOURCES_TABLE: required,
  BUS_NAME: required,
  PROJECT_QUEUE_URL: required,
  ROLLUP_QUEUE_URL: required,
  TRANSLATE_QUEUE_URL: required,
  SWEEP_QUEUE_URL: required,
  RELEASE: z.coerce.number().int(),
  COMPUTED_BY: required,
  FAILURES_TABLE: required,
  STACK_NAME: required,
  PAGER_RATE: z.coerce.number().int().min(1),
  RUNS_TABLE: required,
});
const logger = createLogger('sweep');
const measures = createMeasures('sweep', config.STACK_NAME);
const client = createDynamoClient();
const tableOf = readProjectionTables([...[engagementHead, referenceHeads.name, rollupHeads.name], ...outageTables]);
const store = createDynamoEventStore({ client, table: config.EVENTS_TABLE, pageSize: config.PAGER_RATE });
const heads = createHeadReader({ client, tableOf, eventsTable: config.EVENTS_TABLE });
const deployment = { release: config.RELEASE, computedBy: config.COMPUTED_BY };

export const handler = withMiddleware<unknown, SQSBatchResponse>(
  logger,
  createSweepHandler({
    dueHeads: createDueHeads({ client, tableOf }),
    customerEngagements: createCustomerEngagements({ client, table: tableOf(engagementHead) }),
    outageEngagements: createOutageEngagements({ client, tableOf }),
    store,
    quietSources: createQuietSources({ client, table: config.SOURCES_TABLE }),
    bus: createBus({ client: createBusClient(), busName: config.BUS_NAME, random: Math.random }),
    receipts: createReceipts({ client, table: config.RECEIPTS_TABLE, now }),
    walks: createReceiptWalks({ client, table: config.RUNS_TABLE }),
    turn: createRebuildPages({
      ...{ store, heads, ...deployment },
      rate: config.PAGER_RATE,
    }),
    turnGroups: createGroupPages({ client, tableOf, heads, ...deployment, pageSize: config.PAGER_RATE }),
    runs: createRebuildRuns({ client, table: config.RUNS_TABLE }),
    deployment,
    queues: createSweepQueues({
      send: createSqsSender({ client: createQueueClient(), random: Math.random }),
      urls: {
        project: config.PROJECT_QUEUE_URL,
        rollup: config.ROLLUP_QUEUE_URL,
        translate: config.TRANSLATE_QUEUE_URL,
        sweep: config.SWEEP_QUEUE_URL,
      },
    }),
    keepFailure: createKeepFailure({ client, table: config.FAILURES_TABLE, functionName: 'sweep', now }),
    now,
    newId: randomUUID,
    measure: measures.add,
    logger,
  }),
  measures,
);
