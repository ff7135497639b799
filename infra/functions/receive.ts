// Which resources does receive need? A queue for partner buses, and permission to store a receipt and to read a connection's secret.
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from '../constructs/acknowledge.ts';
import { onTable, readSecrets } from '../constructs/permissions.ts';
import { PipelineFunction } from '../constructs/pipelineFunction.ts';
import { fromQueue } from '../constructs/trigger.ts';
import { WorkQueue } from '../constructs/workQueue.ts';
import type { Foundation } from '../foundation/foundation.ts';

export class Receive extends Construct {
  readonly handler: IFunction;
  readonly work: WorkQueue;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    const { bundles, operational, secretsPrefix } = foundation;
    // Senders give up after some ten seconds and send again, so a longer call has no use.
    const timeout = Duration.seconds(10);
    this.work = new WorkQueue(this, 'Work', { consumer: 'receive', timeout });
    const receive = new PipelineFunction(this, 'Function', {
      name: 'receive',
      describes: 'verifies a message from outside and keeps it as a receipt',
      behindHttp: true,
      bundles,
      timeout,
      memory: 512,
      environment: {
        RECEIPTS_TABLE: operational.receipts.tableName,
        CONNECTIONS_TABLE: operational.connections.tableName,
        SOURCES_TABLE: operational.sources.tableName,
        FAILURES_TABLE: operational.failures.tableName,
        SECRETS_PREFIX: secretsPrefix,
        ...foundation.paceEnvironment,
        ...foundation.originEnvironment,
      },
      permissions: [
        onTable(operational.receipts, 'PutItem'),
        onTable(operational.connections, 'GetItem'),
        onTable(operational.sources, 'UpdateItem'),
        onTable(operational.failures, 'PutItem'),
        readSecrets(this, secretsPrefix),
      ],
      triggers: [fromQueue(this.work, 20)],
    });
    this.handler = receive.handler;
    acknowledge(
      receive,
      `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter${secretsPrefix}/*]`,
      'Connections are made while the pipeline runs, each with its own secret; this path holds only these secrets.',
    );
  }
}
