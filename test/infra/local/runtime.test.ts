// Does an event find its way through the local runtime: door, table, stream, bus, queue, function?
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cut, type ServiceCall } from '../../../infra/local/core/callInterceptor.ts';
import { manualClock } from '../../../infra/local/core/clock.ts';
import { patientFetch } from '../../../infra/local/http/patientFetch.ts';
import { type Runtime, startRuntime } from '../../../infra/local/runtime.ts';
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

const door = `
  import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
  const db = new DynamoDBClient({});
  export const handler = async (event) => {
    const { id } = JSON.parse(event.body);
    await db.send(new PutItemCommand({ TableName: process.env.THINGS, Item: { id: { S: id } } }));
    return { statusCode: 202, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id, by: event.requestContext.authorizer?.jwt.claims.sub ?? null, path: event.pathParameters }) };
  };`;
const relay = `
  import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
  const bus = new EventBridgeClient({});
  export const handler = async (event) => {
    const Entries = event.Records.map((record) => ({ EventBusName: process.env.BUS, Source: 'things', DetailType: 'ThingPut', Detail: JSON.stringify({ id: record.dynamodb.NewImage.id.S }) }));
    while (Entries.length > 0) {
      const { FailedEntryCount } = await bus.send(new PutEventsCommand({ Entries: Entries.splice(0, 10) }));
      if (FailedEntryCount > 0) throw new Error('not all were put');
    }
    return { batchItemFailures: [] };
  };`;
const take = `
  import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
  import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm';
  import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
  const db = new DynamoDBClient({}); const ssm = new SSMClient({}); const sqs = new SQSClient({});
  export const handler = async (event) => {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/secret', WithDecryption: true }));
    for (const record of event.Records) {
      const { detail, time } = JSON.parse(record.body);
      await db.send(new PutItemCommand({ TableName: process.env.TAKEN, Item: { id: { S: detail.id }, secret: { S: Parameter.Value }, time: { S: time }, now: { S: new Date().toISOString() } } }));
      await sqs.send(new SendMessageCommand({ QueueUrl: process.env.DONE, MessageBody: detail.id }));
    }
    return { batchItemFailures: [] };
  };`;

const resources = {
  Things: table('things'),
  Taken: table('taken'),
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'main' } },
  Work: queue('work', { VisibilityTimeout: 60 }),
  Done: queue('done'),
  Door: lambda('door', { THINGS: ref('Things') }),
  Relay: lambda('relay', { BUS: ref('Bus') }),
  Take: lambda('take', { TAKEN: ref('Taken'), DONE: ref('Done') }),
  RelayMapping: fromStream('Relay', 'Things'),
  TakeMapping: fromQueue('Take', 'Work'),
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventBusName: ref('Bus'),
      EventPattern: { source: ['things'], 'detail-type': ['ThingPut'] },
      State: 'ENABLED',
      Targets: [{ Arn: arnOf('Work'), Id: 'queue' }],
    },
  },
  Secret: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/secret', Type: 'String', Value: 'sesame' } },
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
  Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: ref('Api'), StageName: '$default' } },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: ref('Api'),
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: arnOf('Door'),
      PayloadFormatVersion: '2.0',
    },
  },
  People: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      ApiId: ref('Api'),
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Audience: ['throughline'], Issuer: 'http://issuer.throughline.local' },
      Name: 'people',
    },
  },
  Open: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: ref('Api'),
      RouteKey: 'POST /things/{kind}',
      Target: { 'Fn::Join': ['', ['integrations/', ref('Integration')]] },
    },
  },
  Guarded: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: ref('Api'),
      RouteKey: 'POST /v1/{proxy+}',
      AuthorizationType: 'JWT',
      AuthorizerId: ref('People'),
      Target: { 'Fn::Join': ['', ['integrations/', ref('Integration')]] },
    },
  },
};

const temporary = temporaryFolder();
let runtime: Runtime;
const calls: ServiceCall[] = [];
let crashes = 0;
const clock = manualClock(Date.parse('2026-03-04T05:06:07Z'));

beforeAll(async () => {
  const template = await assemble(temporary.folder, resources, { door, relay, take });
  runtime = await startRuntime({
    dataDir: `${temporary.folder}/data`,
    template,
    clock,
    interceptors: [
      async (call, pass) => {
        calls.push(call);
        if (call.operation === 'GetParameter' && crashes > 0) {
          crashes -= 1;
          runtime.crash('take');
          return cut;
        }
        return await pass();
      },
    ],
  });
});
afterAll(async () => {
  await runtime.stop();
  temporary.remove();
});

const put = (path: string, id: string, headers: Record<string, string> = {}) =>
  patientFetch(`${runtime.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ id }),
  });

describe('the local runtime', () => {
  it('carries a request through table, stream, bus and queue to the last table', async () => {
    const response = await put('/things/tool', 'hammer');
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ id: 'hammer', by: null, path: { kind: 'tool' } });
    await runtime.drained();
    const { Item } = await runtime.engine.call('GetItem', { TableName: 'taken', Key: { id: { S: 'hammer' } } });
    expect(Item).toMatchObject({ id: { S: 'hammer' }, secret: { S: 'sesame' } });
    expect(runtime.queueStore.counts('done').visible).toBe(1);
  });

  it('sends every call of the functions through the interceptors, calls of DynamoDB too', () => {
    const seen = calls.map(({ caller, needs }) => `${caller} ${needs.map(({ action }) => action).join()}`);
    expect(new Set(seen)).toEqual(
      new Set([
        'door dynamodb:PutItem',
        'relay events:PutEvents',
        'take ssm:GetParameter',
        'take dynamodb:PutItem',
        'take sqs:SendMessage',
      ]),
    );
  });

  it('makes a message visible again when its function crashes', async () => {
    crashes = 1;
    await put('/things/tool', 'saw');
    await vi.waitFor(() => expect(crashes).toBe(0), { timeout: 60_000 });
    clock.advance(60_000);
    await runtime.drained();
    const { Item } = await runtime.engine.call('GetItem', { TableName: 'taken', Key: { id: { S: 'saw' } } });
    expect(Item).toMatchObject({ id: { S: 'saw' } });
  });

  it('drains many at once', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => put('/things/tool', `nail-${index}`)));
    await runtime.drained();
    const { Count } = await runtime.engine.call('Scan', { TableName: 'taken', Select: 'COUNT' });
    expect(Count).toBe(52);
  });
});
