// Which function records what people say? This one: decided and appended in the request.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { answersWithin, createDynamoClient } from './runtime/awsClients.ts';
import { now } from './runtime/clock.ts';
import { readConfig, required } from './runtime/config.ts';
import { createMeasures } from './runtime/measures.ts';
import { createLogger, withMiddleware } from './runtime/middleware.ts';
import type { HttpAnswer } from './runtime/problem.ts';
import { createRecordHandler } from './runtime/recordHandler.ts';
import { tokenRules } from './runtime/tokenRules.ts';

const { EVENTS_TABLE, STACK_NAME } = readConfig({ EVENTS_TABLE: required, STACK_NAME: required });
const logger = createLogger('record');
const measures = createMeasures('record', STACK_NAME);

export const handler = withMiddleware<APIGatewayProxyEventV2, HttpAnswer>(
  logger,
  createRecordHandler({
    client: createDynamoClient(answersWithin.record),
    eventsTable: EVENTS_TABLE,
    tokens: tokenRules(),
    now,
    random: Math.random,
    measure: measures.add,
    report: (error) => logger.error('a fact could not be recorded', { error }),
  }),
  measures,
);
