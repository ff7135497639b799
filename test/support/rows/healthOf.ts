// How does a test ask health itself, with parts of its own? On the tables of an API, save for what is given.
import { createHeadPages, createHeadsOf } from '../../../functions/query/health/headPages.ts';
import { createHealth, type Health } from '../../../functions/query/health/health.ts';
import { createLikelyBehind } from '../../../functions/query/health/likelyBehind.ts';
import type { HealthSettings } from '../../../functions/query/health/pipelineHealth.ts';
import { createUnprojected } from '../../../functions/query/health/unprojected.ts';
import { createCountOpen } from '../../../functions/receipts/openCounts.ts';
import { createReceiptLists } from '../../../functions/receipts/receiptLists.ts';
import { createSourceRows } from '../../../functions/receipts/sourceRows.ts';
import { createGrown } from '../../../functions/store/cachedStreams.ts';
import type { Api } from '../api.ts';
import type { TestEngine } from '../engine.ts';

/** What health finds likely to be behind; `place` decides what is found at random. */
export const likelyBehindOf = ({ client }: TestEngine, api: Api, place = 0) => {
  const { eventsTable, receiptsTable, sourcesTable } = api;
  return createLikelyBehind({
    ...{ client, eventsTable, receiptsTable, random: () => place },
    lists: createReceiptLists({ client, table: receiptsTable }),
    sources: createSourceRows({ client, table: sourcesTable }),
  });
};

export const healthOf = (engine: TestEngine, api: Api, given: Partial<HealthSettings> = {}): Health => {
  const { eventsTable, receiptsTable, store, tableOf } = api;
  const { client } = engine;
  const random = () => 0;
  return createHealth({
    headsAfter: createHeadPages({ client, tableOf }),
    headsOf: createHeadsOf({ client, tableOf, random }),
    likelyBehind: likelyBehindOf(engine, api),
    grown: createGrown({ client, table: eventsTable, random }),
    unprojected: createUnprojected({ client, store, eventsTable, tableOf, random }),
    countOpen: createCountOpen({ client, table: receiptsTable }),
    queueDepths: async () => [],
    computedBy: 'code',
    waitingDays: 400,
    ...given,
  });
};
