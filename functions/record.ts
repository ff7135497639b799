// Which function records the facts that people post, within their requests?
// API Gateway calls it; it reads and appends to the events table, and writes the table of names.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { answersWithin, createDynamoClient } from './aws/clients.ts';
import { now } from './aws/clock.ts';
import { readConfig, required } from './aws/config.ts';
import { createMeasures } from './aws/metrics.ts';
import { createLogger, withMiddleware } from './aws/middleware.ts';
import { behindOrigin } from './http/origin.ts';
import type { HttpAnswer } from './http/problem.ts';
import { tokenRules } from './http/tokenRules.ts';
import { createRecordHandler } from './record/recordHandler.ts';

const { EVENTS_TABLE, NAMES_TABLE, STACK_NAME, ORIGIN_SECRET } = readConfig({
  EVENTS_TABLE: required,
  NAMES_TABLE: required,
  STACK_NAME: required,
  ORIGIN_SECRET: required.optional(),
});
const logger = createLogger('record');
const measures = createMeasures('record', STACK_NAME);

export const handler = withMiddleware<APIGatewayProxyEventV2, HttpAnswer>(
  logger,
  behindOrigin(
    ORIGIN_SECRET,
    createRecordHandler({
      client: createDynamoClient(answersWithin.record),
      eventsTable: EVENTS_TABLE,
      namesTable: NAMES_TABLE,
      tokens: tokenRules(),
      now,
      random: Math.random,
      measure: measures.add,
      report: (error) => logger.error('a fact could not be recorded', { error }),
    }),
  ),
  measures,
);
