// What may a partner see of engagements, orders and flags?
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { derivedPartyOf, parseStreamId, streamIdOf } from '../../../events/identifiers.ts';
import { type Api, createApi, itemsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

const [nordlys, fjordtek, distributor, customer] = [
  { system: 'erp', kind: 'account', id: 'nordlys' },
  { system: 'erp', kind: 'account', id: 'fjordtek' },
  { system: 'erp', kind: 'account', id: 'distributor' },
  { system: 'erp', kind: 'account', id: 'customer' },
] as const;
type Party = typeof nordlys | typeof fjordtek | typeof distributor | typeof customer;
const streamOf = (party: Party): string => derivedPartyOf(tenantId, party);
const idOf = (party: Party): string => parseStreamId(streamOf(party)).id;
const engagement = (id: string) => streamIdOf(tenantId, 'engagement', id);
const price = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

const ShownEvent = z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) });

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let [vendor, ofNordlys, ofFjordtek, ofDistributor] = ['', '', '', ''];

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, ofNordlys, ofFjordtek, ofDistributor] = await Promise.all([
    people.vendor(),
    people.partner(idOf(nordlys)),
    people.partner(idOf(fjordtek)),
    people.partner(idOf(distributor)),
  ]);
  api = await createApi(engine, issuer);
  const at = '2026-03-01T09:00';
  for (const leadPartner of [nordlys, fjordtek]) {
    const { id } = leadPartner;
    const offer = {
      offerId: id,
      version: 1,
      ownerPartner: leadPartner,
      components: [{ componentId: 'c', kind: 'base_licence' as const, cost: price(7) }],
      routes: ['direct' as const],
    };
    await api.record(
      fact('PartyRegistered', { party: leadPartner, roles: ['msp'] }, { at, stream: streamOf(leadPartner) }),
      fact('OfferPublished', offer, { at, stream: streamIdOf(tenantId, 'offer', id) }),
      fact(
        'CampaignLaunched',
        { campaignId: id, kind: 'enablement', partners: [leadPartner] },
        { at, stream: streamIdOf(tenantId, 'campaign', id) },
      ),
      fact('EngagementOpened', { leadPartner, customer, offerId: 'fjordtek' }, { at, stream: engagement(id) }),
      fact('RouteAgreed', { route: 'marketplace' }, { at: '2026-03-05', stream: engagement(id) }),
      fact('DealClosed', { result: 'won' }, { at: '2026-03-10', stream: engagement(id) }),
      fact(
        'HandoffOffered',
        { handoffId: 'h', fromStage: 'sell', toStage: 'deliver' },
        { at: '2026-03-11', stream: engagement(id) },
      ),
      fact(
        'OrderPlaced',
        {
          claimedBy: 'distributor',
          orderId: 'o1',
          legs: [
            { seq: 1, component: 'c', seller: distributor, buyer: leadPartner, amount: price(80) },
            { seq: 2, component: 'c', seller: leadPartner, buyer: customer, amount: price(100) },
            { seq: 3, component: 'c', seller: customer, buyer: distributor, amount: price(60) },
          ],
          fees: [{ payee: customer, payer: distributor, kind: 'listing', amount: price(3) }],
        },
        { at: '2026-03-12', stream: engagement(id) },
      ),
      fact(
        'SubscriptionStarted',
        { subscriptionId: `s-${id}`, termStart: '2026-03-15T00:00:00.000Z' },
        { at: '2026-03-15', stream: engagement(id) },
      ),
    );
  }
  await api.record(
    fact('PartyRegistered', { party: customer, roles: ['customer'] }, { at, stream: streamOf(customer) }),
  );
  await api.project();
}, 60_000);
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

test('a partner sees no other engagement, timeline or flag, and not that they exist', async () => {
  const [flag] = itemsOf(await api.get(ofFjordtek, 'flags'));
  const { flagId } = flag ?? {};
  for (const path of ['engagements/fjordtek', 'engagements/fjordtek/events', `flags/${flagId}`]) {
    expect(await api.get(ofFjordtek, path), path).toMatchObject({ status: 200 });
    const hidden = await api.get(ofNordlys, path);
    const missing = await api.get(ofNordlys, path.replace('fjordtek', 'nobody').replace(String(flagId), 'nobody'));
    expect(hidden).toMatchObject({ status: 404, body: { reason: 'notFound' } });
    expect(JSON.stringify(hidden)).toBe(
      JSON.stringify(missing).replaceAll('nobody', path.startsWith('flags') ? String(flagId) : 'fjordtek'),
    );
  }
  expect(await api.get(ofNordlys, `flags/${flagId}`, { engagement: 'fjordtek' })).toMatchObject({ status: 404 });
  expect(await api.get(ofNordlys, 'engagements/fjordtek', { asOf: '2026-03-20' })).toMatchObject({ status: 404 });
});

test("a partner sees an order's legs and fees that it sells or buys, and nobody else's margin", async () => {
  const legs = itemsOf(await api.get(ofNordlys, 'tables/order_legs'));
  expect(legs).toMatchObject([
    { seq: 1, amountMinor: 80, buyerId: idOf(nordlys), retainedBySellerMinor: null, retainedReason: 'not_yours' },
    { seq: 2, amountMinor: 100, sellerId: idOf(nordlys), boughtMinor: 80 },
    { seq: 3, amountMinor: null, sellerId: null, buyerId: null, boughtMinor: null, reason: 'not_yours' },
    { kind: 'fee', amountMinor: null, currency: null, feesMinor: null, reason: 'not_yours' },
  ]);
  const { body } = await api.get(ofNordlys, 'engagements/nordlys');
  expect(body.order_legs).toEqual(legs);
  const events = itemsOf(await api.get(ofNordlys, 'engagements/nordlys/events'));
  expect(events.find(({ type }) => type === 'OrderPlaced')?.data).toMatchObject({
    legs: [
      { amount: price(80) },
      { amount: price(100) },
      { seq: 3, seller: null, buyer: null, amount: null, reason: 'not_yours' },
    ],
    fees: [{ kind: 'listing', amount: null, reason: 'not_yours' }],
  });
  const whole = itemsOf(await api.get(vendor, 'tables/order_legs', { partner: idOf(nordlys) }));
  expect(whole[2]).toMatchObject({ seq: 3, amountMinor: 60, sellerId: idOf(customer) });
  expect(itemsOf(await api.get(ofDistributor, 'tables/order_legs'))).toEqual([]);
});

test('a partner sees of another partner’s offer that its flag cites the id, the version and the routes alone', async () => {
  const offerIn = async (token: string) => {
    const [flag] = itemsOf(await api.get(token, 'flags', { rule: 'P5.3' }));
    const { body } = await api.get(token, `flags/${flag?.flagId}`);
    const pieces = z.array(z.object({ event: ShownEvent.nullable() })).parse(body.explanation);
    return pieces.find(({ event }) => event?.type === 'OfferPublished')?.event?.data;
  };
  expect(await offerIn(ofFjordtek)).toMatchObject({ ownerPartner: fjordtek, components: [{ cost: price(7) }] });
  const { reason, ...shown } = { ...(await offerIn(ofNordlys)) };
  expect(reason).toBe('not_yours');
  const seen = Object.entries(shown).filter(([, value]) => value !== null);
  expect(Object.fromEntries(seen)).toEqual({ offerId: 'fjordtek', version: 1, routes: ['direct'] });
});

test("only the tenant's own people may ask about the whole tenant", async () => {
  for (const path of ['unmatched', 'health']) {
    expect(await api.get(ofNordlys, path)).toMatchObject({ status: 403, body: { reason: 'vendorsOnly' } });
  }
});

test('what a partner sees changes with the lead', async () => {
  const moved = fact(
    'PartnerAssigned',
    { partner: fjordtek, by: 'connection' },
    { at: '2026-06-01', stream: engagement('nordlys') },
  );
  await api.record(moved);
  await api.project();
  expect(itemsOf(await api.get(ofNordlys, 'engagements'))).toEqual([]);
  expect(await api.get(ofNordlys, 'engagements/nordlys')).toMatchObject({ status: 404 });
  expect(await api.get(ofNordlys, 'engagements/nordlys', { asOf: '2026-05-01' })).toMatchObject({ status: 404 });
  expect(itemsOf(await api.get(ofFjordtek, 'engagements'))).toHaveLength(2);
  expect(await api.get(ofFjordtek, 'engagements/nordlys', { asOf: '2026-05-01' })).toMatchObject({
    status: 200,
    body: { engagement: { leadPartnerId: idOf(nordlys) } },
  });
});
