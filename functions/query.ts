// Which function answers analysts and partners? This one: it reads tables and streams, and writes nothing.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { withApiDocument } from './runtime/apiDocument.ts';
import { answersWithin, createDynamoClient } from './runtime/awsClients.ts';
import { now } from './runtime/clock.ts';
import { readConfig, required } from './runtime/config.ts';
import { createLogger, withMiddleware } from './runtime/middleware.ts';
import type { HttpAnswer } from './runtime/problem.ts';
import { readProjectionTables } from './runtime/projectionTables.ts';
import { createQueryHandler } from './runtime/queryHandler.ts';
import { tokenRules } from './runtime/tokenRules.ts';

const config = readConfig({
  EVENTS_TABLE: required,
  RECEIPTS_TABLE: required,
  SOURCES_TABLE: required,
  COMPUTED_BY: required,
});
const logger = createLogger('query');

export const handler = withMiddleware<APIGatewayProxyEventV2, HttpAnswer>(
  logger,
  withApiDocument({
    read: () => readFile(join(import.meta.dirname, 'openapi.json'), 'utf8'),
    report: (error) => logger.error('the document of the API could not be read', { error }),
    others: createQueryHandler({
      client: createDynamoClient(answersWithin.query),
      eventsTable: config.EVENTS_TABLE,
      receiptsTable: config.RECEIPTS_TABLE,
      sourcesTable: config.SOURCES_TABLE,
      tableOf: readProjectionTables(),
      tokens: tokenRules(),
      computedBy: config.COMPUTED_BY,
      now,
      random: Math.random,
      report: (error) => logger.error('a question could not be answered', { error }),
    }),
  }),
);
