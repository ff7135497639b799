// Does a deployment behind CloudFront refuse what goes around it, and nothing else?
import { expect, test } from 'vitest';
import { behindOrigin } from '../../../functions/http/origin.ts';

const secret = 'Xk2vB9qLm4';
const answered = { statusCode: 200, headers: {}, body: '' };
const handle = async (): Promise<typeof answered> => answered;
const request = (headers: Readonly<Record<string, string>>) => ({
  requestContext: { http: { method: 'GET' } },
  headers,
});

test('only a request with the header passes', async () => {
  const guarded = behindOrigin(secret, handle);
  expect(await guarded(request({ 'x-origin-verify': secret }), {})).toBe(answered);
  for (const given of [undefined, '', secret.slice(1), `${secret} `, `${secret},${secret}`, secret.toLowerCase()]) {
    const refused = await guarded(request(given === undefined ? {} : { 'x-origin-verify': given }), {});
    expect([given, refused.statusCode]).toEqual([given, 403]);
    expect(refused.body).not.toContain(secret);
    expect(JSON.parse(refused.body)).toMatchObject({ reason: 'notThroughCloudFront' });
  }
  expect(await guarded({ requestContext: { http: {} } }, {})).toMatchObject({ statusCode: 403 });
});

test('events of queues pass', async () => {
  expect(await behindOrigin(secret, handle)({ Records: [] }, {})).toBe(answered);
});

test('without a secret everything passes', async () => {
  for (const none of [undefined, '']) expect(await behindOrigin(none, handle)(request({}), {})).toBe(answered);
});
