// Are only calls carried out that were signed with a secret of this data directory, as they were signed?

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageCommand, type SendMessageCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openAccessKeys } from '../../../../infra/local/core/accessKeys.ts';
import { dataFiles } from '../../../../infra/local/core/dataDirectory.ts';
import { keys, region, startAwsEndpoints, type TestEndpoints } from '../../../support/awsEndpoints.ts';
import { rawRequest } from '../../../support/hostile/rawRequest.ts';

let here: TestEndpoints;
beforeAll(async () => {
  here = await startAwsEndpoints();
});
afterAll(() => here.stop());

const Request = z.looseObject({ headers: z.record(z.string(), z.string()), body: z.unknown() });

interface Signed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The request that the real client signs for this message, which is not sent. */
const signed = async (
  said: Partial<SendMessageCommandInput> = {},
  credentials = keys.credentialsOf('RELAY'),
): Promise<Signed> => {
  const client = new SQSClient({ endpoint: here.endpoint, region, credentials, maxAttempts: 1 });
  let seen: Signed | undefined;
  client.middlewareStack.add(
    () =>
      async ({ request }) => {
        const { headers, body } = Request.parse(request);
        seen = {
          headers,
          body: ArrayBuffer.isView(body)
            ? Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
            : String(body),
        };
        throw new Error('seen');
      },
    { step: 'finalizeRequest', priority: 'low' },
  );
  const message = new SendMessageCommand({ QueueUrl: here.urlOf('work'), MessageBody: 'x', ...said });
  await expect(client.send(message)).rejects.toThrow('seen');
  client.destroy();
  if (seen === undefined) throw new Error('The client signed nothing.');
  return seen;
};

const send = async ({ headers, body }: Signed, target = '/') => {
  const lines = Object.entries(headers)
    .filter(([name]) => name !== 'content-length')
    .map(([name, value]) => `${name}: ${value}`);
  const answer = await rawRequest(here.endpoint, [`POST ${target} HTTP/1.1`, ...lines], body);
  return { status: answer.status, type: answer.status === 200 ? 'carried out' : JSON.parse(answer.body).__type };
};

const changed = ({ headers, body }: Signed, name: string, value: string | undefined): Signed => {
  const { [name]: _, ...others } = headers;
  return { headers: value === undefined ? others : { ...others, [name]: value }, body };
};

it('a call as the real client signs it is carried out; the same twice, too', async () => {
  const request = await signed();
  expect(await send(request)).toEqual({ status: 200, type: 'carried out' });
  expect(await send(request)).toEqual({ status: 200, type: 'carried out' });
});

describe('refused is', () => {
  it.each<readonly [string, (request: Signed) => Signed | Promise<Signed>, string]>([
    [
      'an unsigned call',
      (request) => changed(request, 'authorization', undefined),
      'MissingAuthenticationTokenException',
    ],
    ['no signature of AWS', (request) => changed(request, 'authorization', 'Bearer x'), 'IncompleteSignatureException'],
    [
      'the constant signature of local engines',
      (request) =>
        changed(
          request,
          'authorization',
          'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0',
        ),
      'IncompleteSignatureException',
    ],
    [
      'another body',
      (request) => ({ ...request, body: request.body.replace('"x"', '"y"') }),
      'InvalidSignatureException',
    ],
    [
      'another operation',
      (request) => changed(request, 'x-amz-target', 'AmazonSQS.DeleteQueue'),
      'InvalidSignatureException',
    ],
    [
      'another instant',
      (request) => changed(request, 'x-amz-date', request.headers['x-amz-date']?.replace(/\d{6}Z$/, '000000Z')),
      'InvalidSignatureException',
    ],
    ['another day', (request) => changed(request, 'x-amz-date', '20200101T000000Z'), 'IncompleteSignatureException'],
    ['another host', (request) => changed(request, 'host', 'localhost'), 'InvalidSignatureException'],
    [
      "another function's name",
      (request) => changed(request, 'authorization', request.headers.authorization?.replace('RELAY', 'SELL')),
      'InvalidSignatureException',
    ],
    [
      "the operator's name",
      (request) => changed(request, 'authorization', request.headers.authorization?.replace('RELAY', 'operator')),
      'InvalidSignatureException',
    ],
    [
      'an operation that was not signed',
      (request) => changed(request, 'authorization', request.headers.authorization?.replace(';x-amz-target', '')),
      'IncompleteSignatureException',
    ],
    [
      'the secret of before',
      () => signed({}, { accessKeyId: 'RELAY', secretAccessKey: 'local' }),
      'InvalidSignatureException',
    ],
    [
      "the secret of another's name",
      () => signed({}, { ...keys.credentialsOf('SELL'), accessKeyId: 'RELAY' }),
      'InvalidSignatureException',
    ],
    ['an empty secret', () => signed({}, { accessKeyId: 'RELAY', secretAccessKey: '' }), 'InvalidSignatureException'],
  ])('%s', async (_, forge, type) => {
    const before = here.queueStore.counts('work').visible;
    const request = await forge(await signed());
    expect(await send(request)).toEqual({ status: 400, type });
    expect(here.queueStore.counts('work').visible).toBe(before);
  });

  it('another path, or parameters that were not signed', async () => {
    expect((await send(await signed(), '/other')).type).toBe('InvalidSignatureException');
    expect((await send(await signed(), '/?Action=SendMessage')).type).toBe('InvalidSignatureException');
  });

  it('any body but the signed one', async () => {
    const request = await signed({ MessageBody: 'a message of some length' });
    await fc.assert(
      fc.asyncProperty(fc.nat(request.body.length - 1), fc.constantFrom('A', '0', ' ', '}'), async (at, letter) => {
        const body = `${request.body.slice(0, at)}${letter}${request.body.slice(at + 1)}`;
        fc.pre(body !== request.body);
        expect((await send({ ...request, body })).type).toBe('InvalidSignatureException');
      }),
      { numRuns: 60 },
    );
  });
});

describe('the access keys of a data directory', () => {
  const folder = mkdtempSync(join(tmpdir(), 'access-keys-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are random, the same at each start, and their owner’s alone', () => {
    const other = mkdtempSync(join(tmpdir(), 'access-keys-'));
    const first = openAccessKeys(folder);
    expect(openAccessKeys(folder).secretOf('operator')).toBe(first.secretOf('operator'));
    expect(openAccessKeys(other).secretOf('operator')).not.toBe(first.secretOf('operator'));
    rmSync(other, { recursive: true });
    const secrets = ['operator', 'RELAY', 'SELL'].map(first.secretOf);
    expect(new Set(secrets).size).toBe(3);
    expect(first.secretOf('operator')).toMatch(/^[\w-]{43}$/);
    for (const file of [dataFiles.accessKey(folder), dataFiles.credentials(folder)]) {
      expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    }
    expect(readFileSync(dataFiles.credentials(folder), 'utf8')).toBe(
      `[default]\naws_access_key_id = operator\naws_secret_access_key = ${first.secretOf('operator')}\n`,
    );
  });

  it('a damaged key is named, and what to do', () => {
    writeFileSync(dataFiles.accessKey(folder), '');
    expect(() => openAccessKeys(folder)).toThrow(
      /access\.key is damaged, and was left as it is\. .*Delete it and start again/,
    );
  });
});
