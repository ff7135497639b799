// Is a person's address, name or free text kept out of every fact that people record, wherever it stands in the request?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pseudonymOf } from '../../../events/freeText.ts';
import { type Api, createApi, eventsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { engagementStream, fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let vendor: string;

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  vendor = await peopleOf(issuer).vendor();
});
beforeEach(async () => {
  api = await createApi(engine, issuer);
  await api.record(fact('EngagementOpened', {}, { at: '2026-03-01' }));
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const agreed = { type: 'OutcomeAgreed', engagement: 'e1', data: { outcomeId: 'o' } };
const logged = { type: 'WorkLogged', engagement: 'e1', data: { workId: 'w', category: 'internal', minutes: 5 } };
const lost = { type: 'DealClosed', engagement: 'e1', data: { result: 'lost' } };

describe('a fact is refused, with the place, that holds', () => {
  test.each([
    ['an address', { ...logged, data: { ...logged.data, personRef: 'kari@halden.example' } }, 'data.personRef'],
    ['an encoded address', { ...lost, data: { result: 'lost', reason: 'x?u=ann%40example.com' } }, 'data.reason'],
    ['a link with userinfo', { ...lost, data: { result: 'lost', reason: 'https://ann@example.com' } }, 'data.reason'],
    ['an address of its engagement', { ...agreed, engagement: 'crm/deal/ann@example.com' }, 'engagement'],
    ['an address of what it corrects', { ...agreed, supersedes: 'ann@example.com' }, 'supersedes'],
    ['an address as a reference', { type: 'EngagementOpened', reference: 'ann@example.com', data: {} }, 'reference'],
  ])('%s', async (_, body, path) => {
    const answer = await api.post(vendor, body, 'k1');
    expect(answer).toMatchObject({ status: 422, body: { reason: 'addressInData', issues: [{ path }] } });
    expect(JSON.stringify(answer.body)).not.toMatch(/ann|kari/);
  });

  test('an address as its Idempotency-Key', async () => {
    expect(await api.post(vendor, agreed, 'ann@example.com')).toMatchObject({
      status: 422,
      body: { reason: 'addressInData', issues: [{ path: 'Idempotency-Key' }] },
    });
  });

  const sentence = 'Called Anna, she was angry about the delay';
  test.each([
    ['free text', { ...lost, data: { result: 'lost', reason: sentence } }, 'data.reason'],
    ['the name of a person', { ...logged, data: { ...logged.data, personRef: 'Anna Schmidt' } }, 'data.personRef'],
    [
      'a sentence as a reference',
      { type: 'EngagementOpened', reference: `${sentence}, and she may not buy again`, data: {} },
      'reference',
    ],
  ])('%s', async (_, body, path) => {
    const answer = await api.post(vendor, body, 'k1');
    expect(answer).toMatchObject({ status: 422, body: { reason: 'freeTextInData', issues: [{ path }] } });
    expect(JSON.stringify(answer.body)).not.toContain('Anna');
  });
});

test.each([
  ['a code of several words', 'Lost to Competitor'],
  ['a case', 'case 12345'],
  ['a link', 'https://crm.example/notes/how-it-went-with-the-customer?id=7'],
])('%s is recorded as the reason', async (_, reason) => {
  const answer = await api.post(vendor, { ...lost, data: { result: 'lost', reason } }, 'k1');
  expect(eventsOf(answer)).toMatchObject([{ data: { result: 'lost', reason } }]);
});

test.each(['kari@halden.example', 'Kari Nordmann'])(
  'a person whose token has %s as its subject has a reference as the actor, always the same one',
  async (sub) => {
    const token = await issuer.token({ sub, role: 'vendor', tenant: tenantId });
    const [event] = eventsOf(await api.post(token, agreed, 'k1'));
    const actor = pseudonymOf(tenantId, sub);
    expect(event).toMatchObject({ actor, source: `people:${actor}` });
    expect(JSON.stringify((await api.store.load(engagementStream)).events).toLowerCase()).not.toContain('kari');
    expect(eventsOf(await api.post(token, agreed, 'k1'))).toEqual([event]);
  },
);
