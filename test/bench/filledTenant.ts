// How does a bench get a tenant of many engagements in little time? Facts are appended and projected here, while nothing is delivered to functions.
import { writtenTables } from '../../domain/rows/catalog.ts';
import type { Fact } from '../../events/catalog.ts';
import { derivedEngagementOf } from '../../events/identifiers.ts';
import { inParallel } from '../../functions/aws/parallel.ts';
import { createConnections } from '../../functions/intake/connections.ts';
import { placed } from '../../functions/intake/factDraft.ts';
import { readReceipt } from '../../functions/intake/readReceipt.ts';
import { createProjectionStore } from '../../functions/project/projectionStore.ts';
import { readProjectionTables } from '../../functions/project/projectionTables.ts';
import { createProjector } from '../../functions/project/projector.ts';
import { receiptItem, receiptOf } from '../../functions/receipts/receipt.ts';
import { createRecordFacts } from '../../functions/stages/recordFacts.ts';
import { createCachedStreams, createGrown } from '../../functions/store/cachedStreams.ts';
import { createDynamoEventStore } from '../../functions/store/dynamoEventStore.ts';
import { operatorKey } from '../../infra/local/core/awsNames.ts';
import type { DeliveryInterceptor } from '../../infra/local/lambda/deliveryInterceptor.ts';
import { clientOf } from '../support/engine.ts';
import { type LivePipeline, startLivePipeline } from './livePipeline.ts';
import { batchOf } from './threeFacts.ts';

const atOnce = 16;
const engagementsATime = 200;

/** A pipeline whose functions get no batches while it is filled: rows are as they would be, and none of the work has to be waited for. */
export const startFilledTenant = async (engagements: number): Promise<LivePipeline> => {
  let filling = true;
  const deliver: DeliveryInterceptor = async ({ event }, hand) =>
    filling && typeof event === 'object' && event !== null && 'Records' in event
      ? { ok: true, value: { batchItemFailures: [] }, requestId: 'filled' }
      : await hand();
  const live = await startLivePipeline({ deliver });
  const { runtime, connection } = live;
  const now = (): string => new Date().toISOString();
  const client = clientOf(runtime.endpoints.dynamodb, runtime.keys.credentialsOf(operatorKey));
  const environment = Object.assign({}, ...runtime.plan.functions.map((each) => each.environment));
  const { EVENTS_TABLE: table = '', CONNECTIONS_TABLE: connections = '', COMPUTED_BY: computedBy = '' } = environment;
  const stored = await createConnections({ client, table: connections, now }).byId(connection);
  const store = createDynamoEventStore({ client, table });
  const recordFacts = createRecordFacts({ store, now, random: Math.random });
  const tableOf = readProjectionTables(writtenTables('streams'), environment);
  const project = createProjector({
    cache: createCachedStreams({ store, grown: createGrown({ client, table, random: Math.random }) }),
    rows: createProjectionStore({ client, tableOf, random: Math.random }),
    wake: async () => undefined,
    ...{ now, random: Math.random, release: Number(environment.RELEASE), computedBy },
  });

  const factsOf = (batch: string): readonly Fact[] => {
    const message = {
      body: batch,
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      receivedAt: now(),
    };
    const item = receiptItem({ connection, tenantId: 'bench', source: 'cloudevents', receiptId: 'filled', message });
    const read = readReceipt(receiptOf(item), stored);
    if (read.outcome !== 'facts') throw new Error(`a batch says no facts: ${JSON.stringify(read)}`);
    return read.drafts.map((draft) => {
      if (!('primary' in draft.subject)) throw new Error('an event is about no opportunity');
      return placed(draft, derivedEngagementOf('bench', draft.subject.primary));
    });
  };
  for (let from = 0; from < engagements; from += engagementsATime) {
    const facts = factsOf(batchOf(from, Math.min(engagementsATime, engagements - from)));
    await inParallel([...Map.groupBy(facts, ({ streamId }) => streamId)], atOnce, async ([stream, own]) => {
      await recordFacts(stream, own);
      await project(stream);
    });
  }
  await runtime.drained();
  filling = false;
  client.destroy();
  return live;
};
