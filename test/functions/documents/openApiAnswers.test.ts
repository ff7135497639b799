// Does every answer of the API match its document, for a vendor, for a partner, and where it is refused?
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askedTables } from '../../../domain/rows/catalog.ts';
import { derivedPartyOf, parseStreamId, streamIdOf } from '../../../events/identifiers.ts';
import { type Api, createApi, itemsOf, peopleOf } from '../../support/api.ts';
import { wrongAnswer } from '../../support/asking/wrongAnswer.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { everythingSaid } from '../../support/histories/everything.ts';
import { manyWins } from '../../support/histories/manyWins.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { partnersSee } from '../../support/rows/partnersSee.ts';

const party = (id: string) => ({ system: 'erp', kind: 'account', id });
const [msp, distributor, customer, vendorParty] = [
  party('msp'),
  party('distributor'),
  party('customer'),
  party('vendor'),
];
const idOf = (id: string): string => parseStreamId(derivedPartyOf(tenantId, party(id))).id;
const price = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let callers: readonly (readonly [string, string])[] = [];

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  callers = [
    ['a vendor', await people.vendor()],
    ['a partner', await people.partner(idOf('msp'))],
  ];
  api = await createApi(engine, issuer);
  const at = '2026-03-01T09:00';
  const leg = (
    seq: number,
    [seller, buyer]: readonly [ReturnType<typeof party>, ReturnType<typeof party>],
    amount: number,
  ) => ({
    seq,
    component: 'licence',
    seller,
    buyer,
    amount: price(amount),
  });
  await api.record(
    fact('PartyRegistered', { party: msp, roles: ['msp'] }, { at, stream: derivedPartyOf(tenantId, msp) }),
    fact(
      'OfferPublished',
      {
        offerId: 'suite',
        version: 1,
        ownerPartner: msp,
        components: [{ componentId: 'licence', kind: 'base_licence', cost: price(7) }],
      },
      { at, stream: streamIdOf(tenantId, 'offer', 'suite') },
    ),
    fact(
      'CampaignLaunched',
      { campaignId: 'c', kind: 'enablement', partners: [msp] },
      { at, stream: streamIdOf(tenantId, 'campaign', 'c') },
    ),
    fact('EngagementOpened', { leadPartner: msp, customer, offerId: 'suite', campaignId: 'c' }, { at }),
    fact('DealClosed', { result: 'won', value: { amount: '100', currency: 'EUR' } }, { at: '2026-03-10' }),
    fact(
      'OrderPlaced',
      {
        claimedBy: 'distributor',
        orderId: 'o1',
        legs: [leg(1, [vendorParty, distributor], 70), leg(2, [distributor, msp], 80), leg(3, [msp, customer], 100)],
        fees: [{ payee: distributor, payer: vendorParty, kind: 'financing', amount: price(1) }],
      },
      { at: '2026-03-12' },
    ),
    fact('OrderFulfilled', { orderId: 'o1', subscriptionIds: ['s1'] }, { at: '2026-03-20' }),
    fact(
      'SubscriptionStarted',
      {
        subscriptionId: 's1',
        termStart: '2026-03-20T00:00:00.000Z',
        price: price(100),
        billingPeriod: 'P1M',
        quantity: 2,
      },
      { at: '2026-03-20' },
    ),
    fact('HandoffOffered', { handoffId: 'h', fromStage: 'sell', toStage: 'deliver' }, { at: '2026-03-11' }),
    fact('DeliveryStarted', {}, { at: '2026-03-25' }),
    fact('MilestoneReached', { milestone: 'go_live' }, { at: '2026-06-01' }),
  );
  await api.record(...everythingSaid({ engagement: 'e2', lead: msp }));
  await api.record(...manyWins('more', msp));
  // Two registrations of one customer exclude each other.
  const registered = { registrationId: 'same', customer: party('registered') };
  for (const [index, partner] of [msp, distributor].entries())
    await api.record(
      fact(
        'DealRegistered',
        { ...registered, partner },
        { at: '2026-03-02', stream: streamIdOf(tenantId, 'engagement', `more-${index}`) },
      ),
    );
  // By then usage was measured and value reported: every table has rows.
  api.at('2026-08-01');
  await api.project();
  await api.rollUp();
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

it('tables, pages and lists', async () => {
  for (const [who, token] of callers) {
    for (const table of askedTables) {
      const { name } = table;
      const answer = await api.get(token, `tables/${name}`, { limit: '1' });
      const seesRows = who === 'a vendor' || partnersSee(table);
      expect(itemsOf(answer).length, `${name} for ${who}`).toBe(seesRows ? 1 : 0);
      expect(wrongAnswer('get', `/v1/tables/${name}`, answer), `${name} for ${who}`).toEqual([]);
      const whole = await api.get(token, `tables/${name}`);
      expect(wrongAnswer('get', `/v1/tables/${name}`, whole), `${name} for ${who}`).toEqual([]);
    }
    for (const list of ['engagements', 'flags']) {
      expect(wrongAnswer('get', `/v1/${list}`, await api.get(token, list)), `${list} for ${who}`).toEqual([]);
    }
  }
});

it('an engagement, now and as of a date on either clock, and its timeline', async () => {
  for (const [who, token] of callers) {
    for (const asked of [{}, { asOf: '2026-04-01' }, { asOf: '2026-06-30T12:00:00Z', clock: 'recorded' }]) {
      const answer = await api.get(token, 'engagements/e1', asked);
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      expect(wrongAnswer('get', '/v1/engagements/{engagement}', answer), who).toEqual([]);
    }
    const timeline = await api.get(token, 'engagements/e1/events');
    expect(wrongAnswer('get', '/v1/engagements/{engagement}/events', timeline), who).toEqual([]);
    const page = await api.get(token, 'engagements/e1/events', { limit: '1' });
    expect([itemsOf(page).length, typeof page.body.cursor]).toEqual([1, 'string']);
    expect(wrongAnswer('get', '/v1/engagements/{engagement}/events', page), who).toEqual([]);
  }
});

it('every flag, with its explanation', async () => {
  for (const [who, token] of callers) {
    const flags = itemsOf(await api.get(token, 'flags'));
    expect(flags.length).toBeGreaterThan(2);
    for (const { flagId } of flags) {
      const answer = await api.get(token, `flags/${flagId}`);
      expect(wrongAnswer('get', '/v1/flags/{flag}', answer), who).toEqual([]);
    }
  }
});

it('the receipts that wait, and health', async () => {
  for (const [who, token] of callers) {
    for (const room of ['unmatched', 'health']) {
      const answer = await api.get(token, room);
      expect(answer.status).toBe(who === 'a vendor' ? 200 : 403);
      expect(wrongAnswer('get', `/v1/${room}`, answer), who).toEqual([]);
    }
  }
});

it('refusals', async () => {
  const [[, vendor = ''] = [], [, partner = ''] = []] = callers;
  const refused = [
    ['/v1/flags', await api.get(undefined, 'flags'), 401],
    ['/v1/flags', await api.get(vendor, 'flags', { stranger: '1' }), 400],
    ['/v1/flags/{flag}', await api.get(vendor, 'flags/none'), 404],
    ['/v1/health', await api.get(partner, 'health'), 403],
  ] as const;
  for (const [path, answer, status] of refused) {
    expect(answer.status).toBe(status);
    expect(wrongAnswer('get', path, answer), path).toEqual([]);
  }
});

it('facts that are recorded, and facts that are refused', async () => {
  const [[, vendor = ''] = [], [, partner = ''] = []] = callers;
  const said = { type: 'DealRevised', engagement: 'e1', data: { forecast: 'commit' } };
  const answers = [
    [await api.post(vendor, said, 'k'), 200],
    [await api.post(vendor, said), 400],
    [await api.post(undefined, said, 'k'), 401],
    [await api.post(partner, { ...said, type: 'PolicyPublished' }, 'k1'), 403],
    [await api.post(vendor, { ...said, engagement: 'e9' }, 'k2'), 404],
    [await api.post(vendor, { ...said, type: 'DealClosed', data: { result: 'won' } }, 'k3'), 409],
    [await api.post(vendor, { ...said, data: { forecast: 1 } }, 'k4'), 422],
  ] as const;
  for (const [answer, status] of answers) {
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    expect(wrongAnswer('post', '/v1/facts', answer), String(status)).toEqual([]);
  }
});
