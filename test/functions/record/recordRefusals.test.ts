// What does a person get whose fact breaks an invariant?
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, createApi, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let vendor: string;

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  vendor = await peopleOf(issuer).vendor();
  api = await createApi(engine, issuer);
  await api.record(
    fact('EngagementOpened', {}, { at: '2026-03-01' }),
    fact('DealClosed', { result: 'lost' }, { at: '2026-03-02' }),
    fact('WorkLogged', { workId: 'w1', category: 'implementation', minutes: 5 }, { at: '2026-03-03' }),
  );
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const external = { system: 'reference', kind: 'engagement', id: 'R' };
const price = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const offer = { offerId: 'o', version: 2, components: [{ componentId: 'c', kind: 'base_licence' }] };
const budget = { campaignId: 'c', kind: 'enablement', budget: price(100), vendorFunded: price(101) };
const usage = {
  subscriptionId: 's',
  windowStart: '2026-01-02T00:00:00.000Z',
  windowEnd: '2026-01-01T00:00:00.000Z',
  activeUnits: 1,
  metric: 'seats',
};

const refusals: readonly (readonly [string, object, string])[] = [
  ['OfferPublished', offer, 'offerVersionNotNext'],
  ['CampaignLaunched', budget, 'fundingAboveBudget'],
  ['EngagementOpened', {}, 'alreadyOpened'],
  ['DealClosed', { result: 'lost' }, 'dealAlreadyClosed'],
  ['SolutionProposed', { outcomeIds: ['never-agreed'] }, 'outcomeUnknown'],
  ['OrderFulfilled', { orderId: 'never-placed' }, 'orderUnknown'],
  ['WorkLogged', { workId: 'w1', category: 'implementation', minutes: 6 }, 'workAlreadyLogged'],
  ['UsageMeasured', usage, 'windowEmpty'],
  ['SubscriptionEnded', { subscriptionId: 'never-started' }, 'subscriptionUnknown'],
  ['HandoffAccepted', { handoffId: 'h', fromStage: 'sell', toStage: 'deliver' }, 'handoffUnknown'],
  ['PolicyPublished', { policyVersion: 3, effectiveFrom: '2026-07-01T00:00:00.000Z' }, 'policyVersionNotNext'],
];

const ownSubject: ReadonlySet<string> = new Set(['OfferPublished', 'CampaignLaunched', 'PolicyPublished']);

test.each(refusals)('%s %o', async (type, data, reason) => {
  const said = { type, data, ...(!ownSubject.has(type) && { engagement: 'e1' }) };
  const answer = await api.post(vendor, said, `k-${type}`);
  expect(answer).toMatchObject({
    status: 409,
    contentType: 'application/problem+json',
    body: { title: 'Conflict', reason, detail: expect.stringMatching(/./) },
  });
});

test('a link that would lead one reference to two engagements', async () => {
  const link = (id: string) => ({
    type: 'IdentityLinked',
    data: { external, to: { stream: `acme/engagement/${id}` }, reason: 'ours' },
  });
  expect(await api.post(vendor, link('e1'), 'k1')).toMatchObject({ status: 200 });
  expect(await api.post(vendor, link('e2'), 'k2')).toMatchObject({ status: 409, body: { reason: 'needsMerge' } });
});

test('an event of over 200 KB: 413', async () => {
  const codes = (count: number) => Array.from({ length: count }, () => '√'.repeat(256));
  const data = { ...offer, version: 1, capabilities: codes(200), segments: codes(100) };
  const { status, body } = await api.post(vendor, { type: 'OfferPublished', data }, 'k3');
  expect([status, body.reason]).toEqual([413, 'eventTooLarge']);
});

test('a body that is wrong in very many places gets the first of them, in an answer that Lambda can give', async () => {
  const wrong = Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`uk${index}`, 1]));
  for (const body of [wrong, { type: 'WorkLogged', engagement: 'e1', data: wrong }]) {
    const { status, body: said } = await api.post(vendor, body, `wrong-${'data' in body}`);
    const { issues } = Object(said);
    expect([status, issues.length]).toEqual([422, 101]);
    expect(issues.at(-1).message).toMatch(/^and \d+ more$/);
  }
});
