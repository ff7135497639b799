// How is a request to record answered, from its token to its events?
// The record function calls it; it reads and appends to the events table.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Instant } from '../../events/instant.ts';
import type { Measure } from '../aws/metrics.ts';
import { authenticated, bodyOf } from '../http/authenticated.ts';
import { createCallers, type TokenRules } from '../http/caller.ts';
import type { HttpAnswer } from '../http/problem.ts';
import { createIdentityResolver } from '../intake/identityResolver.ts';
import { createKnownIds, knownCaller } from '../intake/knownIds.ts';
import { createNames } from '../names/names.ts';
import { createPutNames } from '../names/putNames.ts';
import { countConflicts, countRefusals } from '../stages/counted.ts';
import { namingParties } from '../stages/namingParties.ts';
import { createRecordFacts } from '../stages/recordFacts.ts';
import { createCachedStreams, createGrown } from '../store/cachedStreams.ts';
import { createDynamoEventStore } from '../store/dynamoEventStore.ts';
import { createHistoryCache } from '../store/historyCache.ts';
import { createLeadPartnerReader } from './leadPartner.ts';
import { createRecordPersonFact } from './recordPersonFact.ts';

export interface RecordHandlerSettings {
  readonly client: DynamoDBClient;
  readonly eventsTable: string;
  readonly namesTable: string;
  readonly tokens: TokenRules;
  readonly now: () => Instant;
  /** 0 up to 1, for the jitter between tries. */
  readonly random: () => number;
  readonly measure: Measure;
  /** Gets the error of a request that could not be answered. */
  readonly report: (error: unknown) => void;
}

const cacheBytes = 32 * 1024 ** 2;

/** The handler of `POST /v1/facts` and `PUT /v1/names`. */
export const createRecordHandler = (
  settings: RecordHandlerSettings,
): ((event: APIGatewayProxyEventV2) => Promise<HttpAnswer>) => {
  const { client, eventsTable, namesTable, tokens, now, random, measure, report } = settings;
  const store = countConflicts(createDynamoEventStore({ client, table: eventsTable }), measure);
  const grown = createGrown({ client, table: eventsTable, random });
  const cache = createCachedStreams({ store, grown, budgetBytes: cacheBytes });
  // Each request gets a new resolver without a cache: a person may have just corrected a link, and links are few and small.
  const identities = () => createIdentityResolver({ store, now });
  const recordPersonFact = createRecordPersonFact({
    recordFacts: namingParties(
      countRefusals(
        createRecordFacts({ store, now, random, cache: createHistoryCache(cacheBytes) }),
        measure,
        'PeopleRefused',
      ),
    ),
    leads: createLeadPartnerReader(cache, grown),
    resolve: (tenantId, subject) => identities().resolve(tenantId, subject),
  });
  const putNames = createPutNames(createNames({ client, table: namesTable, random }));
  return authenticated(
    createCallers(tokens),
    async ({ caller: said, event }) => {
      const caller = await knownCaller(createKnownIds(identities()), said);
      if (event.rawPath === '/v1/names') return await putNames({ caller, body: bodyOf(event) });
      const idempotencyKey = event.headers['idempotency-key'];
      return await recordPersonFact({ caller, idempotencyKey, body: bodyOf(event), now: now() });
    },
    report,
  );
};
