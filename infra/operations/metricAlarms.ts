// Which alarms watch the metrics that the functions write themselves?
import { type Duration, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { fiveMinutes, PipelineAlarm, type PipelineAlarmProps } from '../constructs/pipelineAlarm.ts';

/** The metrics that functions write (functions/aws/metrics.ts). Counts are added up; of a level, the highest value counts. */
const statistics = {
  Conflicts: 'Sum',
  Refusals: 'Sum',
  PeopleRefused: 'Sum',
  ReceiptsRefused: 'Sum',
  ReceiptsExpired: 'Sum',
  UnknownKeys: 'Sum',
  FreeTexts: 'Sum',
  ReceiptsSetAside: 'Sum',
  ReceiptsWaiting: 'Maximum',
  ReceiptsUntranslated: 'Maximum',
  OldestBasis: 'Maximum',
  SourcesQuiet: 'Maximum',
  HeadsBehind: 'Sum',
} as const;

export type MeasureName = keyof typeof statistics;

/** A metric of the stack that contains the scope. */
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
    says: 'For a quarter of an hour, over 500 appends in each five minutes met another writer. Too many facts of one stream come at once, which costs reads and time.',
    threshold: 500,
    periods: 3,
  },
  {
    measure: 'Refusals',
    name: 'refusals',
    says: 'A stage refused a fact that a system reported. No rule of the domain should do that. The fact is retried, and ends in that stage’s dead letters.',
    threshold: 1,
  },
  {
    measure: 'ReceiptsRefused',
    name: 'receipts-refused',
    says: 'Verified messages were refused because they do not match their source’s format: the sender has changed, or its adapter is wrong. They are kept for 90 days.',
    threshold: 1,
  },
  {
    measure: 'ReceiptsWaiting',
    name: 'receipts-waiting',
    says: 'Over 200 messages have waited for an hour: an identity link is missing, or their connection may not send their type. /v1/unmatched lists them with the reason.',
    threshold: 200,
    periods: 12,
  },
  {
    measure: 'ReceiptsUntranslated',
    name: 'receipts-untranslated',
    says: 'Messages older than five minutes are not translated, although sweep has offered them again: translate fails on them. The failures table says why, by receipt id.',
    threshold: 1,
    periods: 3,
  },
  {
    measure: 'OldestBasis',
    name: 'oldest-basis',
    says: 'Some engagement’s rows should have changed a quarter of an hour ago but did not: project is behind, or fails on it.',
    threshold: 15 * 60,
    periods: 2,
  },
  {
    measure: 'SourcesQuiet',
    name: 'sources-quiet',
    says: 'A connection has been silent for longer than its rhythm: rules that need it are suspended until it is heard again. The freshness of any answer to a vendor names it.',
    threshold: 1,
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
