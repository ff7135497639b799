// What would other thresholds have changed, over all engagements: who may ask, what is refused, and what does the run find?
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import type { Fact } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { type Api, createApi, itemsOf, peopleOf } from '../../support/api.ts';
import { answeringOf } from '../../support/asking/answering.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { idOf, partners } from '../../support/histories/ledInTurn.ts';
import { historyObserved } from '../../support/histories/observing.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

// A real engine, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let vendor = '';

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  vendor = await peopleOf(issuer).vendor();
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

/** Goes live on March 1st and is never reported on; the subscription of `lost` ends in August. */
const silent = (id: string, leadPartner: typeof partners.a, lost: boolean): readonly Fact[] => {
  const stream = streamIdOf(tenantId, 'engagement', id);
  const term = { termStart: '2026-01-01T00:00:00.000Z', termEnd: '2027-01-01T00:00:00.000Z' };
  return [
    fact('EngagementOpened', { leadPartner }, { at: '2026-01-01', stream }),
    fact('SubscriptionStarted', { subscriptionId: id, kind: 'base_licence', ...term }, { at: '2026-01-01', stream }),
    fact('MilestoneReached', { milestone: 'go_live' }, { at: '2026-03-01', stream }),
    ...(lost ? [fact('SubscriptionEnded', { subscriptionId: id }, { at: '2026-08-01', stream })] : []),
  ];
};

beforeEach(async () => {
  api = await createApi(engine, issuer);
  await api.record(
    historyObserved(),
    ...silent('e1', partners.a, true),
    ...silent('e2', partners.a, false),
    ...silent('e3', partners.b, true),
  );
  api.at('2027-06-01');
  await api.project();
});

const body = { set: { 'P4.1': { days: 30 } }, from: '2026-01-01', to: '2027-01-01T00:00:00Z' };
const Score = z.looseObject({
  episodes: z.number(),
  hits: z.number(),
  losses: z.number(),
  precision: z.number().nullable(),
});
const Scores = z.array(z.looseObject({ rule: z.string(), is: Score, wouldBe: Score }));

const answered = async (said: object) => {
  const begun = await api.send('POST', vendor, 'what-if', said);
  expect(begun.status).toBe(202);
  await answeringOf(engine, api).settle();
  return await api.get(vendor, `runs/${begun.body.run}`);
};

describe('a what-if', () => {
  test('finds flags that come earlier, the warning before each loss, and the scores of each rule', async () => {
    const answer = await answered(body);
    const items = itemsOf(answer);
    const shifts = items.filter(({ kind, rule }) => kind === 'flag' && rule === 'P4.1');
    expect(shifts.map(({ engagementId, change }) => [engagementId, change]).toSorted()).toEqual([
      ['e1', 'earlier'],
      ['e2', 'earlier'],
      ['e3', 'earlier'],
    ]);
    const losses = items.filter(({ kind }) => kind === 'loss');
    expect(losses.map(({ engagementId, loss }) => [engagementId, loss]).toSorted()).toEqual([
      ['e1', 'anchorEnded'],
      ['e3', 'anchorEnded'],
    ]);
    const score = Scores.parse(answer.body.scores).find(({ rule }) => rule === 'P4.1');
    expect(score?.is).toMatchObject({ episodes: 3, hits: 2, losses: 2, precision: 0.666667, recall: 1 });
    expect(score?.wouldBe).toMatchObject({ episodes: 3, hits: 2, losses: 2 });
  });

  test('of one partner counts what it leads now', async () => {
    const items = itemsOf(await answered({ ...body, partner: idOf(partners.b) }));
    expect(new Set(items.map(({ engagementId }) => engagementId))).toEqual(new Set(['e3']));
  });

  test('of a partner that no fact names is refused, and says where all are listed', async () => {
    for (const partner of ['NORTHWIMD', 'crm/account/none', idOf(partners.c)]) {
      const { status, body: problem } = await api.send('POST', vendor, 'what-if', { ...body, partner });
      expect([status, problem.reason]).toEqual([422, 'partnerUnknown']);
      expect(problem.detail).toContain(partner);
      expect(problem.detail).toContain('/v1/tables/parties');
    }
    expect(api.sent).toEqual([]);
  });

  test('sets what is named, and leaves the other thresholds and everything live as they are', async () => {
    const stored = async () =>
      (await engine.client.send(new ScanCommand({ TableName: api.eventsTable }))).Items?.map(({ hash }) => hash?.S);
    const [before, flags] = [await stored(), (await api.all(vendor, 'flags')).items];
    const { body: said } = await answered({ ...body, set: { 'P4.1': {}, 'P1.3': { days: 3650 } } });
    expect(said.question).toMatchObject({ set: { 'P4.1': {}, 'P1.3': { days: 3650 } } });
    expect([await stored(), (await api.all(vendor, 'flags')).items]).toEqual([before, flags]);
  });
});

test('only the vendor asks', async () => {
  const partner = await peopleOf(issuer).partner(idOf(partners.a));
  const { status, body: problem } = await api.send('POST', partner, 'what-if', body);
  expect([status, problem.reason]).toEqual([403, 'vendorsOnly']);
  expect((await api.send('POST', undefined, 'what-if', body)).status).toBe(401);
  expect(api.sent).toEqual([]);
});

test('what is no question is refused, with what is wrong', async () => {
  const refused = async (said: unknown) => {
    const { status, body: problem } = await api.send('POST', vendor, 'what-if', said);
    return [status, problem.reason];
  };
  expect(await refused('no JSON')).toEqual([422, 'questionMalformed']);
  expect(await refused([])).toEqual([422, 'questionMalformed']);
  expect(await refused({ ...body, set: { 'P9.9': { days: 1 } } })).toEqual([422, 'questionMalformed']);
  expect(await refused({ ...body, set: { 'P4.1': { weeks: 1 } } })).toEqual([422, 'questionMalformed']);
  expect(await refused({ ...body, set: { 'P4.1': { days: -1 } } })).toEqual([422, 'questionMalformed']);
  expect(await refused({ ...body, more: 1 })).toEqual([422, 'questionMalformed']);
  for (const partner of ['漢'.repeat(334), '漢'.repeat(1000), 'x'.repeat(1001), '\ud800', ''])
    expect(await refused({ ...body, partner })).toEqual([422, 'questionMalformed']);
  expect(await refused({ ...body, set: {} })).toEqual([400, 'nothingSet']);
  expect(await refused({ ...body, set: { 'P4.1': {} } })).toEqual([400, 'nothingSet']);
  expect(await refused({ ...body, to: '2030-01-01' })).toEqual([400, 'toInTheFuture']);
  expect(await refused({ ...body, from: 'spring' })).toEqual([400, 'fromNotAnInstant']);
  expect(await refused({ ...body, from: body.to })).toEqual([400, 'datesInWrongOrder']);
  expect(await refused({ ...body, set: JSON.parse('{"__proto__": {"days": 1}}') })).toEqual([422, 'questionMalformed']);
  expect(await refused(`{"set": {}, "pad": "${'x'.repeat(100_001)}"}`)).toEqual([413, 'bodyTooLarge']);
  expect(api.sent).toEqual([]);
});
