// Where does what happened stand? The event store: one item a commit, appended once, never changed.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, ProjectionType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';

/** The operations that change or remove items, or could: nothing of ours may use one on this table. */
const forbiddenOperations = [
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'TransactWriteItems',
  'ExecuteStatement',
  'BatchExecuteStatement',
  'ExecuteTransaction',
];

export class EventStore extends Construct {
  readonly table: TableV2;
  readonly streamsIndex = 'shards';

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'stream', type: AttributeType.STRING },
      sortKey: { name: 'version', type: AttributeType.NUMBER },
      dynamoStream: StreamViewType.NEW_IMAGE,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      globalSecondaryIndexes: [
        {
          indexName: this.streamsIndex,
          partitionKey: { name: 'shard', type: AttributeType.STRING },
          sortKey: { name: 'stream', type: AttributeType.STRING },
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
    });
    this.alarmOnChange();
  }

  /** Whoever changes a commit, by whatever tool, is counted by DynamoDB itself. */
  private alarmOnChange(): void {
    const counted = forbiddenOperations.map((operation): [string, Metric] => [
      `m${operation}`,
      new Metric({
        namespace: 'AWS/DynamoDB',
        metricName: 'SuccessfulRequestLatency',
        dimensionsMap: { TableName: this.table.tableName, Operation: operation },
        statistic: 'SampleCount',
      }),
    ]);
    new MathExpression({
      expression: counted.map(([name]) => `FILL(${name}, 0)`).join(' + '),
      usingMetrics: Object.fromEntries(counted),
      period: Duration.minutes(1),
    }).createAlarm(this, 'ChangeAlarm', {
      alarmDescription: 'Somebody changed or removed a commit of the event store, which is only ever appended to.',
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
