// How does a bench fill the store sooner than the pipeline would? The same messages, read and placed as translate does, appended by recordFacts itself.
import { type AttributeValue, BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Fact } from '../../events/catalog.ts';
import { derivedEngagementOf } from '../../events/identifiers.ts';
import { inParallel } from '../../functions/aws/parallel.ts';
import { createConnections } from '../../functions/intake/connections.ts';
import { placed } from '../../functions/intake/factDraft.ts';
import { readReceipt } from '../../functions/intake/readReceipt.ts';
import { type NewReceipt, receiptItem, receiptOf } from '../../functions/receipts/receipt.ts';
import { createRecordFacts } from '../../functions/stages/recordFacts.ts';
import { createDynamoEventStore } from '../../functions/store/dynamoEventStore.ts';
import { operatorKey } from '../../infra/local/core/awsNames.ts';
import { clientOf } from '../support/engine.ts';
import type { LivePipeline } from './livePipeline.ts';
import { bodiesOf } from './story.ts';

const atOnce = 16;
const batch = 25;

/**
 * Fills the store of a live pipeline with a wave's engagements. Receipts are put as they are once translated, and every fact
 * is a commit of its own, as it would be; what is left out are the door, the bus and the queues on the way in. All that
 * follows an append (relay, reactions, rows, the trim of streams) is the running pipeline's own doing.
 */
export const createFillStore = async ({ runtime, connection }: LivePipeline) => {
  const now = (): string => new Date().toISOString();
  const client = clientOf(runtime.endpoints.dynamodb, runtime.keys.credentialsOf(operatorKey));
  const named = (name: string): string => {
    const found = runtime.plan.functions.find(({ environment }) => environment[name] !== undefined);
    return found?.environment[name] ?? '';
  };
  const receiptsTable = named('RECEIPTS_TABLE');
  const stored = await createConnections({ client, table: named('CONNECTIONS_TABLE'), now }).byId(connection);
  const store = createDynamoEventStore({ client, table: named('EVENTS_TABLE') });
  const recordFacts = createRecordFacts({ store, now, random: Math.random });

  const understood = ({ id, text }: { readonly id: string; readonly text: string }) => {
    const message = { body: text, headers: { 'content-type': 'application/cloudevents+json' }, receivedAt: now() };
    const receipt: NewReceipt = { connection, tenantId: 'bench', source: 'cloudevents', receiptId: id, message };
    const { open, openId, ...item } = receiptItem(receipt);
    const read = readReceipt(receiptOf(receiptItem(receipt)), stored);
    if (read.outcome !== 'facts') throw new Error(`a message says no fact: ${JSON.stringify(read)}`);
    const facts = read.drafts.map((draft): Fact => {
      if (!('primary' in draft.subject)) throw new Error('a message is about no opportunity');
      return placed(draft, derivedEngagementOf('bench', draft.subject.primary));
    });
    const streams = [...new Set(facts.map(({ streamId }) => streamId))];
    const ended: Record<string, AttributeValue> = {
      ...item,
      ...marshall({ status: 'translated', streams, expiresAt: Math.floor(Date.now() / 1000) + 90 * 86_400 }),
    };
    return { facts, ended };
  };

  const fill = async (wave: number, engagements: number): Promise<void> => {
    const said = bodiesOf(wave, engagements).map(understood);
    const batches = Array.from({ length: Math.ceil(said.length / batch) }, (_, index) =>
      said.slice(index * batch, (index + 1) * batch),
    );
    await inParallel(batches, 4, async (each) => {
      const puts = each.map(({ ended }) => ({ PutRequest: { Item: ended } }));
      await client.send(new BatchWriteItemCommand({ RequestItems: { [receiptsTable]: puts } }));
    });
    const streams = [
      ...Map.groupBy(
        said.flatMap(({ facts }) => facts),
        ({ streamId }) => streamId,
      ),
    ];
    await inParallel(streams, atOnce, async ([stream, facts]) => {
      for (const fact of facts) await recordFacts(stream, [fact]);
    });
    await runtime.drained();
  };
  return { fill, stop: () => client.destroy() };
};
