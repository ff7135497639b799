// Are a stack's outputs told only to who signs with a key of this instance?

import { createServer } from 'node:http';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAwsStacks } from '../../../../infra/local/aws/awsStacks.ts';
import { signatureCheck } from '../../../../infra/local/aws/signature.ts';
import { keys } from '../../../support/awsEndpoints.ts';

const stacks = createAwsStacks({
  stack: 'Here',
  outputs: () => ({ EventsTable: 'events' }),
  callerOf: signatureCheck(keys),
});
const server = createServer((request, response) => stacks.serve(request, response));
let endpoint = '';
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The test server has no port.');
  endpoint = `http://127.0.0.1:${address.port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const described = async (credentials = keys.credentialsOf('operator')) => {
  const client = new CloudFormationClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: 'Here' }));
    return Stacks[0]?.Outputs;
  } finally {
    client.destroy();
  }
};

it('the operator reads them', async () => {
  expect(await described()).toEqual([{ OutputKey: 'EventsTable', OutputValue: 'events' }]);
});

it('another secret is refused with CloudFormation’s own code', async () => {
  await expect(described({ accessKeyId: 'operator', secretAccessKey: 'local' })).rejects.toMatchObject({
    name: 'SignatureDoesNotMatch',
  });
});

it('a form that nobody signed is refused, and tells nothing', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await fetch(endpoint, { method: 'POST', headers, body: 'Action=DescribeStacks&StackName=Here' });
  const body = await answer.text();
  expect([answer.status, body.includes('MissingAuthenticationToken'), body.includes('events')]).toEqual([
    403,
    true,
    false,
  ]);
});
