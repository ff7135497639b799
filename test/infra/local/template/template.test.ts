// Does the local runtime read a template as it is meant, and refuse by name what it can't run?
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../../infra/local/core/plan.ts';
import { Refusal } from '../../../../infra/local/core/refusal.ts';
import { readTemplate } from '../../../../infra/local/template/template.ts';
import {
  arnOf,
  fromQueue,
  fromStream,
  lambda,
  queue,
  type Resources,
  ref,
  table,
} from '../../../support/localTemplate.ts';

const read = (resources: Resources, more: object = {}): Plan =>
  readTemplate({
    template: { Resources: resources, ...more },
    stack: 'Test',
    assembly: '/assembly',
    addresses: { queues: 'http://127.0.0.1:1/000000000000', api: 'http://127.0.0.1:2' },
  });

const refusal = (resources: Resources): readonly string[] => {
  try {
    read(resources);
  } catch (error) {
    if (error instanceof Refusal) return error.reasons;
    throw error;
  }
  return [];
};

/** A placeholder of Fn::Sub. */
const sub = (name: string): string => `\${${name}}`;

const rule = (properties: Readonly<Record<string, unknown>>) => ({
  Work: queue('work'),
  Rule: { Type: 'AWS::Events::Rule', Properties: properties },
});
const toWork = { Arn: arnOf('Work'), Id: 'queue' };

describe('what it reads', () => {
  it('takes the window of a stream', () => {
    const mapping = (properties: object) => ({
      Role: { Type: 'AWS::IAM::Role' },
      Things: table('things'),
      Do: lambda('do'),
      M: fromStream('Do', 'Things', { ...properties }),
    });
    const windowIn = (properties: object) => read(mapping(properties)).streamMappings[0]?.windowSeconds;
    expect(windowIn({ MaximumBatchingWindowInSeconds: 1 })).toBe(1);
    expect(windowIn({})).toBeUndefined();
  });

  it('takes both resource types of a table', () => {
    const global = table('things');
    const single = { Type: 'AWS::DynamoDB::Table', Properties: { ...global.Properties, TableName: 'others' } };
    const { Replicas: _, ...properties } = single.Properties as Record<string, unknown>;
    const { tables } = read({ Things: global, Others: { ...single, Properties: properties } });
    expect(tables).toEqual([
      {
        name: 'things',
        key: [{ name: 'id', role: 'HASH' }],
        attributes: { id: 'S' },
        indexes: [],
        streamView: 'NEW_IMAGE',
      },
      {
        name: 'others',
        key: [{ name: 'id', role: 'HASH' }],
        attributes: { id: 'S' },
        indexes: [],
        streamView: 'NEW_IMAGE',
      },
    ]);
  });

  it('resolves references, attributes, substitutions and joins in a function’s environment', () => {
    const { functions } = read({
      Things: table('things'),
      Work: queue('work'),
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'main' } },
      Role: { Type: 'AWS::IAM::Role' },
      Do: lambda('do', {
        TABLE: ref('Things'),
        QUEUE: ref('Work'),
        BUS: ref('Bus'),
        PATH: { 'Fn::Sub': `/${sub('AWS::StackName')}/${sub('Things')}/${sub('Work.Arn')}/${sub('!kept')}` },
        JOINED: { 'Fn::Join': ['-', ['a', ref('AWS::Region'), { 'Fn::Select': [1, { 'Fn::Split': ['/', 'x/y'] }] }]] },
      }),
    });
    expect(functions[0]?.environment).toEqual({
      TABLE: 'things',
      QUEUE: 'http://127.0.0.1:1/000000000000/work',
      BUS: 'main',
      PATH: `/Test/things/arn:aws:sqs:us-east-1:000000000000:work/${sub('kept')}`,
      JOINED: 'a-us-east-1-y',
    });
  });

  it('names resources without a name by their place in the app', () => {
    const at = (path: string) => ({ ...queue('', {}), Properties: {}, Metadata: { 'aws:cdk:path': path } });
    const { queues } = read({
      A1: at('Throughline/Receive/Work/Queue/Resource'),
      A2: at('Throughline/Receive/Work/DeadLetters/Queue/Resource'),
      A3: at('Throughline/Twice/Queue/Resource'),
      A4: at('Throughline/Twice/Resource'),
    });
    expect(queues.map(({ name }) => name)).toEqual(['Receive-Work', 'Receive-Work-DeadLetters', 'A3', 'A4']);
  });

  it('reads rates of schedules and leaves out disabled rules and mappings', () => {
    const on = { ScheduleExpression: 'rate(5 minutes)', Targets: [{ ...toWork, Input: '{"sweep":"due"}' }] };
    expect(read(rule({ Name: 'tick', ...on })).schedules).toEqual([
      { name: 'tick', everySeconds: 300, targets: [{ queue: 'work', input: '{"sweep":"due"}' }] },
    ]);
    expect(read(rule({ ...on, State: 'DISABLED' })).schedules).toEqual([]);
  });

  it('lists resources without effect on one machine', () => {
    const { notRun } = read({
      Role: { Type: 'AWS::IAM::Role' },
      Policy: { Type: 'AWS::IAM::Policy' },
      Alarm: { Type: 'AWS::CloudWatch::Alarm' },
      Archive: { Type: 'AWS::Events::Archive' },
    });
    expect(notRun.map(({ type }) => type)).toEqual([
      'AWS::IAM::Role',
      'AWS::IAM::Policy',
      'AWS::CloudWatch::Alarm',
      'AWS::Events::Archive',
    ]);
  });
});

describe('what it refuses, by name', () => {
  const cases: readonly (readonly [string, Resources, string])[] = [
    [
      'a resource type',
      { Topic: { Type: 'AWS::StepFunctions::StateMachine' } },
      'Topic: resource type AWS::StepFunctions::StateMachine is not run locally.',
    ],
    [
      'a property that changes behaviour',
      { Work: queue('work', { FifoQueue: true }) },
      'Work: property FifoQueue of AWS::SQS::Queue would change how it behaves; it is not run locally.',
    ],
    [
      'layers of a function',
      { Do: lambda('do', {}, { Layers: ['x'] }) },
      'Do: property Layers of AWS::Lambda::Function would change how it behaves; it is not run locally.',
    ],
    [
      'a runtime other than Node',
      { Role: { Type: 'AWS::IAM::Role' }, Do: lambda('do', {}, { Runtime: 'python3.13' }) },
      "Do (AWS::Lambda::Function): Runtime python3.13 is not run locally, only Node's.",
    ],
    [
      'a filter on a queue, which would delete messages',
      {
        Role: { Type: 'AWS::IAM::Role' },
        Work: queue('work'),
        Do: lambda('do'),
        M: fromQueue('Do', 'Work', { FilterCriteria: {} }),
      },
      'M (AWS::Lambda::EventSourceMapping): FilterCriteria on a queue; it is not run locally.',
    ],
    [
      'a window of a queue',
      {
        Role: { Type: 'AWS::IAM::Role' },
        Work: queue('work'),
        Do: lambda('do'),
        M: fromQueue('Do', 'Work', { MaximumBatchingWindowInSeconds: 1 }),
      },
      'M (AWS::Lambda::EventSourceMapping): MaximumBatchingWindowInSeconds on a queue; it is not run locally.',
    ],
    [
      'a stream read from its end',
      {
        Role: { Type: 'AWS::IAM::Role' },
        Things: table('things'),
        Do: lambda('do'),
        M: fromStream('Do', 'Things', { StartingPosition: 'LATEST' }),
      },
      'M (AWS::Lambda::EventSourceMapping): StartingPosition LATEST is not run locally, only TRIM_HORIZON, which misses nothing.',
    ],
    [
      'a target other than a queue',
      rule({ EventPattern: {}, Targets: [{ Id: 'f', Arn: 'arn:aws:lambda:us-east-1:000000000000:function:do' }] }),
      'Rule (AWS::Events::Rule): Targets[0]: arn:aws:lambda:us-east-1:000000000000:function:do is not a queue, and the local runtime delivers to queues only.',
    ],
    [
      'an input transformer',
      rule({ EventPattern: {}, Targets: [{ ...toWork, InputTransformer: {} }] }),
      'Rule (AWS::Events::Rule): Targets[0]: InputTransformer would change what is delivered; it is not run locally.',
    ],
    [
      'a cron schedule',
      rule({ ScheduleExpression: 'cron(0 3 * * ? *)', Targets: [toWork] }),
      'Rule (AWS::Events::Rule): ScheduleExpression cron(0 3 * * ? *) is not run locally, only rate(n minutes, hours or days).',
    ],
    [
      'a reference to nothing',
      { Role: { Type: 'AWS::IAM::Role' }, Do: lambda('do', { TABLE: ref('Nothing') }) },
      'Do (AWS::Lambda::Function).Environment.Variables.TABLE: Ref "Nothing" names nothing that the local runtime knows.',
    ],
    [
      'an intrinsic function that it doesn’t know',
      { Role: { Type: 'AWS::IAM::Role' }, Do: lambda('do', { X: { 'Fn::ImportValue': 'x' } }) },
      "Do (AWS::Lambda::Function).Environment.Variables.X: the local runtime doesn't know Fn::ImportValue.",
    ],
  ];
  it.each(cases)('%s', (_, resources, reason) => {
    expect(refusal(resources)).toEqual([reason]);
  });

  it('names all faults at once', () => {
    expect(refusal({ A: { Type: 'AWS::StepFunctions::StateMachine' }, B: { Type: 'AWS::Kinesis::Stream' } })).toEqual([
      'A: resource type AWS::StepFunctions::StateMachine is not run locally.',
      'B: resource type AWS::Kinesis::Stream is not run locally.',
    ]);
  });
});
