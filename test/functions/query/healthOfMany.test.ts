// Does health of a tenant with many heads find those that are behind, although it does not look at all?
import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { streamIdOf } from '../../../events/identifiers.ts';
import { createHeadsOf } from '../../../functions/query/health/headPages.ts';
import type { HealthSettings } from '../../../functions/query/health/pipelineHealth.ts';
import { createReceipts } from '../../../functions/receipts/receipts.ts';
import { shardCount } from '../../../functions/store/commit.ts';
import { type Api, createApi } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { healthOf, likelyBehindOf } from '../../support/rows/healthOf.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
});
beforeEach(async () => {
  api = await createApi(engine, issuer);
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const now = '2026-06-30T12:00:00.000Z';
const engagement = (id: string) => streamIdOf(tenantId, 'engagement', id);
const openedOn = (id: string) => fact('EngagementOpened', {}, { at: '2026-06-01', stream: engagement(id) });

describe('of a tenant with more heads than one answer looks at, health', () => {
  const ids = Array.from({ length: 12 }, (_, index) => `e${String(index).padStart(2, '0')}`);
  const likelyAt = (place: number) => likelyBehindOf(engine, api, place)(tenantId);
  const few = (given: Partial<HealthSettings> = {}) => healthOf(engine, api, { wholeUpTo: 2, ...given });

  const translated = async (id: string, streams: readonly string[]) => {
    const { client } = engine;
    const receipts = createReceipts({ client, table: api.receiptsTable, now: () => now });
    await client.send(
      new PutItemCommand({
        TableName: api.sourcesTable,
        Item: { tenantId: { S: tenantId }, connectionId: { S: 'c-1' } },
      }),
    );
    const receipt = await receipts.keep({
      ...{ connection: 'c-1', tenantId, source: 'stripe', receiptId: id },
      message: { body: '{}', headers: {}, receivedAt: now },
    });
    await client.send(
      new UpdateItemCommand({
        TableName: api.receiptsTable,
        Key: { partition: { S: receipt.partition }, id: { S: receipt.id } },
        UpdateExpression: 'SET #streams = :streams',
        ExpressionAttributeNames: { '#streams': 'streams' },
        ExpressionAttributeValues: { ':streams': { L: streams.map((S) => ({ S })) } },
      }),
    );
  };

  test('says that it has not looked at all, and reads no more heads than it looks at', async () => {
    await api.record(...ids.map((id) => openedOn(id)));
    await api.project();
    expect(await healthOf(engine, api)(tenantId, now)).toMatchObject({ complete: true, engagements: 12 });
    const asked: number[] = [];
    const { client, tableOf } = { client: engine.client, tableOf: api.tableOf };
    const headsOf = createHeadsOf({ client, tableOf, random: () => 0 });
    const said = await few({
      likelyBehind: async () => ids.slice(0, 5).map(engagement),
      headsOf: async (streams) => {
        asked.push(streams.length);
        return await headsOf(streams);
      },
    })(tenantId, now);
    expect(said).toMatchObject({ complete: false, engagements: 5, behind: 0, absent: 0 });
    expect(said?.cursor).toBeUndefined();
    // Two of the five are among the first heads already.
    expect(asked).toEqual([3]);
  });

  test('looks at the streams of the newest receipts: those that lag are behind, those without a head absent', async () => {
    await api.record(...ids.map((id) => openedOn(id)));
    await api.project();
    await api.record(fact('DealRevised', { salesStage: 'demo' }, { at: '2026-06-02', stream: engagement('e11') }));
    await api.record(openedOn('e12'));
    // The facts of the last one are still on their way.
    await translated('r-1', ['e11', 'e12', 'e13'].map(engagement));
    expect(await likelyAt(0)).toEqual(expect.arrayContaining(['e11', 'e12', 'e13'].map(engagement)));
    expect(await few()(tenantId, now)).toMatchObject({ complete: false, behind: 1, absent: 1 });
    await api.project();
    expect(await few()(tenantId, now)).toMatchObject({ complete: false, behind: 0, absent: 0 });
  });

  test('counts as overdue those of the heads that it looks at, and none of another tenant', async () => {
    const won = (id: string) => fact('DealClosed', { result: 'won' }, { at: now, stream: engagement(id) });
    await api.record(...ids.flatMap((id) => [openedOn(id), won(id)]));
    await api.project();
    const nothing: HealthSettings['headsOf'] = async () => [];
    expect(await few({ headsOf: nothing })(tenantId, now)).toMatchObject({ behind: 0, overdue: 0 });
    const later = '2027-06-30T12:00:00.000Z';
    expect(await few({ headsOf: nothing })(tenantId, later)).toMatchObject({ complete: false, behind: 2, overdue: 2 });
    expect(await few()('rival', later)).toMatchObject({ behind: 0, overdue: 0 });
  });

  test('looks at some streams at random, wherever in their order the place falls', async () => {
    await api.record(...ids.map((id) => openedOn(id)));
    const found = new Set<string>();
    for (let shard = 0; shard < shardCount; shard += 1) {
      for (const stream of await likelyAt((shard + 0.5) / shardCount)) found.add(stream);
    }
    expect(found).toEqual(new Set(ids.map(engagement)));
  });
});
