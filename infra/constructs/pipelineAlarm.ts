// When is somebody called? An alarm: what it is called behind the stack's name, and what it means to whoever is called.
import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

export interface PipelineAlarmProps {
  /** Its name behind the stack's: `relay-lag` is `Throughline-relay-lag`. The operator's page knows it by that. */
  readonly name: string;
  /** What has happened, and what it means. */
  readonly says: string;
  readonly metric: IMetric;
  /** Called when the metric reaches it. */
  readonly threshold: number;
  /** How many of the metric's periods in a row; one unless given. */
  readonly periods?: number;
  /** Called when the metric stays below the threshold, or says nothing at all: for what must never be silent. */
  readonly whenBelow?: boolean;
}

/** The period of what is counted in the moment that it happens. */
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
