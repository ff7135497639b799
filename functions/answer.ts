// Which function answers long questions, chunk by chunk, for the runs that query begins?
// Lambda calls it with answer's queue; it reads streams, indexes of heads and `arr_quartiles`, writes the table of answers, and sends to its own queue.
import { randomUUID } from 'node:crypto';
import type { SQSBatchResponse } from 'aws-lambda';
import { answerTables } from '../domain/rows/catalog.ts';
import { createAnswer } from './answer/answer.ts';
import { createAnswerHandler } from './answer/answerHandler.ts';
import { createRunStep, sendingTo } from './answer/runSteps.ts';
import { createRunStore } from './answer/runStore.ts';
import { createReadScope } from './answer/scope.ts';
import { cacheShare } from './aws/cacheShare.ts';
import { createDynamoClient, createQueueClient } from './aws/clients.ts';
import { now } from './aws/clock.ts';
import { readConfig, required } from './aws/config.ts';
import { createKeepFailure } from './aws/failureLog.ts';
import { createLogger, withMiddleware } from './aws/middleware.ts';
import { createSqsSender } from './aws/sqs.ts';
import { readProjectionTables } from './project/projectionTables.ts';
import { createRowReader } from './query/rowReader.ts';
import { createCachedStreams, createGrown } from './store/cachedStreams.ts';
import { createDynamoEventStore } from './store/dynamoEventStore.ts';

const config = readConfig({
  EVENTS_TABLE: required,
  ANSWERS_TABLE: required,
  ANSWER_QUEUE_URL: required,
  ANSWER_TRIES: required,
  FAILURES_TABLE: required,
});
const logger = createLogger('answer');
const client = createDynamoClient();
const random = Math.random;
const store = createDynamoEventStore({ client, table: config.EVENTS_TABLE });
const grown = createGrown({ client, table: config.EVENTS_TABLE, random });
const rows = createRowReader({ client, tableOf: readProjectionTables(answerTables), random });

export const handler = withMiddleware<unknown, SQSBatchResponse>(
  logger,
  createAnswerHandler({
    step: createRunStep({
      runs: createRunStore({ client, table: config.ANSWERS_TABLE }),
      scope: createReadScope({ store, rows }),
      answer: createAnswer(createCachedStreams({ store, grown, budgetBytes: cacheShare() }), rows),
      send: sendingTo(createSqsSender({ client: createQueueClient(), random }), config.ANSWER_QUEUE_URL),
      now,
      newId: randomUUID,
    }),
    tries: Number(config.ANSWER_TRIES),
    keepFailure: createKeepFailure({ client, table: config.FAILURES_TABLE, functionName: 'answer', now }),
    logger,
  }),
);
