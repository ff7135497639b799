// Does work that a request only sets off run without its name? An error there is not that request's, and must not pass for it.
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, expect, it, vi } from 'vitest';
import { operatorKey, place } from '../../../infra/local/core/awsNames.ts';
import { currentRequest } from '../../../infra/local/core/requestScope.ts';
import { startRuntime } from '../../../infra/local/runtime.ts';
import {
  arnOf,
  assemble,
  fromQueue,
  fromStream,
  lambda,
  queue,
  ref,
  table,
  temporaryFolder,
} from '../../support/localTemplate.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const done = 'export const handler = async () => ({ batchItemFailures: [] });';
const resources = {
  Things: table('things'),
  Work: queue('work'),
  Page: lambda('page'),
  Stage: lambda('stage'),
  Project: lambda('project'),
  FromQueue: fromQueue('Stage', 'Work'),
  FromStream: fromStream('Project', 'Things'),
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: { IntegrationType: 'AWS_PROXY', IntegrationUri: arnOf('Page'), PayloadFormatVersion: '2.0' },
  },
  Route: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ...{ ApiId: ref('Api'), RouteKey: 'GET /{proxy+}' },
      Target: { 'Fn::Join': ['', ['integrations/', ref('Integration')]] },
    },
  },
};

const temporary = temporaryFolder();
afterAll(() => temporary.remove());

it('of a worker, of a queue and of a stream', async () => {
  const template = await assemble(temporary.folder, resources, { page: done, stage: done, project: done });
  const named: (readonly [string, string | undefined])[] = [];
  const runtime = await startRuntime({
    dataDir: `${temporary.folder}/data`,
    template,
    onInvoked: ({ functionName }) => void named.push([functionName, currentRequest()]),
  });
  for (const page of ['first', 'second']) expect((await fetch(`${runtime.url}/${page}`)).status).toBe(200);
  const client = new SQSClient({
    ...{ endpoint: runtime.endpoints.sqs, region: place.region },
    credentials: runtime.keys.credentialsOf(operatorKey),
  });
  const QueueUrl = `${runtime.endpoints.sqs}/${place.account}/work`;
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  client.destroy();
  await runtime.engine.call('PutItem', { TableName: 'things', Item: { id: { S: 'x' } } });
  await runtime.drained();
  await runtime.stop();
  expect(named.sort()).toEqual([
    ['page', undefined],
    ['page', undefined],
    ['project', undefined],
    ['stage', undefined],
  ]);
});
