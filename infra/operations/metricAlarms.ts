// Which of the pipeline's own measures call somebody? Metrics that its functions write, and the alarms on them.
import { type Duration, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { fiveMinutes, PipelineAlarm, type PipelineAlarmProps } from '../constructs/pipelineAlarm.ts';

/** What the functions measure (functions/aws/metrics.ts): counts are summed, of a level the highest counts. */
const statistics = {
  Conflicts: 'Sum',
  Refusals: 'Sum',
  PeopleRefused: 'Sum',
  ReceiptsRefused: 'Sum',
  ReceiptsSetAside: 'Sum',
  ReceiptsWaiting: 'Maximum',
  ReceiptsUntranslated: 'Maximum',
  OldestBasis: 'Maximum',
  HeadsBehind: 'Sum',
} as const;

export type MeasureName = keyof typeof statistics;

/** A measure of the stack that the scope is in. */
export const measure = (scope: Construct, name: MeasureName, period: Duration = fiveMinutes): Metric =>
  new Metric({
    namespace: 'Throughline',
    metricName: name,
    dimensionsMap: { service: Stack.of(scope).stackName },
    statistic: statistics[name],
    period,
  });

interface Watched extends Pick<PipelineAlarmProps, 'name' | 'says' | 'threshold' | 'periods'> {
  readonly measure: MeasureName;
}

const watched: readonly Watched[] = [
  {
    measure: 'Conflicts',
    name: 'conflicts',
    says: 'Over 500 appends in five minutes, for a quarter of an hour, met another writer: too many facts of one stream at once, which costs reads and time.',
    threshold: 500,
    periods: 3,
  },
  {
    measure: 'Refusals',
    name: 'refusals',
    says: 'A stage refused a fact that a system reported, which no rule of the domain should. It comes again, and ends among that stage’s dead letters.',
    threshold: 1,
  },
  {
    measure: 'ReceiptsRefused',
    name: 'receipts-refused',
    says: 'Verified messages were refused, since they are not what their source says of itself: the sender has changed, or its adapter is wrong. They are kept for 90 days.',
    threshold: 1,
  },
  {
    measure: 'ReceiptsWaiting',
    name: 'receipts-waiting',
    says: 'For an hour over 200 messages have waited: for links that nobody says, or because their connection may not say what they say. /v1/unmatched lists them with the reason.',
    threshold: 200,
    periods: 12,
  },
  {
    measure: 'ReceiptsUntranslated',
    name: 'receipts-untranslated',
    says: 'Messages of over five minutes ago are not translated, though the sweep has offered them again: translate fails on them. Why is in the failures table, by receipt id.',
    threshold: 1,
    periods: 3,
  },
  {
    measure: 'OldestBasis',
    name: 'oldest-basis',
    says: 'Some engagement’s rows should have changed a quarter of an hour ago and have not: project is behind, or fails on it.',
    threshold: 15 * 60,
    periods: 2,
  },
];

export class MeasureAlarms extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    for (const { measure: name, ...alarm } of watched) {
      new PipelineAlarm(this, name, { ...alarm, metric: measure(this, name) });
    }
  }
}
