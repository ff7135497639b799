// Which resources does seal need? A schedule, permission to read the last version of streams, and a table of roots that only seal may write.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { onIndex, onTable, sendTo } from '../constructs/permissions.ts';
import { PipelineAlarm } from '../constructs/pipelineAlarm.ts';
import { PipelineFunction } from '../constructs/pipelineFunction.ts';
import { Route } from '../constructs/route.ts';
import { fromQueue } from '../constructs/trigger.ts';
import { WorkQueue } from '../constructs/workQueue.ts';
import type { Foundation } from '../foundation/foundation.ts';

/** The operations that could change or remove a root: the table's policy refuses them to everybody, even to administrators. */
const changes = [
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'PartiQLInsert',
  'PartiQLUpdate',
  'PartiQLDelete',
  'DeleteTable',
].map((action) => `dynamodb:${action}`);

export class Seal extends Construct {
  readonly work: WorkQueue;
  readonly roots: TableV2;

  constructor(scope: Construct, id: string, { bundles, eventStore, operational }: Foundation) {
    super(scope, id);
    this.roots = new TableV2(this, 'Roots', {
      partitionKey: { name: 'part', type: AttributeType.STRING },
      sortKey: { name: 'id', type: AttributeType.STRING },
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      resourcePolicy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            effect: Effect.DENY,
            principals: [new AnyPrincipal()],
            actions: changes,
            resources: ['*'],
          }),
        ],
      }),
    });
    const timeout = Duration.seconds(60);
    this.work = new WorkQueue(this, 'Work', { consumer: 'seal', timeout });
    const seal = new PipelineFunction(this, 'Function', {
      name: 'seal',
      describes: 'keeps apart where every stream stood when a day ended',
      bundles,
      timeout,
      memory: 512,
      environment: {
        EVENTS_TABLE: eventStore.table.tableName,
        ROOTS_TABLE: this.roots.tableName,
        FAILURES_TABLE: operational.failures.tableName,
        SEAL_QUEUE_URL: this.work.queue.queueUrl,
      },
      permissions: [
        onTable(eventStore.table, 'Query'),
        onIndex(eventStore.table, eventStore.streamsIndex),
        onTable(this.roots, 'Query', 'PutItem'),
        onTable(operational.failures, 'PutItem'),
        sendTo(this.work.queue),
      ],
      triggers: [fromQueue(this.work, 2)],
      sendsToItself: true,
    });
    new PipelineAlarm(this, 'SilentAlarm', {
      name: 'seal-silent',
      says: 'The clock has not woken seal for three hours. `npm run verify` proves a day only after it is sealed.',
      metric: seal.handler.metricInvocations({ statistic: 'Sum', period: Duration.hours(1) }),
      threshold: 1,
      periods: 3,
      whenBelow: true,
    });
    // Every hour, so that the next run seals a day whose run failed.
    new Route(this, 'Day', {
      description: 'The clock of seal: a day that is over is sealed',
      on: { every: Duration.hours(1), says: { seal: 'day' } },
      to: this.work.queue,
      undeliverable: this.work.deadLetters.queue,
    });
  }
}
