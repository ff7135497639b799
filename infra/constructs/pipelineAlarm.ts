// When is a person called? By an alarm, which has a name, a threshold, and a text for the person.
import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

export interface PipelineAlarmProps {
  /** Its name without the stack's: `relay-lag` is `Throughline-relay-lag`. infra/OPERATING.md uses this name. */
  readonly name: string;
  /** What has happened, and what it means. */
  readonly says: string;
  readonly metric: IMetric;
  /** The alarm goes on when the metric reaches this value. */
  readonly threshold: number;
  /** For how many periods in a row the metric must stay there; one unless given. */
  readonly periods?: number;
  /** The alarm goes on when the metric stays below the threshold or has no data: for work that must never stop. */
  readonly whenBelow?: boolean;
}

/** The period of metrics that count each event as it happens. */
export const minute = Duration.minutes(1);
export const fiveMinutes = Duration.minutes(5);

export class PipelineAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: PipelineAlarmProps) {
    const { name, says, metric, threshold, periods = 1, whenBelow = false } = props;
    super(scope, id, {
      alarmName: `${Stack.of(scope).stackName}-${name}`,
      alarmDescription: says,
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: whenBelow
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: whenBelow ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
  }
}
