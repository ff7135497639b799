// Which tokens are accepted, and for which tenant?
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Api, createApi, itemsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer, type TokenOptions } from '../../support/issuer.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let other: TestIssuer;
let api: Api;

beforeAll(async () => {
  [engine, issuer, other] = await Promise.all([startTestEngine(), startIssuer(), startIssuer()]);
});
beforeEach(async () => {
  api = await createApi(engine, issuer);
});
afterAll(() => Promise.all([engine.stop(), issuer.stop(), other.stop()]));

const vendor = { sub: 'vera', role: 'vendor', tenant: tenantId };
const invalid = { status: 401, contentType: 'application/problem+json', body: { status: 401, reason: 'tokenInvalid' } };

describe('401 answers', () => {
  test('a request without a token, or with something else in its place', async () => {
    expect(await api.get(undefined, 'engagements')).toMatchObject(invalid);
    expect(await api.post(undefined, {}, 'k')).toMatchObject(invalid);
    expect(await api.get('no.token.here', 'engagements')).toMatchObject(invalid);
  });

  const bad: readonly (readonly [string, TokenOptions])[] = [
    ['has expired', { seconds: -10 }],
    ['never expires', { signed: 'withoutExpiry' }],
    ['is for another audience', { audience: 'elsewhere' }],
    ['names another issuer', { issuer: 'https://elsewhere.example' }],
    ['is signed with another key', { signed: 'foreignKey' }],
    ['is not signed (alg none)', { signed: 'none' }],
    ['is signed with our public key as its secret (HS256)', { signed: 'HS256WithPublicKey' }],
  ];
  test.each(bad)('a token that %s', async (_, options) => {
    const token = await issuer.token(vendor, options);
    expect(await api.get(token, 'engagements')).toMatchObject(invalid);
    expect(await api.post(token, { type: 'EngagementOpened', data: {} }, 'k')).toMatchObject(invalid);
  });

  test('a token of another issuer', async () => {
    expect(await api.get(await other.token(vendor), 'engagements')).toMatchObject(invalid);
    expect(await api.get(await other.token(vendor, { issuer: issuer.url }), 'engagements')).toMatchObject(invalid);
  });
});

describe('403 answers a token', () => {
  const { sub: _, ...nobody } = vendor;
  const lacking: readonly (readonly [string, JWTPayload, string])[] = [
    ['without a role', { ...vendor, role: undefined }, 'claim role'],
    ['of an unknown role', { ...vendor, role: 'admin' }, 'claim role'],
    ['without a tenant', { ...vendor, tenant: undefined }, 'claim tenant'],
    ['whose tenant is malformed', { ...vendor, tenant: 'acme/engagement' }, 'claim tenant'],
    ['without a subject', nobody, 'claim sub'],
    ['of a partner, without the id of the partner', { ...vendor, role: 'partner' }, 'claim partner'],
    ['of a partner, with an empty id', { ...vendor, role: 'partner', partner: '' }, 'claim partner'],
  ];
  test.each(lacking)('%s', async (_, claims, says) => {
    const answer = await api.get(await issuer.token(claims), 'engagements');
    expect(answer).toMatchObject({ status: 403, body: { reason: 'tokenLacksScope' } });
    expect(answer.body.detail).toContain(says);
  });
});

describe('the tenant', () => {
  test('comes from the token alone', async () => {
    const people = peopleOf(issuer);
    await api.record(fact('EngagementOpened', {}, { at: '2026-03-01' }));
    await api.project();
    const [own, others] = await Promise.all([people.vendor(), people.vendor({ tenant: 'rival' })]);
    expect(itemsOf(await api.get(own, 'engagements'))).toHaveLength(1);
    expect(itemsOf(await api.get(others, 'engagements'))).toHaveLength(0);
    expect(await api.get(others, 'engagements/e1')).toMatchObject({ status: 404 });
    expect(await api.get(others, 'engagements', { tenant: tenantId })).toMatchObject({
      status: 400,
      body: { reason: 'parameterUnknown' },
    });
    const about = { type: 'DealClosed', engagement: 'e1', data: { result: 'lost' } };
    expect(await api.post(others, { ...about, tenantId }, 'k1')).toMatchObject({
      status: 422,
      body: { reason: 'requestInvalid' },
    });
    expect(await api.post(others, about, 'k2')).toMatchObject({ status: 404, body: { reason: 'engagementUnknown' } });
  });
});

describe('an issuer that fails', () => {
  test.each(['discovery', 'keys'] as const)('gives 503 and not 401, until it answers again (%s)', async (path) => {
    const token = await issuer.token(vendor);
    issuer.fail(path);
    const answer = await api.get(token, 'engagements');
    issuer.fail(undefined);
    expect(answer).toMatchObject({ status: 503, body: { reason: 'unavailable' } });
    expect(api.reported).toHaveLength(1);
    expect(await api.get(token, 'engagements')).toMatchObject({ status: 200 });
  });
});
