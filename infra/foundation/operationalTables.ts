// Which tables does the pipeline need for its own work? Receipts, connections, the state of its sources, names, and the reasons of failures.
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, ProjectionType, StreamViewType, type TablePropsV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** Tables with data that no sender could send again stay when the stack is deleted. */
const kept = {
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
} satisfies Partial<TablePropsV2>;

const replaceable = {
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  removalPolicy: RemovalPolicy.DESTROY,
} satisfies Partial<TablePropsV2>;

/** Without the body. Tenant, connection and time are in the keys. */
const shown = { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: ['status', 'reason', 'source'] };

export class OperationalTables extends Construct {
  readonly receipts: TableV2;
  readonly connections: TableV2;
  readonly sources: TableV2;
  readonly failures: TableV2;
  /** Names of persons by tenant and reference: they can be changed and erased, as events can't. */
  readonly names: TableV2;
  /** Receipts from their put until they end, by tenant and shard, and then by time: sweep walks them tenant by tenant, and a tenant lists its own. */
  readonly openIndex = 'open';
  /** Receipts that ended ignored or refused, by tenant and day. */
  readonly endedIndex = 'ended';

  /** Connections that declare a rhythm, by when their silence is longer than that. */
  readonly watchedIndex = 'watched';

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.receipts = new TableV2(this, 'Receipts', {
      ...kept,
      partitionKey: text('partition'),
      sortKey: text('id'),
      dynamoStream: StreamViewType.NEW_IMAGE,
      timeToLiveAttribute: 'expiresAt',
      globalSecondaryIndexes: [
        { indexName: this.openIndex, partitionKey: text('open'), sortKey: text('openId'), ...shown },
        { indexName: this.endedIndex, partitionKey: text('ended'), sortKey: text('id'), ...shown },
      ],
    });
    this.connections = new TableV2(this, 'Connections', { ...kept, partitionKey: text('connection') });
    this.sources = new TableV2(this, 'Sources', {
      ...replaceable,
      partitionKey: text('tenantId'),
      sortKey: text('connectionId'),
      globalSecondaryIndexes: [
        { indexName: this.watchedIndex, partitionKey: text('watched'), sortKey: text('quietFrom') },
      ],
    });
    this.names = new TableV2(this, 'Names', { ...kept, partitionKey: text('tenantId'), sortKey: text('reference') });
    this.failures = new TableV2(this, 'Failures', {
      ...replaceable,
      partitionKey: text('eventId'),
      sortKey: text('at'),
      timeToLiveAttribute: 'expiresAt',
    });
  }
}
