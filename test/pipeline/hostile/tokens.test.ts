// Which tokens does the running product accept? The honest one alone, however others are forged, broken or odd; and it goes on.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApi } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact } from '../../support/histories/events.ts';
import { forgedTokens } from '../../support/hostile/forgedTokens.ts';
import { oddClaims, otherPartners, otherTenants } from '../../support/hostile/oddClaims.ts';
import { type Product, startProduct } from '../../support/hostile/product.ts';
import { type Stranger, startStranger } from '../../support/hostile/stranger.ts';
import { type Forge, issued, vendorClaims } from '../../support/hostile/tokenForge.ts';
import { requestOf } from '../../support/httpRequest.ts';
import { audience, startIssuer, type TestIssuer } from '../../support/issuer.ts';

interface Got {
  readonly status: number;
  readonly body: string;
}

/** A door that takes tokens, and two requests through it: one that reads, one that would record. */
interface Door {
  readonly forge: Forge;
  reads(authorization: string): Promise<Got>;
  records(authorization: string): Promise<Got>;
  /** Whether a refusal has the form that it must have here. */
  isRefusal(got: Got): boolean;
}

let engine: TestEngine;
let issuer: TestIssuer;
let stranger: Stranger;
let product: Product;
const doors = new Map<string, Door>();
const reported: unknown[] = [];

const opening = (offerId: string): string => JSON.stringify({ type: 'EngagementOpened', data: { offerId } });
const parsed = (text: string): Readonly<Record<string, unknown>> => {
  const read: unknown = JSON.parse(text);
  return typeof read === 'object' && read !== null ? { ...read } : {};
};
const isProblem = ({ status, body }: Got): boolean => {
  const { type, reason, detail, status: said } = parsed(body);
  return String(type).startsWith('urn:throughline:problem:') && said === status && reason !== '' && detail !== '';
};

beforeAll(async () => {
  [engine, issuer, stranger, product] = await Promise.all([
    startTestEngine(),
    startIssuer(),
    startStranger(),
    startProduct(),
  ]);
  const api = await createApi(engine, issuer);
  await api.record(fact('EngagementOpened', { offerId: 'canary-of-acme' }, { at: '2026-03-01' }));
  await api.project();
  let asked = 0;
  const got = async (answer: Promise<{ readonly statusCode: number; readonly body: string }>): Promise<Got> => {
    const { statusCode, body } = await answer;
    reported.push(...api.reported);
    return { status: statusCode, body };
  };
  const key = (): string => {
    asked += 1;
    return `key-${asked}`;
  };
  doors.set('the handlers', {
    forge: { issuer: issuer.url, audience, keyId: issuer.keyId, own: issuer.own, strangerUrl: stranger.url },
    reads: (authorization) => got(api.query(requestOf('GET', 'engagements', { headers: { authorization } }))),
    records: (authorization) => {
      const headers = { authorization, 'idempotency-key': key() };
      return got(api.recordOf(requestOf('POST', 'facts', { headers, body: opening('o') })));
    },
    isRefusal: isProblem,
  });
  const forge = product.forge(stranger.url);
  const overHttp = async (init: RequestInit, path: string): Promise<Got> => {
    const { status, text } = await product.send(path, init);
    return { status, body: text };
  };
  const headersOf = (authorization: string) => ({ authorization, 'content-type': 'application/json' });
  doors.set('the running product', {
    forge,
    reads: (authorization) => overHttp({ headers: { authorization } }, '/v1/engagements'),
    records: (authorization) => {
      const headers = { ...headersOf(authorization), 'idempotency-key': key() };
      return overHttp({ method: 'POST', headers, body: opening('o') }, '/v1/facts');
    },
    // The authorizer before the functions answers as API Gateway's does.
    isRefusal: (got) => isProblem(got) || (got.status === 401 && parsed(got.body).message === 'Unauthorized'),
  });
  const honest = `Bearer ${issued(forge, vendorClaims(forge))}`;
  const headers = { ...headersOf(honest), 'idempotency-key': 'first' };
  await overHttp({ method: 'POST', headers, body: opening('canary-of-acme') }, '/v1/facts');
  await product.drained();
}, 120_000);
afterAll(() => Promise.all([engine.stop(), issuer.stop(), stranger.stop(), product.stop()]));

const doorOf = (name: string): Door => {
  const door = doors.get(name);
  if (door === undefined) throw new Error(`no door ${name}`);
  return door;
};

const everyKind = [...forgedTokens, ...oddClaims];

test('there are over 150 kinds of token, each with a name of its own', () => {
  expect(new Set(everyKind.map(({ name }) => name)).size).toBe(everyKind.length);
  expect(everyKind.length).toBeGreaterThan(150);
});

describe.each(['the handlers', 'the running product'])('%s', (name) => {
  test('answers each kind of token as it must', async () => {
    const door = doorOf(name);
    const wrong: string[] = [];
    for (const { name: token, header, due } of everyKind) {
      const authorization = header(door.forge);
      for (const [way, got] of [
        ['read', await door.reads(authorization)],
        ['recorded', await door.records(authorization)],
      ] as const) {
        const isDue = due.some((each) => (each === 'honest' ? got.status === 200 : each === got.status));
        if (!isDue || (got.status !== 200 && !door.isRefusal(got)))
          wrong.push(`${token}: ${way} with ${got.status} ${got.body.slice(0, 200)}, due ${due.join(' or ')}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(reported).toEqual([]);
    expect(stranger.asked).toEqual([]);
  }, 120_000);

  test('shows nothing of a tenant to others, whatever their tenant or partner is called', async () => {
    const { forge, reads } = doorOf(name);
    const vendor = vendorClaims(forge);
    const strangers = [
      ...otherTenants.map((tenant) => ({ ...vendor, tenant })),
      ...otherTenants.map((tenant) => ({ ...vendor, tenant, role: 'partner', partner: 'acme' })),
      ...otherPartners.map((partner) => ({ ...vendor, role: 'partner', partner })),
    ];
    expect((await reads(`Bearer ${issued(forge, vendor)}`)).body).toContain('canary-of-acme');
    for (const claims of strangers) {
      const { status, body } = await reads(`Bearer ${issued(forge, claims)}`);
      expect([claims, status, body.includes('canary')]).toEqual([claims, 200, false]);
    }
    expect(reported).toEqual([]);
  }, 120_000);
});

test('a token anywhere but in its header is none', async () => {
  const forge = product.forge(stranger.url);
  const honest = issued(forge, vendorClaims(forge));
  const json = { 'content-type': 'application/json' };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const elsewhere: readonly (readonly [string, RequestInit])[] = [
    [`/v1/engagements?access_token=${honest}`, {}],
    [`/v1/engagements?authorization=Bearer%20${honest}`, {}],
    ['/v1/engagements', { headers: { cookie: `authorization=Bearer ${honest}; access_token=${honest}` } }],
    [
      '/v1/engagements',
      { headers: { 'x-authorization': `Bearer ${honest}`, 'proxy-authorization': `Bearer ${honest}` } },
    ],
    ['/v1/engagements', { headers: { 'x-forwarded-user': 'vera', 'x-amzn-oidc-data': honest, 'x-tenant': 'acme' } }],
    ['/v1/facts', { method: 'POST', headers: form, body: `access_token=${honest}` }],
    ['/v1/facts', { method: 'POST', headers: json, body: JSON.stringify({ access_token: honest }) }],
  ];
  for (const [path, init] of elsewhere) expect([path, (await product.send(path, init)).status]).toEqual([path, 401]);
});

test('a token larger than any header ends its request, and the next one is answered', async () => {
  const forge = product.forge(stranger.url);
  for (const bytes of [20_000, 100_000, 1_000_000]) {
    const authorization = `Bearer ${issued(forge, { ...vendorClaims(forge), more: 'x'.repeat(bytes) })}`;
    const status = await product.send('/v1/engagements', { headers: { authorization } }).then(
      (answer) => answer.status,
      () => 'cut off',
    );
    expect([401, 413, 431, 'cut off']).toContain(status);
  }
  const authorization = `Bearer ${issued(forge, vendorClaims(forge))}`;
  expect((await product.send('/v1/engagements', { headers: { authorization } })).status).toBe(200);
});

test('a token of another data directory is none here, though its claims are the same', async () => {
  const here = product.forge(stranger.url);
  const elsewhere = { ...here, own: issuer.own };
  const claims = vendorClaims(here);
  const { status } = await product.send('/v1/engagements', {
    headers: { authorization: `Bearer ${issued(elsewhere, claims)}` },
  });
  expect(status).toBe(401);
});
