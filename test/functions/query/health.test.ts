// Does health count the heads that are behind their streams, by a bounded number of reads per request?
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { streamIdOf } from '../../../events/identifiers.ts';
import { createReceipts } from '../../../functions/receipts/receipts.ts';
import { type Api, createApi, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { offerPublished } from '../../support/histories/engagementFacts.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { healthOf } from '../../support/rows/healthOf.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let [vendor, ofRival] = ['', ''];

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, ofRival] = await Promise.all([people.vendor(), people.vendor({ tenant: 'rival' })]);
});
beforeEach(async () => {
  api = await createApi(engine, issuer);
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const engagement = (id: string) => streamIdOf(tenantId, 'engagement', id);
const openedOn = (id: string, offerId?: string) =>
  fact('EngagementOpened', offerId === undefined ? {} : { offerId }, { at: '2026-06-01', stream: engagement(id) });
const published = (version: number) => {
  const { version: _, recordedAt, ...said } = offerPublished('2026-01-01', { version });
  return said;
};
const health = async (token = vendor) => (await api.get(token, 'health')).body;

const now = '2026-06-30T12:00:00.000Z';

describe('health', () => {
  test('counts the heads that lack an event of a stream that they rest on, and no others', async () => {
    expect(await health()).toMatchObject({ engagements: 0, behind: 0, oldestEvaluation: null });
    await api.record(published(1), openedOn('e1', 'backup-suite'), openedOn('e2', 'backup-suite'), openedOn('e3'));
    await api.project();
    expect(await health()).toMatchObject({
      engagements: 3,
      behind: 0,
      overdue: 0,
      oldestEvaluation: '2026-06-30T12:00:00.000Z',
    });
    await api.record(published(2));
    // Two engagements that sell it, and the offer's own head.
    expect(await health()).toMatchObject({ engagements: 3, references: 1, behind: 3 });
    await api.record(fact('DealRevised', { salesStage: 'demo' }, { at: '2026-06-02', stream: engagement('e3') }));
    expect(await health()).toMatchObject({ behind: 4 });
    await api.project();
    expect(await health()).toMatchObject({ engagements: 3, references: 1, behind: 0 });
    // An event of a stream that no engagement rests on puts no head behind.
    const other = streamIdOf(tenantId, 'campaign', 'spring');
    await api.record(
      fact('CampaignLaunched', { campaignId: 'spring', kind: 'enablement' }, { at: '2026-06-02', stream: other }),
    );
    expect(await health()).toMatchObject({ behind: 0 });
    expect(await health(ofRival)).toMatchObject({ engagements: 0, behind: 0 });
  });

  test('tells apart heads that rest on different versions of one stream', async () => {
    await api.record(published(1), openedOn('e1', 'backup-suite'));
    await api.project();
    await api.record(published(2), openedOn('e2', 'backup-suite'));
    await api.projectOnly(engagement('e2'));
    // The earlier engagement, and the offer's own head.
    expect(await health()).toMatchObject({ engagements: 2, references: 1, behind: 2 });
    await api.record(published(3));
    expect(await health()).toMatchObject({ engagements: 2, behind: 3 });
  });

  test('counts heads whose due instant has passed as overdue, and heads of other code as behind', async () => {
    await api.record(openedOn('e1'), fact('DealClosed', { result: 'won' }, { at: now, stream: engagement('e1') }));
    await api.project();
    expect(await health()).toMatchObject({ behind: 0, overdue: 0 });
    api.at('2027-06-30');
    expect(await health()).toMatchObject({ behind: 1, overdue: 1 });
    const ofOtherCode = healthOf(engine, api, { grown: async () => new Set(), computedBy: 'other' });
    expect(await ofOtherCode(tenantId, now)).toMatchObject({ behind: 1, overdue: 0 });
  });

  test('walks through all heads, a bounded number with one read of their streams each time, by its cursor', async () => {
    await api.record(...['e1', 'e2', 'e3', 'e4', 'e5'].map((id) => openedOn(id)));
    await api.project();
    const reads: number[] = [];
    const grown = async (tips: ReadonlyMap<string, unknown>) => {
      reads.push(tips.size);
      return new Set<string>();
    };
    const bounded = healthOf(engine, api, { grown, headsAtOnce: 2 });
    const counts: number[] = [];
    let cursor: string | undefined;
    do {
      const part = await bounded(tenantId, now, { all: true, cursor });
      counts.push(part?.engagements ?? 0);
      cursor = part?.cursor;
    } while (cursor !== undefined);
    expect(counts).toEqual([2, 2, 1]);
    expect(reads).toEqual([3, 3, 2]);
    expect(await api.get(vendor, 'health', { cursor: 'x' })).toMatchObject({
      status: 400,
      body: { reason: 'cursorNotOfThisQuery' },
    });
  });
});

describe('beside the heads, health', () => {
  test('counts the streams that have no head', async () => {
    await api.record(openedOn('e1'), openedOn('e2'), published(1));
    expect(await health()).toMatchObject({ engagements: 0, absent: 3, unreadable: [] });
    await api.projectOnly(engagement('e1'));
    expect(await health()).toMatchObject({ engagements: 1, absent: 2, behind: 0 });
    await api.project();
    expect(await health()).toMatchObject({ engagements: 2, references: 1, absent: 0 });
    expect(await health(ofRival)).toMatchObject({ absent: 0 });
  });

  test('names the streams that can’t be read', async () => {
    await api.record(openedOn('e1'), openedOn('e2'));
    await engine.client.send(
      new UpdateItemCommand({
        TableName: api.eventsTable,
        Key: { stream: { S: engagement('e2') }, version: { N: '1' } },
        UpdateExpression: 'SET events = :text',
        ExpressionAttributeValues: { ':text': { S: '[{"type":"Nothing"}]' } },
      }),
    );
    const { unreadable } = await health();
    expect(unreadable).toEqual([{ stream: engagement('e2'), reason: expect.any(String) }]);
  });

  test('says on its first page how many receipts and messages wait', async () => {
    const receipts = createReceipts({ client: engine.client, table: api.receiptsTable, now: () => now });
    const keep = (tenant: string, receiptId: string, receivedAt = now) =>
      receipts.keep({
        ...{ connection: 'c-1', tenantId: tenant, source: 'stripe', receiptId },
        message: { body: '{}', headers: {}, receivedAt },
      });
    for (const id of ['r-1', 'r-2', 'r-3']) await keep(tenantId, id);
    const old = await keep(tenantId, 'r-5', '2025-06-01T12:00:00.000Z');
    await receipts.wait(old, { reason: 'notAllowed: x', waitsUnder: [] }, []);
    await keep('rival', 'r-1');
    await receipts.wait(await keep(tenantId, 'r-4'), { reason: 'notAllowed: x', waitsUnder: [] }, []);
    api.depths.push({ queue: 'sell', waiting: 7, inFlight: 1, dead: 2 });
    expect((await health()).waits).toEqual({
      receipts: { pending: 3, waiting: 2, endingSoon: 1, complete: true },
      queues: [{ queue: 'sell', waiting: 7, inFlight: 1, dead: 2 }],
    });
  });
});
