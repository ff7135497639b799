// Does the vendor read which days its own purchases suggest, in the request and by a run, and does the fact beside it set them?
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Fact } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { type Api, createApi, itemsOf, peopleOf } from '../../support/api.ts';
import { answeringOf } from '../../support/asking/answering.ts';
import { wrongAnswer } from '../../support/asking/wrongAnswer.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { org, partyId } from '../../support/tabled.ts';

// A real engine, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let [vendor, partner] = ['', ''];

/** A purchase on the direct route that took so many days. */
const purchase = (index: number): readonly Fact[] => {
  const stream = streamIdOf(tenantId, 'engagement', `e${index}`);
  const day = String(index + 1).padStart(2, '0');
  return [
    fact('EngagementOpened', { leadPartner: org('p') }, { at: '2026-01-01', stream }),
    fact('RouteAgreed', { route: 'direct' }, { at: '2026-01-02', stream }),
    fact('DealClosed', { result: 'won' }, { at: '2026-02-01', stream }),
    fact('OrderFulfilled', { orderId: 'o' }, { at: `2026-02-${day}`, stream }),
  ];
};

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, partner] = await Promise.all([people.vendor(), people.partner(partyId('p'))]);
  api = await createApi(engine, issuer);
  api.at('2026-03-01');
  await api.record(...Array.from({ length: 20 }, (_, index) => purchase(index)).flat());
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const suggestions = async (of = api) => await of.get(vendor, 'suggestions');
const direct = (items: readonly Readonly<Record<string, unknown>>[]) =>
  items.find(({ threshold }) => threshold === 'direct');

test('each route has its sample; of enough purchases the days follow, with the fact that a person records', async () => {
  const answer = await suggestions();
  expect(wrongAnswer('get', '/v1/suggestions', answer)).toEqual([]);
  const items = itemsOf(answer);
  expect(items.map(({ threshold }) => threshold).toSorted()).toEqual(['co_sell', 'direct', 'marketplace', 'two_tier']);
  expect(direct(items)).toMatchObject({
    ...{ rule: 'P5.5', days: 30, suggestedDays: 17, reason: null, purchases: 20, engagements: 20 },
    publish: { type: 'PolicyPublished', data: { policyVersion: 1, thresholds: { 'P5.5': { direct: 17 } } } },
  });
  for (const item of items.filter(({ threshold }) => threshold !== 'direct'))
    expect(item).toMatchObject({ purchases: 0, suggestedDays: null, reason: 'tooFew', publish: null });
  const refused = await api.get(partner, 'suggestions');
  expect([refused.status, refused.body.reason]).toEqual([403, 'vendorsOnly']);
  expect(wrongAnswer('get', '/v1/suggestions', refused)).toEqual([]);
});

test('a run gives the same where many must be folded', async () => {
  const few = await createApi(engine, issuer, { ...api, directly: 0 });
  few.at('2026-03-01');
  const begun = await suggestions(few);
  expect(begun.status).toBe(202);
  expect(wrongAnswer('get', '/v1/suggestions', begun)).toEqual([]);
  await answeringOf(engine, few).settle();
  const run = await few.get(vendor, `runs/${begun.body.run}`);
  expect(wrongAnswer('get', '/v1/runs/{run}', run)).toEqual([]);
  expect(itemsOf(run)).toEqual(itemsOf(await suggestions()));
});

test('nothing is set until a person records it; then the policy in force says so', async () => {
  expect(direct(itemsOf(await suggestions()))?.days).toBe(30);
  const published = {
    policyVersion: 1,
    effectiveFrom: '2026-03-01T00:00:00.000Z',
    thresholds: { 'P5.5': { direct: 17 } },
  };
  await api.record(
    fact('PolicyPublished', published, { at: '2026-03-01', stream: streamIdOf(tenantId, 'policy', 'policy') }),
  );
  expect(direct(itemsOf(await suggestions()))).toMatchObject({
    days: 17,
    publish: { data: { policyVersion: 2, thresholds: { 'P5.5': { direct: 17 } } } },
  });
});
