// What does seal stand on? The clock, leave to see where streams stand, and a table of roots that it alone may put into.
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

/** What could change or remove a root: the table refuses it from anybody, administrators too, until its policy is changed. */
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
      says: 'The clock has not woken seal for three hours: until a day is sealed, verify can prove nothing of it.',
      metric: seal.handler.metricInvocations({ statistic: 'Sum', period: Duration.hours(1) }),
      threshold: 1,
      periods: 3,
      whenBelow: true,
    });
    // Every hour, so that a day whose run has failed is sealed by the next one.
    new Route(this, 'Day', {
      description: 'The clock of seal: a day that is over is sealed',
      on: { every: Duration.hours(1), says: { seal: 'day' } },
      to: this.work.queue,
      undeliverable: this.work.deadLetters.queue,
    });
  }
}
