// Which function answers the questions of analysts and partners?
// API Gateway calls it; it reads the projection tables, and the tables of events, receipts, sources and names, and asks how deep queues are. It writes only runs of long questions, and sends them to answer's queue.

import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { tableNames } from '../domain/rows/catalog.ts';
import { referenceHeads, rollupHeads } from '../domain/rows/ownTables.ts';
import { sendingTo } from './answer/runSteps.ts';
import { answersWithin, createDynamoClient, createQueueClient } from './aws/clients.ts';
import { now } from './aws/clock.ts';
import { readConfig, required } from './aws/config.ts';
import { createLogger, withMiddleware } from './aws/middleware.ts';
import { createSqsSender } from './aws/sqs.ts';
import { withDocuments } from './http/documentRoutes.ts';
import { behindOrigin } from './http/origin.ts';
import type { HttpAnswer } from './http/problem.ts';
import { tokenRules } from './http/tokenRules.ts';
import { readProjectionTables } from './project/projectionTables.ts';
import { createQueryHandler } from './query/queryHandler.ts';
import { createQueueDepths } from './query/queueDepths.ts';

const config = readConfig({
  EVENTS_TABLE: required,
  RECEIPTS_TABLE: required,
  SOURCES_TABLE: required,
  NAMES_TABLE: required,
  ANSWERS_TABLE: required,
  ANSWER_QUEUE_URL: required,
  WORK_QUEUES: required,
  COMPUTED_BY: required,
  WAITING_DAYS: z.coerce.number().int().min(1),
  ORIGIN_SECRET: required.optional(),
});
const logger = createLogger('query');

export const handler = withMiddleware<APIGatewayProxyEventV2, HttpAnswer>(
  logger,
  behindOrigin(
    config.ORIGIN_SECRET,
    withDocuments({
      read: (file) => readFile(join(import.meta.dirname, file), 'utf8'),
      report: (error) => logger.error('a document could not be read', { error }),
      others: createQueryHandler({
        client: createDynamoClient(answersWithin.query),
        eventsTable: config.EVENTS_TABLE,
        receiptsTable: config.RECEIPTS_TABLE,
        sourcesTable: config.SOURCES_TABLE,
        namesTable: config.NAMES_TABLE,
        answersTable: config.ANSWERS_TABLE,
        sendRun: sendingTo(
          createSqsSender({ client: createQueueClient(answersWithin.query), random: Math.random }),
          config.ANSWER_QUEUE_URL,
        ),
        newId: randomUUID,
        waitingDays: config.WAITING_DAYS,
        tableOf: readProjectionTables([...tableNames, referenceHeads.name, rollupHeads.name]),
        queueDepths: createQueueDepths({
          client: createQueueClient(answersWithin.query),
          oneQueueUrl: config.ANSWER_QUEUE_URL,
          workQueues: config.WORK_QUEUES,
        }),
        tokens: tokenRules(),
        computedBy: config.COMPUTED_BY,
        now,
        random: Math.random,
        report: (error) => logger.error('a request could not be answered', { error }),
      }),
    }),
  ),
);
