// Does the local HTTP API treat a request as API Gateway does, and whose tokens does it take?
import { createRemoteJWKSet, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { manualClock } from '../../../../infra/local/core/clock.ts';
import { httpAnswer } from '../../../../infra/local/http/httpAnswer.ts';
import { routeFinder } from '../../../../infra/local/http/httpRoutes.ts';
import { mintToken } from '../../../../infra/local/http/tokens.ts';
import { type Runtime, startRuntime } from '../../../../infra/local/runtime.ts';
import { arnOf, assemble, lambda, ref, temporaryFolder } from '../../../support/localTemplate.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const echo = `import { appendFileSync, readFileSync } from 'node:fs';
export const handler = async (event) => {
  if (event.rawPath.endsWith('/throws')) throw new Error('as it was told');
  if (event.rawPath.endsWith('/meets')) {
    appendFileSync(event.body, '.');
    while (readFileSync(event.body, 'utf8').length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    return 'met';
  }
  if (event.rawPath.endsWith('/plain')) return { said: 'plain' };
  return { statusCode: 200, headers: { 'Content-Type': 'application/json', 'X-Own': 'yes' }, cookies: ['a=1', 'b=2'], body: JSON.stringify(event) };
};`;

const route = (RouteKey: string, more: object = {}) => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: {
    ApiId: ref('Api'),
    RouteKey,
    Target: { 'Fn::Join': ['', ['integrations/', ref('Integration')]] },
    ...more,
  },
});
const resources = {
  Echo: lambda('echo'),
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: { IntegrationType: 'AWS_PROXY', IntegrationUri: arnOf('Echo'), PayloadFormatVersion: '2.0' },
  },
  People: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Audience: ['throughline'], Issuer: 'http://issuer.throughline.local' },
    },
  },
  Open: route('POST /webhooks/{source}/{connection}'),
  Guarded: route('GET /v1/{proxy+}', { AuthorizationType: 'JWT', AuthorizerId: ref('People') }),
};

const temporary = temporaryFolder();
const clock = manualClock(Date.UTC(2026, 2, 12, 19, 3, 58));
let runtime: Runtime;
beforeAll(async () => {
  const template = await assemble(temporary.folder, resources, { echo });
  runtime = await startRuntime({ dataDir: `${temporary.folder}/data`, template, clock });
});
afterAll(async () => {
  await runtime.stop();
  temporary.remove();
});

const post = (
  body: string | Buffer<ArrayBuffer>,
  headers: Record<string, string> = {},
  path = '/webhooks/stripe/c%201?x=1&x=2&y=a%20b',
) => fetch(`${runtime.url}${path}`, { method: 'POST', body, headers });

describe('a request', () => {
  it('reaches the function in payload format 2.0', async () => {
    const response = await post('{"a": 1.0}', {
      'content-type': 'application/json',
      cookie: 'k=v; l=w',
      'X-Seen': 'So',
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-own')).toBe('yes');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.json()).toMatchObject({
      version: '2.0',
      routeKey: 'POST /webhooks/{source}/{connection}',
      rawPath: '/webhooks/stripe/c%201',
      rawQueryString: 'x=1&x=2&y=a%20b',
      cookies: ['k=v', 'l=w'],
      headers: { 'content-type': 'application/json', 'x-seen': 'So' },
      queryStringParameters: { x: '1,2', y: 'a b' },
      pathParameters: { source: 'stripe', connection: 'c 1' },
      requestContext: {
        http: { method: 'POST', path: '/webhooks/stripe/c%201' },
        stage: '$default',
        time: '12/Mar/2026:19:03:58 +0000',
        timeEpoch: Date.UTC(2026, 2, 12, 19, 3, 58),
      },
      body: '{"a": 1.0}',
      isBase64Encoded: false,
    });
  });

  it('has a binary body, or text that is not UTF-8, in base64', async () => {
    const bytes = Buffer.from([0, 255, 1]);
    for (const type of ['application/octet-stream', 'application/json']) {
      const event = await (await post(bytes, { 'content-type': type })).json();
      expect(event).toMatchObject({ body: bytes.toString('base64'), isBase64Encoded: true });
    }
  });

  it('is handled in parallel with others: no caller waits for the answer of another one', async () => {
    const meet = () => post(`${temporary.folder}/met`, { 'content-type': 'text/plain' }, '/webhooks/x/meets');
    const answers = await Promise.all([meet(), meet()]);
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(['met', 'met']);
  });

  it('of more than 10 MB is refused', async () => {
    const response = await post(Buffer.alloc(10 * 1024 * 1024 + 1), { 'content-type': 'application/json' });
    expect([response.status, await response.json()]).toEqual([413, { message: 'Request Too Long' }]);
  });

  it('without a route is 404, a function’s error is 500, a result without status is the body of a 200', async () => {
    const answers = await Promise.all([
      fetch(`${runtime.url}/nowhere`),
      post('', {}, '/webhooks/a/throws'),
      post('', {}, '/webhooks/a/plain'),
    ]);
    expect(await Promise.all(answers.map(async (each) => [each.status, await each.json()]))).toEqual([
      [404, { message: 'Not Found' }],
      [500, { message: 'Internal Server Error' }],
      [200, { said: 'plain' }],
    ]);
  });
});

describe('a route with a JWT authorizer', () => {
  const ask = async (token: string | undefined) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`${runtime.url}/v1/engagements/e1`, { headers });
    return { response, body: await response.json() };
  };
  const by = () => ({ issuer: runtime.issuer, functions: runtime.plan.functions });
  const request = { role: 'partner', tenant: 'acme', partner: 'p1', subject: 'jo', seconds: 60 } as const;

  it('passes the claims of a valid token to the function, as text', async () => {
    const { response, body } = await ask(await mintToken(by(), request));
    expect(response.status).toBe(200);
    expect(body).toMatchObject({
      pathParameters: { proxy: 'engagements/e1' },
      requestContext: {
        authorizer: {
          jwt: {
            claims: { sub: 'jo', role: 'partner', tenant: 'acme', partner: 'p1', iss: runtime.url, aud: 'throughline' },
          },
        },
      },
    });
  });

  it('answers 401 without a token, and names the reason for an invalid one', async () => {
    const none = await ask(undefined);
    expect([none.response.status, none.body]).toEqual([401, { message: 'Unauthorized' }]);
    expect(none.response.headers.get('www-authenticate')).toBe('Bearer');

    const { privateKey } = await generateKeyPair('RS256');
    const forged = await new SignJWT({ role: 'vendor' })
      .setProtectedHeader({ alg: 'RS256', kid: 'local' })
      .setIssuer(runtime.url)
      .setAudience('throughline')
      .setExpirationTime(Math.floor(clock.now() / 1000) + 60)
      .sign(privateKey);
    const reasons = async (token: string) => (await ask(token)).response.headers.get('www-authenticate');
    expect(await reasons(forged)).toContain('signature verification failed');
    expect(await reasons('no.token.this')).toContain('error="invalid_token"');
    const elsewhere = await runtime.issuer.sign({}, { audience: 'another', seconds: 60 });
    expect(await reasons(elsewhere)).toContain("unexpected 'aud' claim value");
  });

  it('accepts a token until it expires, by the runtime’s clock', async () => {
    const token = await mintToken(by(), request);
    expect((await ask(token)).response.status).toBe(200);
    clock.advance(60_000);
    const late = await ask(token);
    expect(late.response.status).toBe(401);
    expect(late.response.headers.get('www-authenticate')).toContain("'exp' claim timestamp check failed");
  });

  it('publishes the documents with which others check its tokens', async () => {
    const token = await mintToken(by(), request);
    const discovery: { readonly jwks_uri: string } = JSON.parse(
      await (await fetch(`${runtime.url}/.well-known/openid-configuration`)).text(),
    );
    expect(discovery).toMatchObject({ issuer: runtime.url });
    const keys = createRemoteJWKSet(new URL(discovery.jwks_uri));
    const { payload } = await jwtVerify(token, keys, {
      issuer: runtime.url,
      audience: 'throughline',
      currentDate: new Date(clock.now()),
    });
    expect(payload).toMatchObject({ tenant: 'acme' });
  });
});

it('finds routes in API Gateway’s order: the most specific, then the greedy, then $default', () => {
  const find = routeFinder(
    ['$default', 'GET /v1/{proxy+}', 'ANY /v1/{id}', 'GET /v1/{id}', 'GET /v1/health', 'POST /v1/facts'].map((key) => ({
      key,
      function: key,
    })),
  );
  const taken = (method: string, path: string) => find(method, path)?.route.key;
  expect(taken('GET', '/v1/health')).toBe('GET /v1/health');
  expect(taken('GET', '/v1/e1')).toBe('GET /v1/{id}');
  expect(taken('PUT', '/v1/e1')).toBe('ANY /v1/{id}');
  expect(taken('GET', '/v1/e1/events')).toBe('GET /v1/{proxy+}');
  expect(taken('GET', '/v1')).toBe('$default');
  expect(taken('DELETE', '/v1/e1/events')).toBe('$default');
});

it('answers 500 to a result with an invalid status', () => {
  expect(httpAnswer({ statusCode: 'no', body: '' }).status).toBe(500);
});
