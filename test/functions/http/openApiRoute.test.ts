// Does the API answer its OpenAPI document to anyone, and only at the path of the document?
import { expect, it } from 'vitest';
import { withOpenApiRoute } from '../../../functions/http/openApiRoute.ts';
import { jsonAnswer } from '../../../functions/http/problem.ts';
import { requestOf } from '../../support/httpRequest.ts';

const asked = (path: string) => ({ ...requestOf('GET', '', { headers: {} }), rawPath: path });

const settings = (read: () => Promise<string>) => {
  const reported: unknown[] = [];
  const answer = withOpenApiRoute({
    read,
    others: async ({ rawPath }) => jsonAnswer(401, { rawPath }),
    report: (error) => void reported.push(error),
  });
  return { reported, answer };
};

it('answers the document unchanged and without a token, and lets clients cache it', async () => {
  const { answer } = settings(async () => '{"openapi":"3.1.1"}');
  expect(await answer(asked('/openapi.json'))).toEqual({
    statusCode: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
    body: '{"openapi":"3.1.1"}',
  });
});

it.each(['/v1/flags', '/v1/openapi.json', '/openapi.json/', '/'])('leaves %s to the other routes', async (path) => {
  const { answer } = settings(async () => '{}');
  expect(await answer(asked(path))).toMatchObject({ statusCode: 401, body: JSON.stringify({ rawPath: path }) });
});

it('answers 503 where the document is missing, and reports the error', async () => {
  const missing = new Error('no such file');
  const { answer, reported } = settings(() => Promise.reject(missing));
  const absent = await answer(asked('/openapi.json'));
  expect(absent.statusCode).toBe(503);
  expect(JSON.parse(absent.body)).toMatchObject({ reason: 'documentAbsent', status: 503 });
  expect(reported).toEqual([missing]);
});
