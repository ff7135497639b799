// Which stream gets a fact that names its engagement by a reference?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { derivedEngagementOf, derivedPartyOf, identityStreamOf } from '../../../events/identifiers.ts';
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
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

describe('a reference that people chose', () => {
  const said = { type: 'OutcomeAgreed', reference: 'ENG-1', data: { outcomeId: 'recovery-time' } };
  const link = (to: unknown) => ({
    type: 'IdentityLinked',
    data: { external: { system: 'reference', kind: 'engagement', id: 'ENG-1' }, to, reason: 'known by us' },
  });
  const opportunity = (id: string) => ({ external: { system: 'salesforce:00D000000000001', kind: 'opportunity', id } });

  test('leads to its engagement as soon as it is linked', async () => {
    await api.record(fact('EngagementOpened', {}, { at: '2026-03-01' }));
    expect(await api.post(vendor, link({ stream: engagementStream }), 'k1')).toMatchObject({ status: 200 });
    expect(await api.post(vendor, said, 'k2')).toMatchObject({
      status: 200,
      body: { events: [{ streamId: engagementStream }] },
    });
  });

  test('may be as long as systems may write it', async () => {
    const reference = 'x'.repeat(512);
    expect(await api.post(vendor, { type: 'EngagementOpened', reference, data: {} }, 'k1')).toMatchObject({
      status: 200,
    });
    expect(await api.post(vendor, { ...said, reference }, 'k2')).toMatchObject({ status: 200 });
    const closed = { type: 'DealClosed', engagement: reference, data: { result: 'lost' } };
    expect(await api.post(vendor, closed, 'k4')).toMatchObject({ status: 200 });
    const longer = await api.post(vendor, { ...said, reference: `${reference}x` }, 'k3');
    expect(longer).toMatchObject({ status: 422, body: { issues: [{ path: 'reference' }] } });
  });

  test('with a slash is taken where an id is', async () => {
    await api.post(vendor, { type: 'EngagementOpened', reference: 'ENG/7', data: {} }, 'k1');
    const { type, data } = said;
    expect(await api.post(vendor, { type, data, engagement: 'ENG/7' }, 'k2')).toMatchObject({ status: 200 });
    const unknown = await api.post(vendor, { type, data, engagement: 'ENG/8' }, 'k3');
    expect(unknown).toMatchObject({ status: 404, body: { reason: 'engagementUnknown' } });
  });

  test('leads to the engagement of an opportunity, however its id is spelt', async () => {
    expect(await api.post(vendor, link(opportunity('0060000000000A1')), 'k1')).toMatchObject({
      status: 200,
      body: {
        events: [{ data: { to: { external: { system: 'salesforce:00D000000000001EAA', id: '0060000000000A1AAI' } } } }],
      },
    });
    const same = await api.post(vendor, link(opportunity('0060000000000A1AAI')), 'k1');
    expect(same).toMatchObject({ status: 200 });
    // The link exists, but the opportunity has no engagement yet.
    expect(await api.post(vendor, said, 'k2')).toMatchObject({ status: 404, body: { reason: 'engagementUnknown' } });
    const normal = { system: 'salesforce:00D000000000001EAA', kind: 'opportunity', id: '0060000000000A1AAI' };
    const stream = derivedEngagementOf(tenantId, normal);
    await api.record(fact('EngagementOpened', {}, { at: '2026-03-01', stream }));
    expect(await api.post(vendor, said, 'k2')).toMatchObject({ status: 200, body: { events: [{ streamId: stream }] } });
  });

  test('is recorded in the identity stream of its normalised id', async () => {
    const external = { system: 'salesforce:00D000000000001', kind: 'contract', id: '8000000000000A1' };
    const data = { external, to: { stream: engagementStream }, reason: 'signed' };
    const [event] = eventsOf(await api.post(vendor, { type: 'IdentityLinked', data }, 'k1'));
    const normal = { system: 'salesforce:00D000000000001EAA', kind: 'contract', id: '8000000000000A1AAI' };
    expect(event?.streamId).toBe(identityStreamOf(tenantId, normal));
  });

  test.each([
    ['another tenant', { stream: 'rival/engagement/e1' }, 'data.to.stream'],
    ['a stream of another kind', { stream: 'acme/policy/policy' }, 'data.to.stream'],
    ['a text that is not a stream id', { stream: 'e1' }, 'data.to.stream'],
    ['itself', { external: { system: 'reference', kind: 'engagement', id: 'ENG-1' } }, 'data.to.external'],
  ])('is never linked to %s', async (_, to, path) => {
    const answer = await api.post(vendor, link(to), 'k1');
    expect(answer).toMatchObject({ status: 422, body: { reason: 'linkInvalid', issues: [{ path }] } });
  });
});

describe('a party that a person registers', () => {
  const registered = (system: string, id: string) => ({
    type: 'PartyRegistered',
    data: { party: { system, kind: 'account', id }, roles: ['msp'] },
  });

  test('is the party that systems name by the same id, or by an id that is linked to it', async () => {
    const [event] = eventsOf(await api.post(vendor, registered('salesforce:00D000000000001', '0010000000000A1'), 'k1'));
    const normal = { system: 'salesforce:00D000000000001EAA', kind: 'account', id: '0010000000000A1AAI' };
    const stream = derivedPartyOf(tenantId, normal);
    expect(event?.streamId).toBe(stream);
    const external = { system: 'erp', kind: 'account', id: '77' };
    const link = { type: 'IdentityLinked', data: { external, to: { stream }, reason: 'same company' } };
    expect(await api.post(vendor, link, 'k2')).toMatchObject({ status: 200 });
    expect(await api.post(vendor, registered('erp', '77'), 'k3')).toMatchObject({
      status: 200,
      // Version 2 is the name that the link gave the party.
      body: { events: [{ streamId: stream, version: 3 }] },
    });
  });

  test('is never a party of another tenant, although a recorded link leads there', async () => {
    const external = { system: 'erp', kind: 'account', id: '78' };
    const at = { at: '2026-03-01', stream: identityStreamOf(tenantId, external) };
    await api.record(fact('IdentityLinked', { external, to: { stream: 'rival/party/p1' }, reason: 'older rules' }, at));
    expect(await api.post(vendor, registered('erp', '78'), 'k1')).toMatchObject({
      status: 422,
      body: { reason: 'subjectMissing' },
    });
  });
});
