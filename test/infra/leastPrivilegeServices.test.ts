// Is what AWS itself does for the pipeline allowed: to read a function's queue or stream, keep its failures and log, deliver a rule's events, call through the API?
import { describe, expect, it } from 'vitest';
import { arn, place } from '../../infra/local/core/awsNames.ts';
import { type Properties, properties } from '../../infra/local/core/json.ts';
import { decide } from '../../infra/local/iam/decide.ts';
import { functionPolicies } from '../../infra/local/iam/functionPolicies.ts';
import { readPolicy, type Statement } from '../../infra/local/iam/policyStatement.ts';
import { arnPattern } from '../../infra/local/iam/wildcards.ts';
import { resolvedTemplate } from '../../infra/local/template/templateResolver.ts';
import { synthesized } from './synthesized.ts';

const options = {
  template: synthesized({
    partnerSources: ['aws.partner/salesforce.com/00D000000000000EAA/0YL000000000000EAA'],
  }).toJSON(),
  stack: 'Throughline',
  addresses: { queues: 'https://queues', api: 'https://api' },
};
const { all, names, resolve } = resolvedTemplate(options);
const policies = functionPolicies(options);

/** The resources of a type, by name, each with these of its properties resolved. */
const found = (type: string, ...wanted: readonly string[]): readonly (readonly [string, Properties])[] =>
  all
    .filter((resource) => resource.type === type)
    .map(({ id, properties: given }) => {
      const kept = Object.fromEntries(Object.entries(given).filter(([name]) => wanted.includes(name)));
      return [names.get(id) ?? id, properties(resolve(kept, id), id)] as const;
    });

const mayFunction = (name: string, action: string, resource: string): string =>
  decide(policies.get(name)?.statements ?? [], { action, resource, context: {} });

describe('Lambda, in a function’s name', () => {
  const mappings = found('AWS::Lambda::EventSourceMapping', 'FunctionName', 'EventSourceArn', 'DestinationConfig').map(
    ([, from]) => ({
      name: from.text('FunctionName'),
      source: from.text('EventSourceArn'),
      failures: from.object('DestinationConfig').object('OnFailure').text('Destination', ''),
    }),
  );
  const ofQueues = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  const ofStreams = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
    (name) => `dynamodb:${name}`,
  );

  it.each(mappings)('may receive from $source for $name, and no other function may', ({ name, source, failures }) => {
    const needed = source.includes(':sqs:') ? ofQueues : ofStreams;
    expect(needed.filter((action) => mayFunction(name, action, source) !== 'allowed')).toEqual([]);
    if (failures !== '') expect(mayFunction(name, 'sqs:SendMessage', failures)).toBe('allowed');
    const takers = mappings.filter((each) => each.source === source).map((each) => each.name);
    const strangers = [...policies.keys()].filter((each) => !takers.includes(each));
    // Query counts what waits in the queues, and may take nothing from them.
    const taking = needed.filter((action) => action !== 'sqs:GetQueueAttributes');
    expect(
      strangers.filter((each) => taking.some((action) => mayFunction(each, action, source) === 'allowed')),
    ).toEqual([]);
    expect(strangers.filter((each) => mayFunction(each, 'sqs:GetQueueAttributes', source) === 'allowed')).toEqual(
      source.includes(':sqs:') ? strangers.filter((each) => each.startsWith('Query')) : [],
    );
  });

  it('may write its own log and no other', () => {
    const groups = found('AWS::Lambda::Function', 'LoggingConfig').map(
      ([name, from]) => [name, from.object('LoggingConfig').text('LogGroup')] as const,
    );
    for (const [name, own] of groups) {
      for (const [, group] of groups) {
        const stream = arn.logStreams(group).replace(/\*$/, 'log-stream:2026/11/23/[1]a');
        const answers = ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) =>
          mayFunction(name, action, stream),
        );
        expect(new Set(answers), `${name} on ${group}`).toEqual(new Set([group === own ? 'allowed' : 'notAllowed']));
      }
      expect(mayFunction(name, 'logs:CreateLogGroup', arn.logStreams(own))).toBe('notAllowed');
    }
  });

  it('alone may assume a function’s role', () => {
    for (const [id, from] of found('AWS::IAM::Role', 'AssumeRolePolicyDocument')) {
      if (![...policies.values()].some(({ role }) => role === id)) continue;
      expect(from.raw('AssumeRolePolicyDocument'), id).toMatchObject({
        Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }],
      });
    }
  });
});

describe('EventBridge', () => {
  const byQueue = new Map<string, readonly Statement[]>(
    found('AWS::SQS::QueuePolicy', 'Queues', 'PolicyDocument').flatMap(([id, from]) =>
      from
        .texts('Queues')
        .map((url) => [arn.queue(url.split('/').at(-1) ?? ''), readPolicy(from.raw('PolicyDocument'), id)]),
    ),
  );
  const rules = found('AWS::Events::Rule', 'Targets');
  const maySend = (queue: string, rule: string, secure = 'true'): string =>
    decide(
      (byQueue.get(queue) ?? []).filter(({ takesPrincipal }) => takesPrincipal('events.amazonaws.com')),
      {
        action: 'sqs:SendMessage',
        resource: queue,
        context: { 'aws:sourcearn': [arn.rule(rule)], 'aws:securetransport': [secure] },
      },
    );

  it.each(rules.map(([name, from]) => ({ name, targets: from.objects('Targets') })))(
    'may deliver what $name matches, and what it could not deliver, over TLS, for that rule alone',
    ({ name, targets }) => {
      for (const target of targets) {
        const queues = [
          target.text('Arn'),
          ...(target.has('DeadLetterConfig') ? [target.object('DeadLetterConfig').text('Arn')] : []),
        ];
        for (const queue of queues) {
          expect(maySend(queue, name)).toBe('allowed');
          expect(maySend(queue, `${name}Too`)).toBe('notAllowed');
          expect(maySend(queue, name, 'false')).toBe('deniedExplicitly');
        }
      }
    },
  );
});

describe('the HTTP API', () => {
  const permissions = found('AWS::Lambda::Permission', 'Action', 'FunctionName', 'Principal', 'SourceArn');
  const integrations = new Map(found('AWS::ApiGatewayV2::Integration', 'IntegrationUri'));
  const mayCall = (target: string, from: string): boolean =>
    permissions.some(
      ([, permission]) =>
        permission.text('Action') === 'lambda:InvokeFunction' &&
        permission.text('Principal') === 'apigateway.amazonaws.com' &&
        permission.text('FunctionName') === target &&
        arnPattern(permission.text('SourceArn'))(from),
    );

  it.each(
    found('AWS::ApiGatewayV2::Route', 'RouteKey', 'Target', 'ApiId').map(([, from]) => ({
      key: from.text('RouteKey'),
      from,
    })),
  )('may call the function behind $key for that path alone', ({ key, from }) => {
    const integration = integrations.get(from.text('Target').replace('integrations/', ''));
    const target = integration?.text('IntegrationUri') ?? '';
    const [method, path] = key.split(' ');
    const api = `arn:${place.partition}:execute-api:${place.region}:${place.account}:${from.text('ApiId')}`;
    expect(mayCall(target, `${api}/$default/${method}${path}`)).toBe(true);
    expect(mayCall(target, `${api}/$default/${method}/elsewhere`)).toBe(false);
    expect(mayCall(target, `${api}Too/$default/${method}${path}`)).toBe(false);
  });

  it('is the only outside caller of functions', () => {
    const principals = permissions.map(([, permission]) => permission.text('Principal'));
    expect(new Set(principals)).toEqual(new Set(['apigateway.amazonaws.com']));
    expect(permissions.every(([, permission]) => permission.has('SourceArn'))).toBe(true);
  });
});
