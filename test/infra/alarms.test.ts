// Does everything that can go wrong call somebody, in words, and does the dashboard show it?
import { describe, expect, it } from 'vitest';
import type { MeasureName } from '../../functions/aws/metrics.ts';
import { functionsOf, resources, shown, synthesized } from './synthesized.ts';

/** All that the functions measure: the compiler refuses one too many or too few. */
const measureNames = Object.keys({
  Conflicts: true,
  Refusals: true,
  PeopleRefused: true,
  ReceiptsRefused: true,
  ReceiptsExpired: true,
  UnknownKeys: true,
  FreeTexts: true,
  ReceiptsSetAside: true,
  ReceiptsWaiting: true,
  ReceiptsUntranslated: true,
  OldestBasis: true,
  SourcesQuiet: true,
  HeadsBehind: true,
} satisfies Record<MeasureName, true>);

const template = synthesized({ alarmEmail: 'ops@example.com' });
const unheard = synthesized();
const staging = synthesized({ stack: 'Staging' });
const alarms = resources(template, 'AWS::CloudWatch::Alarm').map(([, alarm]) => alarm.Properties);
const alarm = (name: string) => {
  const found = alarms.find(({ AlarmName }) => AlarmName === `Throughline-${name}`);
  if (found === undefined)
    throw new Error(`no alarm ${name}; there are ${alarms.map((each) => each.AlarmName).join(', ')}`);
  return found;
};
const [dashboard] = resources(template, 'AWS::CloudWatch::Dashboard').map(([, found]) => found.Properties);
const page = shown(dashboard?.DashboardBody);

const mappings = resources(template, 'AWS::Lambda::EventSourceMapping').map(([, mapping]) => mapping.Properties);
const nameOf = (handler: unknown): string =>
  [...functionsOf(template)].find(([, [id]]) => JSON.stringify(handler).includes(`"${id}"`))?.[0] ?? '';
const takers = (stream: boolean): readonly string[] =>
  mappings.filter((each) => (each.StartingPosition !== undefined) === stream).map((each) => nameOf(each.FunctionName));

describe('every alarm', () => {
  it.each(alarms.map((each) => [String(each.AlarmName), each] as const))(
    '%s says what it means, to the one topic',
    (name, each) => {
      expect(name).toMatch(/^Throughline-[a-z]+(-[a-z]+)*$/);
      expect(each.AlarmDescription).toMatch(/^\S[^\n]{40,}\.$/);
      const topic = { Ref: expect.stringMatching(/^NotificationsTopic/) };
      expect([each.AlarmActions, each.OKActions]).toEqual([[topic], [topic]]);
    },
  );

  it('has a name of its own', () => {
    expect(new Set(alarms.map(({ AlarmName }) => AlarmName)).size).toBe(alarms.length);
  });
});

describe('what a stranger can send', () => {
  it('feeds no alarm: of the API’s metrics only 5xx has one, and refused requests are none', () => {
    const ofTheApi = alarms.filter(({ Namespace }) => Namespace === 'AWS/ApiGateway');
    expect(ofTheApi.map(({ MetricName }) => MetricName)).toEqual(['5xx']);
    const ofFunctions = alarms.filter(({ Namespace }) => Namespace === 'AWS/Lambda');
    expect(
      ofFunctions.map(({ MetricName }) => MetricName).filter((name) => !/IteratorAge|Invocations/.test(name)),
    ).toEqual([]);
  });
});

describe('an alarm for every backlog', () => {
  it.each(takers(true))('%s, when it is five minutes behind its stream', (name) => {
    expect(alarm(`${name}-lag`)).toMatchObject({ MetricName: 'IteratorAge', Statistic: 'Maximum', Threshold: 300_000 });
    expect(nameOf(alarm(`${name}-lag`).Dimensions)).toBe(name);
  });

  it.each(takers(false))('%s, when the oldest message of its queue has waited too long', (name) => {
    const { MetricName, Statistic, Threshold, Dimensions } = alarm(`${name}-late`);
    expect([MetricName, Statistic]).toEqual(['ApproximateAgeOfOldestMessage', 'Maximum']);
    expect(Threshold).toBe(name === 'sweep' ? 2700 : 900);
    expect(shown(Dimensions[0].Value).toLowerCase()).toBe(`{${name}workqueue.queuename}`);
  });

  it('rows have one on sweep’s metric; sweep and seal have one on their silence', () => {
    expect(alarm('oldest-basis')).toMatchObject({ MetricName: 'OldestBasis', Statistic: 'Maximum', Threshold: 900 });
    for (const name of ['sweep', 'seal']) {
      const silent = alarm(`${name}-silent`);
      expect(silent).toMatchObject({ MetricName: 'Invocations', Threshold: 1, TreatMissingData: 'breaching' });
      expect(silent.ComparisonOperator).toBe('LessThanThreshold');
      expect(nameOf(silent.Dimensions)).toBe(name);
    }
  });
});

describe('the schedules of sweep', () => {
  it.each(['due', 'receipts', 'rhythm'])(
    'have an alarm when rule %s sends nothing, even if other work wakes sweep',
    (asks) => {
      const [id] =
        resources(template, 'AWS::Events::Rule').find(
          ([, { Properties }]) => Properties.Targets[0].Input === JSON.stringify({ sweep: asks }),
        ) ?? [];
      expect(id).toBeDefined();
      const silent = alarm(`${asks}-clock-silent`);
      expect(silent).toMatchObject({
        Namespace: 'AWS/Events',
        MetricName: 'Invocations',
        Statistic: 'Sum',
        Threshold: 1,
      });
      expect([silent.ComparisonOperator, silent.TreatMissingData]).toEqual(['LessThanThreshold', 'breaching']);
      expect(silent.Dimensions).toEqual([{ Name: 'RuleName', Value: { Ref: id } }]);
    },
  );
});

describe('the metrics', () => {
  const own = alarms.filter(({ Namespace }) => Namespace === 'Throughline');

  it('are those that the functions write, for this stack', () => {
    for (const { MetricName, Dimensions } of own) {
      expect(measureNames).toContain(MetricName);
      expect(Dimensions).toEqual([{ Name: 'service', Value: 'Throughline' }]);
    }
    const writers = ['create', 'sell', 'control', 'record', 'translate', 'sweep'];
    for (const name of writers) {
      expect(functionsOf(template).get(name)?.[1].Properties.Environment.Variables.STACK_NAME).toBe('Throughline');
    }
  });

  it('are all on the dashboard, with lags, ages and dead letters', () => {
    for (const name of measureNames) expect(page).toContain(`"Throughline","${name}","service","Throughline"`);
    for (const metric of [
      'IteratorAge',
      'ApproximateAgeOfOldestMessage',
      'ApproximateNumberOfMessagesVisible',
      '5xx',
    ]) {
      expect(page).toContain(`"${metric}"`);
    }
    for (const each of alarms)
      expect(page).toContain(`{${shown({ 'Fn::GetAtt': [idOf(each.AlarmName), 'Arn'] }).slice(1, -1)}}`);
    expect(page).toContain('ops@example.com hears of alarms');
  });
});

function idOf(name: unknown): string {
  return (
    resources(template, 'AWS::CloudWatch::Alarm').find(([, each]) => each.Properties.AlarmName === name)?.[0] ?? ''
  );
}

describe('who receives alarms', () => {
  it('the address of the context, through an encrypted topic that accepts only TLS and CloudWatch', () => {
    expect(resources(template, 'AWS::SNS::Subscription').map(([, each]) => each.Properties)).toMatchObject([
      { Protocol: 'email', Endpoint: 'ops@example.com' },
    ]);
    const [topic] = resources(template, 'AWS::SNS::Topic');
    expect(topic?.[1].Properties.KmsMasterKeyId).toBeDefined();
    const [policy] = resources(template, 'AWS::SNS::TopicPolicy');
    expect(policy?.[1].Properties.PolicyDocument.Statement).toMatchObject([
      { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: 'sns:Publish' },
    ]);
    const [key] = resources(template, 'AWS::KMS::Key');
    expect(key?.[1].Properties.EnableKeyRotation).toBe(true);
  });

  it('the stack says it where nobody does', () => {
    expect(resources(unheard, 'AWS::SNS::Subscription')).toEqual([]);
    const { Description } = Object.values(unheard.findOutputs('*')).find(({ Description: said }) => said) ?? {};
    expect(Description).toContain('Nobody hears of alarms yet');
  });
});

it('a stack of another name has its own alarms, metrics, dashboard and secrets', () => {
  const text = JSON.stringify(staging.toJSON());
  expect(text).not.toContain('"Throughline-');
  const names = resources(staging, 'AWS::CloudWatch::Alarm').map(([, each]) => String(each.Properties.AlarmName));
  expect(names.every((name) => name.startsWith('Staging-'))).toBe(true);
  expect(resources(staging, 'AWS::CloudWatch::Dashboard')[0]?.[1].Properties.DashboardName).toBe('Staging');
  expect(staging.findOutputs('SecretsPrefix').SecretsPrefix).toMatchObject({
    Value: '/throughline/Staging/connections',
  });
  for (const name of ['sell', 'sweep']) {
    expect(functionsOf(staging).get(name)?.[1].Properties.Environment.Variables.STACK_NAME).toBe('Staging');
  }
});
