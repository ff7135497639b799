// Who may record what, and where?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { derivedPartyOf, parseStreamId, streamIdOf } from '../../../events/identifiers.ts';
import { type Api, createApi, eventsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

const nordlys = { system: 'salesforce:00D000000000001EAA', kind: 'account', id: '001000000000001AAA' };
const fjordtek = { system: 'salesforce:00D000000000001EAA', kind: 'account', id: '001000000000002AAA' };
const idOf = (partner: typeof nordlys): string => parseStreamId(derivedPartyOf(tenantId, partner)).id;

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let [vendor, ofNordlys, ofFjordtek] = ['', '', ''];

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, ofNordlys, ofFjordtek] = await Promise.all([
    people.vendor(),
    people.partner(idOf(nordlys)),
    people.partner(idOf(fjordtek)),
  ]);
});
beforeEach(async () => {
  api = await createApi(engine, issuer);
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const unknown = { status: 404, body: { reason: 'engagementUnknown' } };
const notYours = { status: 403, body: { reason: 'notYours' } };
const outcome = (outcomeId: string, engagement = 'e1') => ({ type: 'OutcomeAgreed', engagement, data: { outcomeId } });
const assigned = (partner: typeof nordlys) => ({
  type: 'PartnerAssigned',
  engagement: 'e1',
  data: { partner, by: 'person' },
});

describe('a partner', () => {
  beforeEach(() => api.record(fact('EngagementOpened', { leadPartner: nordlys }, { at: '2026-03-01' })));

  test('records on an engagement while it leads it', async () => {
    expect(await api.post(ofNordlys, outcome('one'), 'k1')).toMatchObject({ status: 200 });
    expect(await api.post(ofFjordtek, outcome('two'), 'k1')).toMatchObject(unknown);
    expect(await api.post(vendor, assigned(fjordtek), 'k1')).toMatchObject({ status: 200 });
    expect(await api.post(ofNordlys, outcome('three'), 'k2')).toMatchObject(unknown);
    expect(await api.post(ofFjordtek, outcome('two'), 'k9')).toMatchObject({ status: 200 });
  });

  test('that will lead from a later date records only from that date', async () => {
    const later = { ...assigned(fjordtek), occurredAt: '2026-07-01T09:00:00Z' };
    expect(await api.post(vendor, later, 'k1')).toMatchObject({ status: 200 });
    expect(await api.post(ofFjordtek, outcome('one'), 'k1')).toMatchObject(unknown);
    api.at('2026-07-01T09:00');
    expect(await api.post(ofFjordtek, outcome('one'), 'k1')).toMatchObject({ status: 200 });
  });

  test('is the party that its account is linked to', async () => {
    const [account, code] = [fjordtek, { system: 'reference', kind: 'partner', id: 'FJ' }];
    const link = { external: code, to: { external: account }, reason: 'their code with us' };
    expect(await api.post(vendor, { type: 'IdentityLinked', data: link }, 'k1')).toMatchObject({ status: 200 });
    expect(await api.post(vendor, assigned(code), 'k2')).toMatchObject({ status: 200 });
    expect(await api.post(ofFjordtek, outcome('one'), 'k1')).toMatchObject({ status: 200 });
  });

  test('may not record types that only vendors may say, nor record outside engagements', async () => {
    const notAllowed = { status: 403, body: { reason: 'notAllowed' } };
    const policy = { policyVersion: 1, effectiveFrom: '2026-07-01T00:00:00.000Z' };
    expect(await api.post(ofNordlys, assigned(nordlys), 'k1')).toMatchObject(notAllowed);
    expect(await api.post(ofNordlys, { type: 'PolicyPublished', data: policy }, 'k2')).toMatchObject(notAllowed);
    expect(await api.post(vendor, { type: 'StageEntered', engagement: 'e1', data: {} }, 'k3')).toMatchObject(
      notAllowed,
    );
    const campaign = { campaignId: 'spring', kind: 'enablement' };
    expect(await api.post(ofNordlys, { type: 'CampaignLaunched', data: campaign }, 'k4')).toMatchObject(notYours);
    const customer = { customer: { system: 'erp', kind: 'account', id: '1' } };
    expect(await api.post(ofNordlys, { type: 'CustomerIdentified', data: customer }, 'k5')).toMatchObject(notYours);
  });
});

describe('an engagement', () => {
  const open = (data: object, named: object = {}) => ({ type: 'EngagementOpened', ...named, data });

  test('is opened by a vendor, under an id that follows from its key', async () => {
    const first = await api.post(vendor, open({ leadPartner: nordlys }), 'k1');
    expect(first.status).toBe(200);
    expect(await api.post(vendor, open({ leadPartner: nordlys }), 'k1')).toEqual(first);
    expect(await api.post(vendor, open({ leadPartner: fjordtek }), 'k1')).toMatchObject({
      status: 422,
      body: { reason: 'idempotencyKeyReused' },
    });
    const [one] = eventsOf(first);
    const [two] = eventsOf(await api.post(vendor, open({ leadPartner: nordlys }), 'k2'));
    expect(two?.streamId).not.toBe(one?.streamId);
    expect(await api.post(vendor, open({}, { engagement: 'e7' }), 'k3')).toMatchObject({
      status: 200,
      body: { events: [{ streamId: 'acme/engagement/e7' }] },
    });
    expect(await api.post(vendor, open({}, { engagement: 'e7' }), 'k4')).toMatchObject({
      status: 409,
      body: { reason: 'alreadyOpened' },
    });
  });

  test('is opened by a partner only with itself as lead; then the partner may record on it', async () => {
    expect(await api.post(ofNordlys, open({}), 'k1')).toMatchObject(notYours);
    expect(await api.post(ofNordlys, open({ leadPartner: fjordtek }), 'k1')).toMatchObject(notYours);
    const opened = await api.post(ofNordlys, open({ leadPartner: nordlys }), 'k1');
    const { id } = parseStreamId(eventsOf(opened)[0]?.streamId ?? '');
    expect(await api.post(ofNordlys, outcome('one', id), 'k2')).toMatchObject({ status: 200 });
    expect(await api.post(ofFjordtek, outcome('two', id), 'k2')).toMatchObject(unknown);
  });

  test('that others began can not be taken over with an EngagementOpened', async () => {
    const stream = streamIdOf(tenantId, 'engagement', 'e9');
    await api.record(fact('PartnerAssigned', { partner: fjordtek, by: 'connection' }, { at: '2026-03-01', stream }));
    await api.record(fact('OutcomeAgreed', { outcomeId: 'o' }, { at: '2026-03-01', stream: `${stream}b` }));
    const as = (engagement: string) => open({ leadPartner: nordlys }, { engagement });
    expect(await api.post(ofNordlys, as('e9'), 'k1')).toMatchObject(unknown);
    expect(await api.post(ofNordlys, as('e9b'), 'k2')).toMatchObject(unknown);
    expect(await api.post(ofFjordtek, open({ leadPartner: fjordtek }, { engagement: 'e9' }), 'k3')).toMatchObject({
      status: 200,
    });
  });
});
