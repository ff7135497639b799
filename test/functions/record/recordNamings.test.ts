// What can a partner's person not name: another's offer or campaign, or another customer?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { derivedPartyOf, parseStreamId, streamIdOf } from '../../../events/identifiers.ts';
import { type Api, createApi, eventsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

const party = (id: string) => ({ system: 'reference', kind: 'partner', id });
const [own, other] = [party('one'), party('two')];
const customer = (id: string) => ({ system: 'erp', kind: 'account', id });

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let [vendor, partner] = ['', ''];
beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  const id = parseStreamId(derivedPartyOf(tenantId, own)).id;
  [vendor, partner] = await Promise.all([people.vendor(), people.partner(id)]);
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const offer = (offerId: string, ownerPartner?: typeof own) =>
  fact(
    'OfferPublished',
    {
      ...{ offerId, version: 1, components: [{ componentId: 'c', kind: 'base_licence' }] },
      ...(ownerPartner !== undefined && { ownerPartner }),
    },
    { at: '2026-01-01', stream: streamIdOf(tenantId, 'offer', offerId) },
  );
const campaign = (campaignId: string, partners: readonly (typeof own)[]) =>
  fact(
    'CampaignLaunched',
    { campaignId, kind: 'enablement', partners: [...partners] },
    { at: '2026-01-01', stream: streamIdOf(tenantId, 'campaign', campaignId) },
  );

beforeEach(async () => {
  api = await createApi(engine, issuer);
  await api.record(
    fact('EngagementOpened', { leadPartner: own, customer: customer('1') }, { at: '2026-03-01' }),
    ...[offer('theirs', other), offer('ours', own), offer('vendors')],
    ...[campaign('with-us', [other, own]), campaign('without-us', [other]), campaign('for-all', [])],
  );
});

const opening = (named: object) => ({ type: 'EngagementOpened', data: { leadPartner: own, ...named } });
const proposal = (offerId: string) => ({ type: 'SolutionProposed', engagement: 'e1', data: { offerId } });
const notYourOffer = { status: 403, body: { reason: 'notYourOffer', detail: expect.stringContaining('vendor') } };

describe('a partner', () => {
  test.each([
    ['its own offer', { offerId: 'ours' }],
    ['an offer of the vendor', { offerId: 'vendors' }],
    ['an offer that nobody has published', { offerId: 'unknown' }],
    ['a campaign that it takes part in', { campaignId: 'with-us' }],
    ['a campaign for all', { campaignId: 'for-all' }],
  ])('opens an engagement with %s', async (_, named) => {
    expect(await api.post(partner, opening(named), 'k')).toMatchObject({ status: 200 });
  });

  test.each([
    ['another’s offer', { offerId: 'theirs' }],
    ['another’s campaign', { campaignId: 'without-us' }],
  ])('opens none with %s, not by a reference either', async (_, named) => {
    expect(await api.post(partner, opening(named), 'k')).toMatchObject(notYourOffer);
    expect(await api.post(partner, { ...opening(named), reference: 'R' }, 'k2')).toMatchObject(notYourOffer);
    expect(
      await api.post(partner, { type: 'OutcomeAgreed', reference: 'R', data: { outcomeId: 'o' } }, 'k3'),
    ).toMatchObject({
      status: 404,
    });
  });

  test('proposes another’s offer once the vendor has', async () => {
    expect(await api.post(partner, proposal('theirs'), 'k')).toMatchObject(notYourOffer);
    expect(await api.post(vendor, proposal('theirs'), 'k')).toMatchObject({ status: 200 });
    expect(await api.post(partner, proposal('theirs'), 'k2')).toMatchObject({ status: 200 });
  });

  test('names no other customer than the vendor', async () => {
    const named = (id: string) => ({ type: 'CustomerIdentified', engagement: 'e1', data: { customer: customer(id) } });
    expect(await api.post(partner, named('2'), 'k')).toMatchObject({ status: 403, body: { reason: 'notYours' } });
    expect(await api.post(partner, named('1'), 'k2')).toMatchObject({ status: 200 });
    expect(await api.post(vendor, named('2'), 'k3')).toMatchObject({ status: 200 });
  });

  test('corrects the customer that it named itself', async () => {
    const [opened] = eventsOf(await api.post(partner, opening({ customer: customer('7') }), 'k'));
    const engagement = parseStreamId(opened?.streamId ?? '').id;
    const named = { type: 'CustomerIdentified', engagement, data: { customer: customer('8') } };
    expect(await api.post(partner, named, 'k2')).toMatchObject({ status: 200 });
  });

  test.each([
    ['PaymentFailed', { invoiceId: 'i', amount: { amountMinor: 1, currency: 'EUR' } }],
    ['LedgerEntryRecorded', { entryId: 'l', direction: 'revenue', amount: { amountMinor: 1, currency: 'EUR' } }],
    ['SubscriptionStarted', { subscriptionId: 's', termStart: '2026-03-01T00:00:00Z' }],
    ['SubscriptionRenewed', { subscriptionId: 's', termStart: '2026-03-01T00:00:00Z' }],
    ['CancellationAnnounced', { subscriptionId: 's' }],
    ['SubscriptionEnded', { subscriptionId: 's' }],
    ['UsageMeasured', {}],
    ['DealReopened', {}],
    ['EngagementWithdrawn', {}],
    ['EngagementReinstated', {}],
    ['PartnerAssigned', { partner: own, by: 'person' }],
    ['PartyRegistered', { party: own, roles: ['msp'] }],
    ['IdentityLinked', { external: own, to: { external: other }, reason: 'r' }],
  ])('does not say %s, by which others measure it', async (type, data) => {
    const answer = await api.post(partner, { type, engagement: 'e1', data }, 'k');
    expect(answer).toMatchObject({ status: 403, body: { reason: 'notAllowed' } });
  });
});
