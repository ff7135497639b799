// Of what is a stage's Lambda function made? Its handler, over the event store and the failures table that its environment names.
import type { SQSBatchResponse } from 'aws-lambda';
import { createDynamoClient } from './awsClients.ts';
import { now } from './clock.ts';
import { readConfig, required } from './config.ts';
import { createDynamoEventStore } from './dynamoEventStore.ts';
import { createKeepFailure } from './failures.ts';
import { createLogger, withMiddleware } from './middleware.ts';
import { createRunStage } from './runStage.ts';
import { createStageHandler } from './stageHandler.ts';
import type { Owner } from './stageMessage.ts';

/** The function of a stage, or of control. Throws where its environment lacks a name. */
export const stageFunction = (owner: Owner) => {
  const { EVENTS_TABLE, FAILURES_TABLE } = readConfig({ EVENTS_TABLE: required, FAILURES_TABLE: required });
  const client = createDynamoClient();
  const logger = createLogger(owner);
  const handle = createStageHandler({
    owner,
    runStage: createRunStage({
      store: createDynamoEventStore({ client, table: EVENTS_TABLE }),
      now,
      random: Math.random,
    }),
    keepFailure: createKeepFailure({ client, table: FAILURES_TABLE, functionName: owner, now }),
    logger,
  });
  return withMiddleware<unknown, SQSBatchResponse>(logger, handle);
};
