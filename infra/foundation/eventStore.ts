// Where are recorded events stored? In the event store: a table with one item for each commit, which is never changed.
import { RemovalPolicy } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, ProjectionType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { minute, PipelineAlarm } from '../constructs/pipelineAlarm.ts';

/** The operations that can change or remove items: no function may use them on this table. */
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

  /**
   * DynamoDB itself counts every such call, from any tool, even while relay does not run. A put over a commit looks like an
   * append to this metric; relay finds it in the table's stream.
   */
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
    const metric = new MathExpression({
      expression: counted.map(([name]) => `FILL(${name}, 0)`).join(' + '),
      usingMetrics: Object.fromEntries(counted),
      period: minute,
    });
    new PipelineAlarm(this, 'ChangeAlarm', {
      name: 'event-store-written-to',
      says: 'A call that can change or remove commits succeeded on the event store. Our functions only append to it. A PartiQL SELECT counts too.',
      metric,
      threshold: 1,
    });
  }
}
