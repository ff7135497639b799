// How is a request to read answered, from its token to its query?
// The query function calls it; it reads the projection tables, and the tables of events, receipts and sources.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Instant } from '../../events/instant.ts';
import { createAnswer } from '../answer/answer.ts';
import { createBeginRun } from '../answer/beginRun.ts';
import { createDirectPage } from '../answer/directPage.ts';
import { createGathered } from '../answer/gathered.ts';
import { createRunResult } from '../answer/runAnswer.ts';
import type { RunStepsSettings } from '../answer/runSteps.ts';
import { createRunStore } from '../answer/runStore.ts';
import { createReadScope } from '../answer/scope.ts';
import { cacheShare } from '../aws/cacheShare.ts';
import { pathIn, wrongCursor, wrongParameter } from '../http/askedBounds.ts';
import { authenticated, bodyOf } from '../http/authenticated.ts';
import { createCallers, type TokenRules } from '../http/caller.ts';
import { type HttpAnswer, type Problem, problemAnswer } from '../http/problem.ts';
import { createIdentityResolver } from '../intake/identityResolver.ts';
import { createKnownIds, knownCaller } from '../intake/knownIds.ts';
import { createNames } from '../names/names.ts';
import { createCountOpen } from '../receipts/openCounts.ts';
import { createReceiptLists } from '../receipts/receiptLists.ts';
import { createReceiptReader } from '../receipts/receiptReader.ts';
import { createSourceCounts } from '../receipts/sourceCounts.ts';
import { createSourceRows } from '../receipts/sourceRows.ts';
import { createUnmatched } from '../receipts/unmatched.ts';
import { createCachedStreams, createGrown } from '../store/cachedStreams.ts';
import { createDynamoEventStore } from '../store/dynamoEventStore.ts';
import { BrokenStream } from '../store/readCommits.ts';
import { createEngagementReader } from './engagementReader.ts';
import { createFreshness } from './freshness.ts';
import { createHeadPages, createHeadsOf } from './health/headPages.ts';
import { createHealth } from './health/health.ts';
import { createLikelyBehind } from './health/likelyBehind.ts';
import { createUnprojected } from './health/unprojected.ts';
import type { Asked } from './queryRequest.ts';
import { createQueries } from './queryRoutes.ts';
import type { QueueDepths } from './queueDepths.ts';
import { createReadAgain } from './readAgain.ts';
import { createReceiptQueries } from './receiptQueries.ts';
import { createRowReader } from './rowReader.ts';

export interface QueryHandlerSettings {
  readonly client: DynamoDBClient;
  readonly eventsTable: string;
  readonly receiptsTable: string;
  readonly sourcesTable: string;
  readonly namesTable: string;
  readonly tableOf: (table: string) => string;
  /** The days that a receipt may wait. */
  readonly waitingDays: number;
  readonly queueDepths: QueueDepths;
  /** The table of runs, and how their messages are sent. */
  readonly answersTable: string;
  readonly sendRun: RunStepsSettings['send'];
  /** The most engagements that a request folds itself; absent: 200. */
  readonly directly?: number;
  /** Milliseconds of a clock that never goes back; absent: the machine's. */
  readonly ticks?: () => number;
  readonly newId: () => string;
  readonly tokens: TokenRules;
  /** The digest of the domain's code in this bundle. */
  readonly computedBy: string;
  readonly now: () => Instant;
  readonly random: () => number;
  /** Gets the error of a request that could not be answered. */
  readonly report: (error: unknown) => void;
}

/** To ask again would not help. The stream's name is for the tenant's own people only. */
const unreadable: Problem = {
  status: 500,
  reason: 'streamUnreadable',
  detail:
    'the events that this answer rests on can not be read by this release; /v1/health names their stream to the vendor',
};

/** So many engagements are folded well within the time of a request. */
const usuallyDirect = 200;

const methods = ['GET', 'POST', 'DELETE'] as const;

/** The handler of `GET /v1/…`, `POST /v1/what-if` and `DELETE /v1/runs/…`. */
export const createQueryHandler = (
  settings: QueryHandlerSettings,
): ((event: APIGatewayProxyEventV2) => Promise<HttpAnswer>) => {
  const { client, eventsTable, tableOf, queueDepths, waitingDays, now, random } = settings;
  const grown = createGrown({ client, table: eventsTable, random });
  const store = createDynamoEventStore({ client, table: eventsTable });
  const cache = createCachedStreams({ store, grown, budgetBytes: cacheShare() });
  const rows = createRowReader({ client, tableOf, random });
  const receipts = { client, table: settings.receiptsTable };
  const countOpen = createCountOpen(receipts);
  const lists = createReceiptLists(receipts);
  const sources = createSourceRows({ client, table: settings.sourcesTable });
  const identities = createIdentityResolver({ store, now });
  const known = createKnownIds(identities);
  const runs = createRunStore({ client, table: settings.answersTable });
  const gathered = createGathered(cache);
  const scope = createReadScope({ store, rows });
  const { sendRun: send, newId, directly = usuallyDirect, ticks = () => performance.now() } = settings;
  const queries = createQueries({
    rows,
    engagements: createEngagementReader({ rows, cache, known }),
    readAgain: createReadAgain({ sources, cache, identities }),
    freshness: createFreshness({ sources, countOpen, queueDepths, report: settings.report }),
    unmatched: createUnmatched({ ...receipts, waitingDays }),
    receipts: createReceiptQueries({
      lists,
      read: createReceiptReader({ ...receipts, cache, waitingDays }),
      counts: createSourceCounts(sources),
      waitingDays,
    }),
    names: createNames({ client, table: settings.namesTable, random }),
    long: {
      direct: createDirectPage({ scope, answer: createAnswer(cache, rows), gathered, directly, ticks }),
      begin: createBeginRun({ runs, send, newId }),
    },
    runs: { runs, result: createRunResult({ runs, rows, cache, gathered }) },
    health: createHealth({
      ...{ grown, countOpen, queueDepths, waitingDays, computedBy: settings.computedBy },
      headsAfter: createHeadPages({ client, tableOf }),
      headsOf: createHeadsOf({ client, tableOf, random }),
      likelyBehind: createLikelyBehind({
        ...{ client, eventsTable, receiptsTable: receipts.table, lists, sources, random },
      }),
      unprojected: createUnprojected({ client, store, eventsTable, tableOf, random }),
    }),
  });
  const partnerIn = async (tenantId: string, asked: Asked): Promise<Asked> =>
    asked.partner === undefined ? asked : { ...asked, partner: await known.party(tenantId, asked.partner) };
  return authenticated(
    createCallers(settings.tokens),
    async ({ caller: said, event }) => {
      // What no row can have is refused before anything is read.
      const path = pathIn(event.rawPath);
      if ('problem' in path) return problemAnswer(path.problem);
      const given = event.queryStringParameters ?? {};
      const wrong = wrongParameter(given);
      if (wrong !== undefined) return problemAnswer(wrong.problem);
      try {
        const caller = await knownCaller(known, said);
        const asked = await partnerIn(caller.tenantId, given);
        const method = methods.find((each) => each === event.requestContext.http.method);
        return await queries({ caller, path: path.parts, asked, now: now(), method, body: bodyOf(event) });
      } catch (error) {
        if (error instanceof BrokenStream) {
          settings.report(error);
          return problemAnswer(unreadable);
        }
        const refused = wrongCursor(given, error);
        if (refused === undefined) throw error;
        return problemAnswer(refused.problem);
      }
    },
    settings.report,
  );
};
