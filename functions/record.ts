// Which function records what people say? This one: decided and appended in the request.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { partyIdOf } from '../domain/context.ts';
import { createDynamoClient } from './runtime/awsClients.ts';
import { createCallers } from './runtime/caller.ts';
import { now } from './runtime/clock.ts';
import { readConfig, required } from './runtime/config.ts';
import { createDynamoEventStore } from './runtime/dynamoEventStore.ts';
import { createLeadReader } from './runtime/leadReader.ts';
import { createLinkedEngagement } from './runtime/linkedEngagement.ts';
import { createLogger, withMiddleware } from './runtime/middleware.ts';
import type { HttpAnswer } from './runtime/problem.ts';
import { loadContext } from './runtime/projectionContext.ts';
import { createRecordPersonFact } from './runtime/recordPersonFact.ts';
import { createRunStage } from './runtime/runStage.ts';
import { bodyOf, signedIn } from './runtime/signedIn.ts';
import { createGrown, createStreamCache } from './runtime/streamCache.ts';
import { tokenRules } from './runtime/tokenRules.ts';

const { EVENTS_TABLE } = readConfig({ EVENTS_TABLE: required });
const client = createDynamoClient();
const logger = createLogger('record');
const store = createDynamoEventStore({ client, table: EVENTS_TABLE });
const cache = createStreamCache({ store, grown: createGrown({ client, table: EVENTS_TABLE }), capacity: 500 });

const recordPersonFact = createRecordPersonFact({
  runStage: createRunStage({ store, now, random: Math.random }),
  leads: createLeadReader(cache),
  engagementOf: createLinkedEngagement(cache),
  partyOf: async (fact, reference, at) => {
    const events = [{ ...fact, version: 1, recordedAt: at }];
    const { context } = await loadContext(cache, { tenantId: fact.tenantId, events, now: at });
    return partyIdOf(context, reference);
  },
});

export const handler = withMiddleware<APIGatewayProxyEventV2, HttpAnswer>(
  logger,
  signedIn(
    createCallers(tokenRules()),
    ({ caller, event }) =>
      recordPersonFact({ caller, idempotencyKey: event.headers['idempotency-key'], body: bodyOf(event), now: now() }),
    (error) => logger.error('a fact could not be recorded', { error }),
  ),
);
