// How is a stage's Lambda function made from its environment?
// The entry files of the stages and of control call it; it touches those two tables.
import type { SQSBatchResponse } from 'aws-lambda';
import type { Owner } from '../../domain/lifecycle.ts';
import { enteredWith } from '../../domain/stages/stageEntered.ts';
import { cacheShare } from '../aws/cacheShare.ts';
import { createDynamoClient } from '../aws/clients.ts';
import { now } from '../aws/clock.ts';
import { readConfig, required } from '../aws/config.ts';
import { createKeepFailure } from '../aws/failureLog.ts';
import { createMeasures } from '../aws/metrics.ts';
import { createLogger, withMiddleware } from '../aws/middleware.ts';
import { createDynamoEventStore } from '../store/dynamoEventStore.ts';
import { createHistoryCache } from '../store/historyCache.ts';
import { countConflicts, countRefusals } from './counted.ts';
import { namingParties } from './namingParties.ts';
import { createReadAhead } from './readAhead.ts';
import { createRecordFacts } from './recordFacts.ts';
import { createStageHandler } from './stageHandler.ts';

/** The function of a stage, or of control. Throws where the environment lacks a variable. */
export const stageFunction = (owner: Owner) => {
  const { EVENTS_TABLE, FAILURES_TABLE, STACK_NAME } = readConfig({
    EVENTS_TABLE: required,
    FAILURES_TABLE: required,
    STACK_NAME: required,
  });
  const client = createDynamoClient();
  const logger = createLogger(owner);
  const measures = createMeasures(owner, STACK_NAME);
  const store = countConflicts(createDynamoEventStore({ client, table: EVENTS_TABLE }), measures.add);
  const cache = createHistoryCache(cacheShare());
  const handle = createStageHandler({
    owner,
    readAhead: createReadAhead({ store, cache }),
    recordFacts: namingParties(
      countRefusals(
        createRecordFacts({ store, now, random: Math.random, cache, bringing: enteredWith }),
        measures.add,
        'Refusals',
      ),
    ),
    keepFailure: createKeepFailure({ client, table: FAILURES_TABLE, functionName: owner, now }),
    logger,
  });
  return withMiddleware<unknown, SQSBatchResponse>(logger, handle, measures);
};
