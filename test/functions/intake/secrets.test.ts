// Which secrets of the parameter store may sign a connection's messages?
import { createServer, type Server } from 'node:http';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSecrets } from '../../../functions/intake/secrets.ts';
import { createAwsEndpoints } from '../../../infra/local/aws/awsEndpoints.ts';
import { signatureCheck } from '../../../infra/local/aws/signature.ts';
import { createBus } from '../../../infra/local/bus/bus.ts';
import { manualClock } from '../../../infra/local/core/clock.ts';
import { openQueueStore, type QueueStore } from '../../../infra/local/storage/queueStore.ts';
import { keys } from '../../support/awsEndpoints.ts';

let server: Server;
let queueStore: QueueStore;
let client: SSMClient;
let time = '2026-12-01T00:00:00.000Z';

beforeAll(async () => {
  const clock = manualClock(Date.parse('2026-12-01T00:00:00.000Z'));
  queueStore = openQueueStore({ path: ':memory:', clock });
  const bus = createBus({ queueStore, account: '111122223333', region: 'eu-central-1', clock });
  server = createServer(createAwsEndpoints({ callerOf: signatureCheck(keys), bus, queueStore, clock }));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The test server has no port.');
  client = new SSMClient({
    endpoint: `http://127.0.0.1:${address.port}`,
    region: 'eu-central-1',
    maxAttempts: 1,
    credentials: keys.credentialsOf('RECEIVE'),
  });
});
afterAll(async () => {
  client.destroy();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  queueStore.close();
});

const secretsOf = () =>
  createSecrets({ client: () => client, prefix: '/throughline/test/connections', now: () => time });
const put = (connection: string, text: string) =>
  queueStore.parameters.put(`/throughline/test/connections/${connection}`, text);

test('one secret, two while a secret is replaced, or a bare secret', async () => {
  put('c-1', '{"secrets":["whsec_a"]}');
  put('c-2', '{"secrets":["whsec_new","whsec_old"]}');
  put('c-3', 'whsec_bare\n');
  const secrets = secretsOf();
  expect(await secrets('c-1')).toEqual(['whsec_a']);
  expect(await secrets('c-2')).toEqual(['whsec_new', 'whsec_old']);
  expect(await secrets('c-3')).toEqual(['whsec_bare']);
});

test('secrets are cached for a while, so that a message costs no call', async () => {
  put('c-4', '{"secrets":["whsec_a"]}');
  const secrets = secretsOf();
  await secrets('c-4');
  put('c-4', '{"secrets":["whsec_b"]}');
  expect(await secrets('c-4')).toEqual(['whsec_a']);
  expect(await secretsOf()('c-4')).toEqual(['whsec_b']);
});

test('the secret before a new one holds until its time', async () => {
  put('c-6', '{"secrets":["whsec_new","whsec_old"],"until":[null,"2026-12-02T00:00:00.000Z"]}');
  const secrets = secretsOf();
  expect(await secrets('c-6')).toEqual(['whsec_new', 'whsec_old']);
  time = '2026-12-02T00:00:00.000Z';
  expect(await secrets('c-6')).toEqual(['whsec_new']);
});

test('secrets are read afresh on demand, but not again within five seconds', async () => {
  put('c-7', '{"secrets":["whsec_1"]}');
  const secrets = secretsOf();
  expect(await secrets('c-7')).toEqual(['whsec_1']);
  put('c-7', '{"secrets":["whsec_2"]}');
  expect(await secrets('c-7')).toEqual(['whsec_1']);
  time = '2026-12-02T00:10:00.000Z';
  expect(await secrets('c-7', 'afresh')).toEqual(['whsec_2']);
  put('c-7', '{"secrets":["whsec_3"]}');
  time = '2026-12-02T00:10:04.999Z';
  expect(await secrets('c-7', 'afresh')).toEqual(['whsec_2']);
  time = '2026-12-02T00:10:05.000Z';
  expect(await secrets('c-7', 'afresh')).toEqual(['whsec_3']);
  expect(await secrets('c-7')).toEqual(['whsec_3']);
});

test('the error about missing or malformed secrets shows no secret', async () => {
  await expect(secretsOf()('c-none')).rejects.toThrow('/throughline/test/connections/c-none');
  put('c-5', '{"secret":"whsec_hidden"}');
  const refused = await secretsOf()('c-5').catch((error: unknown) => error);
  expect(refused).toMatchObject({ message: expect.stringContaining('c-5') });
  expect(JSON.stringify(refused, Object.getOwnPropertyNames(refused))).not.toContain('whsec_hidden');
});
