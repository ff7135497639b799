// Is each function made alike, with the environment that its handler reads, and which doors lead to it?
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { lifecycle } from '../../domain/lifecycle.ts';
import { answerTables, outageTables, writtenTables } from '../../domain/rows/catalog.ts';
import { answersWithin, tries } from '../../functions/aws/clients.ts';
import { functionNames } from '../../infra/constructs/bundleAssets.ts';
import { functionsOf, plain, resource, resources, shown, synthesized } from './synthesized.ts';

const template = synthesized({ release: '7', tenantClaim: 'custom:tenant' });
const functions = functionsOf(template);
const propertiesOf = (name: string) => {
  const [, found] = functions.get(name) ?? [];
  if (found === undefined) throw new Error(`no function ${name}`);
  return found.Properties;
};

const variablesOf = (names: readonly string[]) => names.map((name) => `TABLE_${name.toUpperCase()}`);
const token = ['ISSUER', 'AUDIENCE', 'ROLE_CLAIM', 'TENANT_CLAIM', 'PARTNER_CLAIM'];
const release = ['RELEASE', 'COMPUTED_BY'];
const environments: Readonly<Record<string, readonly string[]>> = {
  receive: ['RECEIPTS_TABLE', 'CONNECTIONS_TABLE', 'SOURCES_TABLE', 'FAILURES_TABLE', 'SECRETS_PREFIX'],
  translate: [
    'RECEIPTS_TABLE',
    'CONNECTIONS_TABLE',
    'SOURCES_TABLE',
    'FAILURES_TABLE',
    'EVENTS_TABLE',
    'BUS_NAME',
    'TRANSLATE_QUEUE_URL',
    'STACK_NAME',
    'WAITING_DAYS',
  ],
  ...Object.fromEntries(
    [...lifecycle.map(({ stage }) => stage), 'control'].map((name) => [
      name,
      ['EVENTS_TABLE', 'FAILURES_TABLE', 'STACK_NAME'],
    ]),
  ),
  record: ['EVENTS_TABLE', 'NAMES_TABLE', 'STACK_NAME', ...token],
  relay: ['BUS_NAME', 'EVENTS_TABLE', 'FAILURES_TABLE', 'RELAY_QUEUE_URL', 'RELAYED_TYPES'],
  project: [
    ...['EVENTS_TABLE', 'FAILURES_TABLE', 'PROJECT_QUEUE_URL', 'ROLLUP_QUEUE_URL'],
    ...variablesOf(writtenTables('streams')),
    ...release,
  ],
  rollup: ['FAILURES_TABLE', 'ROLLUP_QUEUE_URL', ...variablesOf(writtenTables('groups')), ...release],
  answer: [
    ...['EVENTS_TABLE', 'ANSWERS_TABLE', 'ANSWER_QUEUE_URL', 'ANSWER_TRIES', 'FAILURES_TABLE'],
    ...variablesOf(answerTables),
  ],
  sweep: [
    'EVENTS_TABLE',
    ...['RECEIPTS_TABLE', 'SOURCES_TABLE', 'BUS_NAME'],
    'TABLE_ENGAGEMENTS',
    'TABLE_REFERENCE_HEADS',
    'TABLE_ROLLUP_HEADS',
    ...variablesOf(outageTables),
    'PROJECT_QUEUE_URL',
    'ROLLUP_QUEUE_URL',
    'TRANSLATE_QUEUE_URL',
    'SWEEP_QUEUE_URL',
    'RUNS_TABLE',
    'FAILURES_TABLE',
    'PAGER_RATE',
    'STACK_NAME',
    ...release,
  ],
  seal: ['EVENTS_TABLE', 'ROOTS_TABLE', 'FAILURES_TABLE', 'SEAL_QUEUE_URL'],
  query: [
    ...['EVENTS_TABLE', 'RECEIPTS_TABLE', 'SOURCES_TABLE', 'NAMES_TABLE', 'WORK_QUEUES'],
    ...['WAITING_DAYS', 'ANSWERS_TABLE', 'ANSWER_QUEUE_URL'],
    ...['TABLES', 'TABLES_BEGIN'],
    ...[...token, ...release],
  ],
};

const queueHost = 'https://sqs.eu-central-1.amazonaws.com/123456789012/';

/** The forms in which a template gives the value of a variable. */
const Value = z.union([
  z.string(),
  z.object({ Ref: z.string() }),
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }),
  z.object({ 'Fn::Join': z.tuple([z.string(), z.unknown()]) }),
]);

/** A variable's value with names as CloudFormation makes them: with a stack's name, an id and a random end. */
const Split = z.object({ 'Fn::Split': z.tuple([z.string(), z.unknown()]) });

const listed = (parts: unknown): readonly string[] => {
  const split = Split.safeParse(parts).data?.['Fn::Split'];
  return split === undefined ? z.array(z.unknown()).parse(parts).map(resolved) : resolved(split[1]).split(split[0]);
};

const resolved = (value: unknown): string => {
  const form = Value.parse(value);
  if (typeof form === 'string') return form;
  if ('Fn::Join' in form) return listed(form['Fn::Join'][1]).join(form['Fn::Join'][0]);
  const nameOf = (id: string) => `Throughline-${plain(id)}1234ABCD-ABCDEFGHIJKL`;
  if ('Fn::GetAtt' in form) return nameOf(form['Fn::GetAtt'][0]);
  return `${form.Ref.includes('WorkQueue') ? queueHost : ''}${nameOf(form.Ref)}`;
};

describe('functions', () => {
  it.each(functionNames)('%s runs its own bundle on Node 24 and arm64', (name) => {
    const properties = propertiesOf(name);
    expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' });
    expect(properties.TracingConfig).toBeUndefined();
    const others = functionNames.filter((other) => other !== name).map((other) => propertiesOf(other).Code.S3Key);
    expect(others).not.toContain(properties.Code.S3Key);
  });

  it.each(functionNames)('%s has a timeout longer than all retries of a call without an answer', (name) => {
    const ends = propertiesOf(name).Timeout * 1000;
    const within = name === 'receive' || name === 'record' || name === 'query' ? name : 'others';
    const waits = Math.max(tries.dynamo, tries.queue, tries.parameters) * answersWithin[within];
    // The client's pauses between them are below a second together.
    expect(ends).toBeGreaterThan(waits + 1000);
    // The pipeline tries four times what the client of the bus gave up.
    if (name === 'relay' || name === 'translate') {
      expect(ends).toBeGreaterThan(4 * tries.bus * answersWithin.bus + 5000);
    }
  });

  it.each(functionNames)('%s finds the environment that its handler reads, and no more', (name) => {
    const variables = Object.keys(propertiesOf(name).Environment.Variables);
    expect(variables.sort()).toEqual([...(environments[name] ?? [])].sort());
  });

  it.each(functionNames)(
    '%s has less than the 4 KB of environment that Lambda takes, also under long names',
    (name) => {
      const environment = Object.entries(propertiesOf(name).Environment.Variables);
      const sized = environment.map(([variable, value]) => [variable, resolved(value)] as const);
      expect(JSON.stringify(Object.fromEntries(sized)).length).toBeLessThan(4_000);
    },
  );

  it.each(functionNames)('%s writes to its own log, which is kept for 90 days', (name) => {
    const log = resource(template, 'AWS::Logs::LogGroup', propertiesOf(name).LoggingConfig.LogGroup.Ref);
    expect(log.Properties.RetentionInDays).toBe(90);
  });

  it('know the release and the domain code that compute rows', () => {
    const { RELEASE, COMPUTED_BY } = propertiesOf('project').Environment.Variables;
    expect([RELEASE, COMPUTED_BY]).toEqual([{ Ref: 'Release' }, 'c0ffee0123456789']);
    expect(template.findParameters('Release').Release).toMatchObject({ Type: 'Number', Default: 7, MinValue: 1 });
  });

  it('get the context’s issuer, audience and names of claims', () => {
    expect(propertiesOf('record').Environment.Variables).toMatchObject({
      ISSUER: 'https://login.example.com/',
      AUDIENCE: 'throughline',
      ROLE_CLAIM: 'role',
      TENANT_CLAIM: 'custom:tenant',
      PARTNER_CLAIM: 'partner',
    });
  });
});

describe('the routes', () => {
  const routes = resources(template, 'AWS::ApiGatewayV2::Route').map(([, route]) => {
    const { RouteKey, AuthorizationType, AuthorizerId, Target } = route.Properties;
    const integration = resource(template, 'AWS::ApiGatewayV2::Integration', Target['Fn::Join'][1][1].Ref).Properties;
    expect(integration.PayloadFormatVersion).toBe('2.0');
    expect(integration.IntegrationType).toBe('AWS_PROXY');
    return [RouteKey, AuthorizationType, AuthorizerId !== undefined, shown(integration.IntegrationUri)];
  });

  it('are the webhooks with their own signatures, the API behind tokens, and its public pages and description', () => {
    expect(routes.sort()).toEqual([
      ['DELETE /v1/runs/{run}', 'JWT', true, '{QueryFunctionHandler.Arn}'],
      ['GET /', 'NONE', false, '{QueryFunctionHandler.Arn}'],
      ['GET /docs', 'NONE', false, '{QueryFunctionHandler.Arn}'],
      ['GET /openapi.json', 'NONE', false, '{QueryFunctionHandler.Arn}'],
      ['GET /v1/{proxy+}', 'JWT', true, '{QueryFunctionHandler.Arn}'],
      ['OPTIONS /webhooks/{source}/{connection}', 'NONE', false, '{ReceiveFunctionHandler.Arn}'],
      ['POST /v1/facts', 'JWT', true, '{RecordFunctionHandler.Arn}'],
      ['POST /v1/what-if', 'JWT', true, '{QueryFunctionHandler.Arn}'],
      ['POST /webhooks/{source}/{connection}', 'NONE', false, '{ReceiveFunctionHandler.Arn}'],
      ['PUT /v1/names', 'JWT', true, '{RecordFunctionHandler.Arn}'],
    ]);
  });

  it('accept tokens of the context’s issuer and audience', () => {
    const [authorizer] = resources(template, 'AWS::ApiGatewayV2::Authorizer');
    expect(authorizer?.[1].Properties).toMatchObject({
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Audience: ['throughline'], Issuer: 'https://login.example.com/' },
    });
  });

  it('are throttled, and log requests without a token, a body or a query string', () => {
    const [stage] = resources(template, 'AWS::ApiGatewayV2::Stage');
    const { DefaultRouteSettings, AccessLogSettings, StageName, AutoDeploy } = stage?.[1].Properties ?? {};
    expect([StageName, AutoDeploy]).toEqual(['$default', true]);
    expect(DefaultRouteSettings.ThrottlingRateLimit).toBeGreaterThan(0);
    expect(DefaultRouteSettings.ThrottlingBurstLimit).toBeGreaterThan(0);
    const format = JSON.parse(AccessLogSettings.Format);
    expect(format).toMatchObject({ status: '$context.status', route: '$context.routeKey' });
    expect(AccessLogSettings.Format).not.toMatch(/authorization|querystring|claims/i);
    const log = resource(template, 'AWS::Logs::LogGroup', AccessLogSettings.DestinationArn['Fn::GetAtt'][0]);
    expect(log.Properties.RetentionInDays).toBe(90);
  });
});
