// Does every message end somewhere that somebody hears of, and is none taken away while it is being worked on?
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { lifecycle } from '../../domain/lifecycle.ts';
import { functionsOf, plain, resource, resources, shown, synthesized } from './synthesized.ts';

const source = 'aws.partner/salesforce.com/00D000000000000EAA/0YL000000000000EAA';
const template = synthesized({ partnerSources: [source] });
const queues = resources(template, 'AWS::SQS::Queue');
const working = queues.filter(([, queue]) => queue.Properties.RedrivePolicy !== undefined);
const last = queues.filter(([, queue]) => queue.Properties.RedrivePolicy === undefined);
const mappings = resources(template, 'AWS::Lambda::EventSourceMapping').map(([, mapping]) => mapping.Properties);
const fromQueues = mappings.filter((mapping) => mapping.StartingPosition === undefined);
const fromStreams = mappings.filter((mapping) => mapping.StartingPosition !== undefined);
const rules = resources(template, 'AWS::Events::Rule');

const consumers = [
  'Receive',
  'Translate',
  'Relay',
  ...lifecycle.map(({ stage }) => stage),
  'Control',
  'Project',
  'Rollup',
  'Answer',
  'Sweep',
  'Seal',
];
const titled = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

describe('work queues', () => {
  it('are one for each function that works on batches', () => {
    expect(working.map(([id]) => plain(id)).sort()).toEqual(consumers.map((name) => `${titled(name)}WorkQueue`).sort());
  });

  it.each(working.map(([id]) => id))('%s gives up after five deliveries, to dead letters of its own', (id) => {
    const { RedrivePolicy } = resource(template, 'AWS::SQS::Queue', id).Properties;
    expect(RedrivePolicy.maxReceiveCount).toBe(5);
    expect(shown(RedrivePolicy.deadLetterTargetArn)).toBe(`{${plain(id).replace(/Queue$/, 'DeadLettersQueue')}.Arn}`);
  });

  it.each(fromQueues.map((mapping) => [shown(mapping.EventSourceArn), mapping] as const))(
    '%s hides a message six times as long as its function may work, and takes partial answers',
    (_name, mapping) => {
      const queue = resource(template, 'AWS::SQS::Queue', mapping.EventSourceArn['Fn::GetAtt'][0]);
      const handler = resource(template, 'AWS::Lambda::Function', mapping.FunctionName.Ref);
      expect(queue.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * handler.Properties.Timeout);
      expect(mapping.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      // A chunk of a long question takes its time: each is a batch of its own.
      expect(mapping.BatchSize).toBe(shown(mapping.EventSourceArn).includes('Answer') ? 1 : 10);
      expect(mapping.ScalingConfig.MaximumConcurrency).toBeGreaterThanOrEqual(2);
      expect(mapping.FilterCriteria).toBeUndefined();
    },
  );

  it('are each read by the function of the same name', () => {
    const pairs = fromQueues.map(({ EventSourceArn, FunctionName }) => [shown(EventSourceArn), shown(FunctionName)]);
    expect(pairs.sort()).toEqual(
      consumers.map((name) => [`{${titled(name)}WorkQueue.Arn}`, `{${titled(name)}FunctionHandler}`]).sort(),
    );
  });
});

describe('dead-letter queues', () => {
  it('keep messages for 14 days, longer than any earlier queue', () => {
    for (const [, queue] of last) expect(queue.Properties.MessageRetentionPeriod).toBe(14 * 24 * 3600);
    for (const [, queue] of working) expect(queue.Properties.MessageRetentionPeriod).toBeLessThan(14 * 24 * 3600);
  });

  it('each raise an alarm on the first message', () => {
    const alarmed = resources(template, 'AWS::CloudWatch::Alarm')
      .map(([, alarm]) => alarm.Properties)
      .filter((alarm) => alarm.MetricName === 'ApproximateNumberOfMessagesVisible')
      .map((alarm) => {
        expect(alarm.Threshold).toBe(1);
        expect(alarm.ComparisonOperator).toBe('GreaterThanOrEqualToThreshold');
        expect(alarm.TreatMissingData).toBe('notBreaching');
        return alarm.Dimensions[0].Value['Fn::GetAtt'][0];
      });
    expect(alarmed.sort()).toEqual(last.map(([id]) => id).sort());
  });
});

describe('streams', () => {
  it('feed translate with new receipts, project with new commits, rollup with contributions and relay with every change of a commit', () => {
    const fed = fromStreams.map((mapping) => [
      shown(mapping.EventSourceArn),
      shown(mapping.FunctionName),
      mapping.FilterCriteria.Filters.map((filter: { Pattern: string }) => JSON.parse(filter.Pattern)),
    ]);
    const inserts = { eventName: ['INSERT'] };
    expect(fed).toHaveLength(4);
    expect(fed).toEqual(
      expect.arrayContaining([
        [
          '{FoundationOperationalReceipts.StreamArn}',
          '{TranslateFunctionHandler}',
          [{ ...inserts, dynamodb: { NewImage: { kind: { S: ['receipt'] } } } }],
        ],
        // Relay sees also what must not be: a commit that was changed or removed.
        [
          '{FoundationEventsTable.StreamArn}',
          '{RelayFunctionHandler}',
          [{ eventName: ['INSERT', 'MODIFY', 'REMOVE'] }],
        ],
        ['{FoundationEventsTable.StreamArn}', '{ProjectFunctionHandler}', [inserts]],
        [
          '{FoundationRowsContributions.StreamArn}',
          '{RollupFunctionHandler}',
          [{ eventName: ['INSERT', 'MODIFY', 'REMOVE'] }],
        ],
      ]),
    );
  });

  it.each(fromStreams.map((mapping) => [shown(mapping.FunctionName), mapping] as const))(
    'to %s start at the first record, and a record that keeps failing ends in a queue and holds up nobody',
    (name, mapping) => {
      expect(mapping).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        // Project folds an engagement, and rollup wakes a group, once for all records of a batch.
        BatchSize: /Project|Rollup/.test(name) ? 1000 : 100,
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      });
      expect(mapping.MaximumRecordAgeInSeconds).toBeLessThan(24 * 3600);
      expect(shown(mapping.DestinationConfig.OnFailure.Destination)).toBe(
        name.replace('FunctionHandler}', 'StreamFailuresQueue.Arn}'),
      );
    },
  );
});

describe('windows', () => {
  const windowsOf = (made: Template) =>
    Object.fromEntries(
      resources(made, 'AWS::Lambda::EventSourceMapping')
        .map(
          ([, { Properties }]) => [shown(Properties.FunctionName), Properties.MaximumBatchingWindowInSeconds] as const,
        )
        .filter(([, seconds]) => seconds !== undefined),
    );
  // A fact passes project alone on its way to its row; groups are told by its rows.
  it('are none on the way to a row unless the context says so, and then one', () => {
    const groups = { '{RollupFunctionHandler}': 5 };
    expect(windowsOf(template)).toEqual(groups);
    expect(windowsOf(synthesized({ gatherSeconds: 1 }))).toEqual({ ...groups, '{ProjectFunctionHandler}': 1 });
  });

  it('leave translate and relay four batches of a shard at once: what they do needs no order', () => {
    const parallel = fromStreams.map((mapping) => [shown(mapping.FunctionName), mapping.ParallelizationFactor ?? 1]);
    expect(Object.fromEntries(parallel)).toEqual({
      '{TranslateFunctionHandler}': 4,
      '{RelayFunctionHandler}': 4,
      '{ProjectFunctionHandler}': 1,
      '{RollupFunctionHandler}': 1,
    });
  });
});

describe('rules', () => {
  const policyOf = (queueId: string): string =>
    JSON.stringify(
      resources(template, 'AWS::SQS::QueuePolicy').find(([, policy]) =>
        policy.Properties.Queues.some((queue: { Ref: string }) => queue.Ref === queueId),
      )?.[1].Properties.PolicyDocument,
    );

  it.each(rules.map(([id]) => id))('%s sends to one queue, which lets this rule in', (id) => {
    const { Targets } = resource(template, 'AWS::Events::Rule', id).Properties;
    expect(Targets).toHaveLength(1);
    const [target] = Targets;
    const queueId = target.Arn['Fn::GetAtt'][0];
    resource(template, 'AWS::SQS::Queue', queueId);
    expect(policyOf(queueId)).toContain(`"aws:SourceArn":{"Fn::GetAtt":["${id}","Arn"]}`);
    expect(target.InputTransformer).toBeUndefined();
    expect(target.InputPath).toBeUndefined();
  });

  it('lose no undelivered event: it goes to the dead letters of its target queue', () => {
    for (const [id, rule] of rules) {
      const [target] = rule.Properties.Targets;
      const meantFor = shown(target.Arn);
      if (meantFor.includes('Unowned')) continue;
      expect(shown(target.DeadLetterConfig.Arn), id).toBe(
        meantFor.replace('WorkQueue', 'WorkDeadLettersQueue').replace('RelayChangedQueue', 'RelayStreamFailuresQueue'),
      );
      expect(policyOf(target.DeadLetterConfig.Arn['Fn::GetAtt'][0])).toContain(`["${id}","Arn"]`);
    }
  });

  it('tick for sweep and seal, each with its constant', () => {
    const ticks = rules
      .map(([, rule]) => rule.Properties)
      .filter((rule) => rule.ScheduleExpression !== undefined)
      .map((rule) => [rule.ScheduleExpression, rule.Targets[0].Input, shown(rule.Targets[0].Arn)]);
    expect(ticks.sort()).toEqual([
      ['rate(1 day)', '{"sweep":"pager"}', '{SweepWorkQueue.Arn}'],
      ['rate(1 hour)', '{"seal":"day"}', '{SealWorkQueue.Arn}'],
      ['rate(1 minute)', '{"sweep":"due"}', '{SweepWorkQueue.Arn}'],
      ['rate(5 minutes)', '{"sweep":"deployment"}', '{SweepWorkQueue.Arn}'],
      ['rate(5 minutes)', '{"sweep":"receipts"}', '{SweepWorkQueue.Arn}'],
      ['rate(5 minutes)', '{"sweep":"rhythm"}', '{SweepWorkQueue.Arn}'],
    ]);
  });

  it('lets answer, sweep and seal send to their own queues, which Lambda would else stop as a loop', () => {
    const looping = [...functionsOf(template)].filter(
      ([, [, handler]]) => handler.Properties.RecursiveLoop === 'Allow',
    );
    expect(looping.map(([name]) => name).sort()).toEqual(['answer', 'seal', 'sweep']);
  });
});

describe('partner event sources', () => {
  it('have a bus of the same name, and all its events go to receive', () => {
    const [bus] = resources(template, 'AWS::Events::EventBus').filter(
      ([, { Properties }]) => Properties.EventSourceName,
    );
    expect(bus?.[1].Properties).toEqual({ Name: source, EventSourceName: source });
    const [rule] = rules.filter(([, { Properties }]) => Properties.EventPattern?.source?.includes(source));
    expect(rule?.[1].Properties.EventBusName).toEqual({ Ref: bus?.[0] });
    expect(rule?.[1].Properties.EventPattern).toEqual({ source: [source] });
    expect(shown(rule?.[1].Properties.Targets[0].Arn)).toBe('{ReceiveWorkQueue.Arn}');
  });

  it('are none by default', () => {
    expect(resources(synthesized(), 'AWS::Events::EventBus')).toHaveLength(1);
  }, 30_000);
});

it('the README says how many instances the queues start at once', () => {
  const atOnce = resources(template, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) =>
    Number(Properties.ScalingConfig?.MaximumConcurrency ?? 0),
  );
  const sum = atOnce.reduce((total, each) => total + each, 0);
  const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
  expect(readme).toContain(`at most ${sum} instances`);
});
