// Which function answers analysts and partners? This one: it reads tables and streams, and writes nothing.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createDynamoClient } from './runtime/awsClients.ts';
import { createCallers } from './runtime/caller.ts';
import { now } from './runtime/clock.ts';
import { readConfig, required } from './runtime/config.ts';
import { createDynamoEventStore } from './runtime/dynamoEventStore.ts';
import { createEngagementReader } from './runtime/engagementReader.ts';
import { createFreshness } from './runtime/freshness.ts';
import { createHealth } from './runtime/health.ts';
import { createLogger, withMiddleware } from './runtime/middleware.ts';
import type { HttpAnswer } from './runtime/problem.ts';
import { readProjectionTables } from './runtime/projectionTables.ts';
import { createQueries } from './runtime/queryRoutes.ts';
import { createRowReader } from './runtime/rowReader.ts';
import { signedIn } from './runtime/signedIn.ts';
import { createGrown, createStreamCache } from './runtime/streamCache.ts';
import { tokenRules } from './runtime/tokenRules.ts';
import { createUnmatched } from './runtime/unmatched.ts';

const config = readConfig({
  EVENTS_TABLE: required,
  RECEIPTS_TABLE: required,
  SOURCES_TABLE: required,
  COMPUTED_BY: required,
});
const client = createDynamoClient();
const logger = createLogger('query');
const tableOf = readProjectionTables();
const grown = createGrown({ client, table: config.EVENTS_TABLE });
const cache = createStreamCache({
  store: createDynamoEventStore({ client, table: config.EVENTS_TABLE }),
  grown,
  capacity: 500,
});
const rows = createRowReader({ client, tableOf });

const queries = createQueries({
  rows,
  engagements: createEngagementReader({ rows, cache }),
  freshness: createFreshness({ client, table: config.SOURCES_TABLE }),
  unmatched: createUnmatched({ client, table: config.RECEIPTS_TABLE }),
  health: createHealth({ client, table: tableOf('engagements'), grown, computedBy: config.COMPUTED_BY, now }),
});

const pathOf = (event: APIGatewayProxyEventV2): readonly string[] =>
  event.rawPath
    .replace(/^\/v1\//, '')
    .split('/')
    .filter((part) => part !== '')
    .map((part) => decodeURIComponent(part));

export const handler = withMiddleware<APIGatewayProxyEventV2, HttpAnswer>(
  logger,
  signedIn(
    createCallers(tokenRules()),
    ({ caller, event }) =>
      queries({ caller, path: pathOf(event), asked: event.queryStringParameters ?? {}, now: now() }),
    (error) => logger.error('a question could not be answered', { error }),
  ),
);
