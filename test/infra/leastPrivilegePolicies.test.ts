// Are policies decided on as IAM does: deny before allow, wildcards in their places, conditions also on what is absent?
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { authorisingInterceptor, policiesOf } from '../../infra/local/iam/authorisingInterceptor.ts';
import type { RequestContext } from '../../infra/local/iam/conditions.ts';
import { decide } from '../../infra/local/iam/decide.ts';
import { functionPolicies } from '../../infra/local/iam/functionPolicies.ts';
import { readPolicy } from '../../infra/local/iam/policyStatement.ts';
import { arnPattern, wildcard } from '../../infra/local/iam/wildcards.ts';
import { arnOf, lambda, ref, table } from '../support/localTemplate.ts';

const events = 'arn:aws:dynamodb:us-east-1:000000000000:table/events';
const policy = (...Statement: readonly object[]) => readPolicy({ Version: '2012-10-17', Statement }, 'policy');
const allow = (Action: unknown, Resource: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const deny = (Action: unknown, Resource: unknown) => ({ Effect: 'Deny', Action, Resource });
const ask = (statements: ReturnType<typeof policy>, action = 'dynamodb:PutItem', resource = events, context = {}) =>
  decide(statements, { action, resource, context });

describe('a decision', () => {
  it('denies without a statement, allows with an allow, and denies with an allow and a deny', () => {
    expect(ask(policy())).toBe('notAllowed');
    expect(ask(policy(allow('dynamodb:PutItem', events)))).toBe('allowed');
    expect(ask(policy(allow(['dynamodb:Query', 'dynamodb:PutItem'], [events])))).toBe('allowed');
    expect(ask(policy(allow('dynamodb:PutItem', events), deny('dynamodb:*', '*')))).toBe('deniedExplicitly');
    expect(ask(policy(deny('dynamodb:*', '*'), allow('*', '*')))).toBe('deniedExplicitly');
  });

  it('ignores capitals in an action, but not in a resource', () => {
    expect(ask(policy(allow('DynamoDB:putitem', events)))).toBe('allowed');
    expect(ask(policy(allow('dynamodb:PutItem', events.toUpperCase())))).toBe('notAllowed');
  });

  it('does not use a table’s grant for its index, or an action for a longer one', () => {
    const statements = policy(allow('dynamodb:Query', events), allow('dynamodb:Put*', events));
    expect(ask(statements, 'dynamodb:Query', `${events}/index/shards`)).toBe('notAllowed');
    expect(ask(statements, 'dynamodb:PutItem')).toBe('allowed');
    expect(ask(policy(allow('dynamodb:Put', events)), 'dynamodb:PutItem')).toBe('notAllowed');
  });

  test('a deny always wins, against any allows in any order', () => {
    const some = fc.constantFrom(allow('*', '*'), allow('dynamodb:*', `${events}*`), allow('dynamodb:PutItem', events));
    fc.assert(
      fc.property(fc.array(some), fc.array(some), (before, after) => {
        expect(ask(policy(...before, deny('dynamodb:Put?tem', events), ...after))).toBe('deniedExplicitly');
      }),
    );
  });
});

describe('wildcards', () => {
  test('* matches any text, ? one character, and every other character only itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (a, b, between) => {
        const plain = (text: string): string => text.replaceAll(/[*?]/g, '');
        const [begin, end] = [plain(a), plain(b)];
        expect(wildcard(`${begin}*${end}`)(`${begin}${between}${end}`)).toBe(true);
        expect(wildcard(`${begin}?${end}`)(`${begin}x${end}`)).toBe(true);
        expect(wildcard(`${begin}?${end}`)(`${begin}${end}`)).toBe(false);
        expect(wildcard(begin)(begin)).toBe(true);
        expect(wildcard(begin)(`${begin}x`)).toBe(false);
      }),
    );
  });

  it('stay within their part of an ARN', () => {
    const matches = arnPattern('arn:aws:ssm:*:000000000000:parameter/throughline/Throughline/connections/*');
    const parameter = (region: string, name: string) => `arn:aws:ssm:${region}:000000000000:parameter/${name}`;
    expect(matches(parameter('us-east-1', 'throughline/Throughline/connections/c-1'))).toBe(true);
    expect(matches(parameter('us-east-1', 'throughline/Other/connections/c-1'))).toBe(false);
    expect(matches(parameter('us-east-1', 'throughline/Throughline/connectionsOfOthers/c-1'))).toBe(false);
    expect(arnPattern('arn:aws:sqs:*:work')('arn:aws:sqs:us-east-1:000000000000:work')).toBe(false);
    expect(arnPattern('*')('arn:aws:sqs:us-east-1:000000000000:work')).toBe(true);
  });
});

describe('conditions', () => {
  const holds = (Condition: object, context: RequestContext): boolean =>
    ask(policy(allow('*', '*', { Condition })), 'dynamodb:PutItem', events, context) === 'allowed';

  it.each<[object, RequestContext, boolean]>([
    [{ StringEquals: { 'events:source': 'a' } }, { 'events:source': ['a'] }, true],
    [{ StringEquals: { 'events:source': ['a', 'b'] } }, { 'events:source': ['b'] }, true],
    [{ StringEquals: { 'events:source': 'a' } }, { 'events:source': ['A'] }, false],
    [{ StringEquals: { 'events:source': 'a' } }, {}, false],
    [{ StringEquals: { 'Events:Source': 'a' } }, { 'events:source': ['a'] }, true],
    [{ StringLike: { 'events:source': 'throughline*' } }, { 'events:source': ['throughline.intake'] }, true],
    [{ StringEquals: { 'events:source': 'throughline*' } }, { 'events:source': ['throughline.intake'] }, false],
    [
      { ArnEquals: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/a' } },
      { 'aws:sourcearn': ['arn:aws:events:x:y:rule/a'] },
      true,
    ],
    [
      { ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:rule/a' } },
      { 'aws:sourcearn': ['arn:aws:events:x:y:rule/a'] },
      false,
    ],
    [{ Bool: { 'aws:SecureTransport': 'false' } }, { 'aws:securetransport': ['true'] }, false],
    [
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': '*/offer/*' } },
      { 'dynamodb:leadingkeys': ['t/offer/1', 't/offer/2'] },
      true,
    ],
    [
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': '*/offer/*' } },
      { 'dynamodb:leadingkeys': ['t/offer/1', 't/party/2'] },
      false,
    ],
    // The trap of ForAllValues, and what closes it.
    [{ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': '*/offer/*' } }, {}, true],
    [
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': '*/offer/*' }, Null: { 'dynamodb:LeadingKeys': 'false' } },
      {},
      false,
    ],
    [{ 'ForAnyValue:StringEquals': { 'dynamodb:LeadingKeys': 'a' } }, { 'dynamodb:leadingkeys': ['a', 'b'] }, true],
    [{ 'ForAnyValue:StringEquals': { 'dynamodb:LeadingKeys': 'a' } }, {}, false],
    [{ Null: { 'events:source': 'true' } }, {}, true],
    [{ StringEquals: { a: '1', b: '2' } }, { a: ['1'] }, false],
    [{ StringEquals: { a: '1' }, StringLike: { b: '2' } }, { a: ['1'], b: ['3'] }, false],
  ])('%j on %j: %s', (condition, context, expected) => {
    expect(holds(condition, context)).toBe(expected);
  });
});

describe('a part that is not understood is refused by name, not ignored', () => {
  it.each<[object, string]>([
    [allow('*', '*', { Condition: { DateLessThan: { 'aws:CurrentTime': '2030' } } }), 'the operator DateLessThan'],
    [allow('*', '*', { Condition: { StringEqualsIfExists: { a: 'b' } } }), 'the operator StringEqualsIfExists'],
    [allow('*', '*', { Condition: { StringEquals: { 'dynamodb:LeadingKeys': 'a' } } }), 'compare it with ForAllValues'],
    [
      allow('*', '*', { Condition: { StringLike: { a: '\u0024{aws:PrincipalTag/tenant}' } } }),
      'the policy variable in \u0024{aws',
    ],
    [{ Effect: 'Allow', NotAction: '*', Resource: '*' }, 'the element NotAction'],
    [{ Effect: 'Allow', Action: '*', NotResource: '*' }, 'the element NotResource'],
    [{ Effect: 'Perhaps', Action: '*', Resource: '*' }, 'Effect Perhaps is neither'],
  ])('%j', (statement, reason) => {
    expect(() => policy(statement)).toThrow(reason);
  });
});

describe('a function’s policies', () => {
  const document = (Action: string) => ({ Statement: [allow(Action, arnOf('Things'))] });
  const role = (properties: object) => ({ Type: 'AWS::IAM::Role', Properties: properties });
  const read = (roleProperties: object, more: object = {}) =>
    functionPolicies({
      template: { Resources: { Things: table('things'), Role: role(roleProperties), Act: lambda('act'), ...more } },
      stack: 'Test',
      addresses: { queues: 'http://queues', api: 'http://api' },
    }).get('act');
  const may = (found: ReturnType<typeof read>, action: string) =>
    ask(found?.statements ?? [], action, events.replace('events', 'things'));

  it('are those in its role, those attached to it, and the template’s own managed ones', () => {
    const attached = {
      Type: 'AWS::IAM::Policy',
      Properties: { Roles: [ref('Role')], PolicyDocument: document('dynamodb:Query') },
    };
    const managed = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document('dynamodb:GetItem') } };
    const elsewhere = {
      Type: 'AWS::IAM::Policy',
      Properties: { Roles: ['Other'], PolicyDocument: document('dynamodb:Scan') },
    };
    const inline = [{ PolicyName: 'work', PolicyDocument: document('dynamodb:PutItem') }];
    const found = read(
      { Policies: inline, ManagedPolicyArns: [ref('Managed')] },
      { Attached: attached, Managed: managed, Elsewhere: elsewhere },
    );
    const actions = ['PutItem', 'Query', 'GetItem', 'Scan'].map((name) => may(found, `dynamodb:${name}`));
    expect(actions).toEqual(['allowed', 'allowed', 'allowed', 'notAllowed']);
    expect(found?.role).toBe('Role');
  });

  it('are refused where they are not in the template', () => {
    const aws = 'arn:aws:iam::aws:policy/AdministratorAccess';
    expect(() => read({ ManagedPolicyArns: [aws] })).toThrow(
      `what the managed policy ${aws} allows is not in the template`,
    );
    expect(() => read({ PermissionsBoundary: aws })).toThrow('PermissionsBoundary');
  });
});

describe('a table’s own policy', () => {
  const everything = [{ PolicyName: 'all', PolicyDocument: { Statement: [allow('dynamodb:*', '*')] } }];
  const roots = (Principal: unknown, Effect: string) => ({
    ...table('roots'),
    Properties: {
      ...table('roots').Properties,
      Replicas: [
        {
          Region: ref('AWS::Region'),
          ResourcePolicy: {
            PolicyDocument: { Statement: [{ Effect, Principal, Action: 'dynamodb:UpdateItem', Resource: '*' }] },
          },
        },
      ],
    },
  });
  const answer = async (Roots: ReturnType<typeof roots>, Policies: readonly object[]): Promise<unknown> => {
    const role = { Type: 'AWS::IAM::Role', Properties: { Policies } };
    const template = { Resources: { Roots, Role: role, Act: lambda('act') } };
    const policies = policiesOf({ template, stack: 'Test', addresses: { queues: 'http://q', api: 'http://a' } });
    const input = { TableName: 'roots', Key: { id: { S: '1' } } };
    const needs = [{ action: 'dynamodb:UpdateItem', resource: events.replace('events', 'roots') }];
    const interceptor = authorisingInterceptor({ policies: () => policies, tables: [] });
    const call = { caller: 'act', service: 'dynamodb', operation: 'UpdateItem', input, needs } as const;
    const carriedOut = { status: 200, headers: {}, body: 'carried out' };
    return await interceptor(call, async () => carriedOut).then(
      () => 'carried out',
      (error: unknown) => String(error),
    );
  };

  it('can deny what a role allows, and allow what no role allows', async () => {
    expect(await answer(roots('*', 'Deny'), everything)).toMatch(/explicit deny in a resource-based policy$/);
    expect(await answer(roots({ AWS: '*' }, 'Deny'), everything)).toMatch(/resource-based policy$/);
    expect(await answer(roots({ AWS: arnOf('Role') }, 'Allow'), [])).toBe('carried out');
  });

  it('does not apply to callers that it doesn’t name', async () => {
    expect(await answer(roots({ Service: 'events.amazonaws.com' }, 'Deny'), everything)).toBe('carried out');
    expect(await answer(roots({ AWS: 'arn:aws:iam::000000000000:role/Other' }, 'Allow'), [])).toMatch(
      /no identity-based/,
    );
  });
});
