// Does what cdk-nag doesn't see hold as well, for whatever is provisioned, also what comes later?
import { describe, expect, it } from 'vitest';
import { lifecycle } from '../../domain/lifecycle.ts';
import { functionsOf, plain, type Resource, resources, shown, synthesized } from './synthesized.ts';

const template = synthesized();
const several = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
const tables = resources(template, 'AWS::DynamoDB::GlobalTable');

/** What any of these tables held can be computed, or heard, again. */
const replaceable = /^(Foundation(Rows\w+|OperationalSources|OperationalFailures)|SweepRuns|AnswerAnswers)$/;

describe('tables', () => {
  it.each(tables)(
    '%s can be restored to any moment, and outlives its stack where nobody could say again what it holds',
    (id, table) => {
      const [replica] = table.Properties.Replicas;
      expect(replica.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
      const kept = !replaceable.test(plain(id));
      expect([table.DeletionPolicy, replica.DeletionProtectionEnabled === true]).toEqual([
        kept ? 'Retain' : 'Delete',
        kept,
      ]);
    },
  );

  it('are all of the type whose backups are checked here', () => {
    expect(resources(template, 'AWS::DynamoDB::Table')).toEqual([]);
  });
});

/** Whoever holds a role of the template, and each statement that lets it do something. */
const statements = ['AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
  resources(template, type).flatMap(([id, { Properties }]) =>
    [...several(Properties.Policies ?? []).map((policy) => Object(policy).PolicyDocument), Properties.PolicyDocument]
      .filter((document) => document !== undefined)
      .flatMap((document): readonly { readonly id: string; readonly statement: Resource }[] =>
        several(document.Statement).map((statement) => ({ id: plain(id), statement: Object(statement) })),
      ),
  ),
);

describe('the event store', () => {
  const [eventsId = ''] = tables.find(([id]) => id.startsWith('FoundationEvents')) ?? [];
  const onEvents = statements.flatMap(({ id, statement }) => {
    const concerned = several(statement.Resource).some((on) => {
      const said = shown(on);
      return said === '*' || said.includes(`{${plain(eventsId)}.Arn}`) || /:table\/\*?$/.test(said);
    });
    const granted = several(statement.Action).map(String);
    return concerned
      ? granted.filter((action) => /^(dynamodb:|\*)/.test(action)).map((action) => [action, id] as const)
      : [];
  });

  it('lets functions only read and append', () => {
    const allowed = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'];
    expect(onEvents.length).toBeGreaterThan(10);
    expect(onEvents.filter(([action]) => !allowed.includes(action))).toEqual([]);
  });

  it('lets only stages, control and record append', () => {
    const titled = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}FunctionRole`;
    const appending = onEvents.filter(([action]) => action === 'dynamodb:PutItem').map(([, id]) => id);
    expect(appending.sort()).toEqual([...lifecycle.map(({ stage }) => stage), 'control', 'record'].map(titled).sort());
  });

  it('has no resource policy and no expiry', () => {
    const [, table] = tables.find(([id]) => id === eventsId) ?? [];
    expect(table?.Properties.Replicas[0].ResourcePolicy).toBeUndefined();
    expect(table?.Properties.TimeToLiveSpecification).toBeUndefined();
  });
});

describe('logs', () => {
  it.each(resources(template, 'AWS::Logs::LogGroup'))('%s are kept for a while, and not for ever', (_, log) => {
    expect(log.Properties.RetentionInDays).toBeGreaterThanOrEqual(30);
  });

  it('are in the template for every function, because Lambda’s own would never expire', () => {
    for (const [name, [, { Properties }]] of functionsOf(template)) {
      expect(Properties.LoggingConfig?.LogGroup, name).toBeDefined();
    }
    expect(functionsOf(template).size).toBe(resources(template, 'AWS::Lambda::Function').length);
  });
});

it('every queue without a reader, and every dead-letter queue, has an alarm on its first message', () => {
  const taken = resources(template, 'AWS::Lambda::EventSourceMapping').map(([, each]) =>
    shown(each.Properties.EventSourceArn),
  );
  const queues = resources(template, 'AWS::SQS::Queue').filter(([id]) => !taken.includes(`{${plain(id)}.Arn}`));
  const alarmed = resources(template, 'AWS::CloudWatch::Alarm')
    .filter(
      ([, each]) =>
        each.Properties.MetricName === 'ApproximateNumberOfMessagesVisible' && each.Properties.Threshold === 1,
    )
    .map(([, each]) => each.Properties.Dimensions[0].Value['Fn::GetAtt'][0]);
  expect(queues.length).toBeGreaterThan(15);
  expect(queues.map(([id]) => id).filter((id) => !alarmed.includes(id))).toEqual([]);
});
