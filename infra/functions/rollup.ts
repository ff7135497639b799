// Which resources does rollup need? The contributions table's stream, a queue of groups, and permission to write heads and rows of groups.
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { writtenTables } from '../../domain/rows/catalog.ts';
import { contributions } from '../../domain/rows/ownTables.ts';
import { DeadLetters } from '../constructs/deadLetters.ts';
import { onTable, sendTo } from '../constructs/permissions.ts';
import { PipelineFunction } from '../constructs/pipelineFunction.ts';
import { fromChanges, fromQueue } from '../constructs/trigger.ts';
import { WorkQueue } from '../constructs/workQueue.ts';
import type { Foundation } from '../foundation/foundation.ts';

/** How long to collect changes of a group: one small change still costs a read of the whole group. */
const window = Duration.seconds(5);

export class Rollup extends Construct {
  readonly work: WorkQueue;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    const { bundles, operational, projections, releaseEnvironment } = foundation;
    const timeout = Duration.seconds(60);
    this.work = new WorkQueue(this, 'Work', { consumer: 'rollup', timeout });
    const failures = new DeadLetters(this, 'StreamFailures', {
      name: 'rollup-stream-failures',
      says: 'Changed contributions whose groups rollup could not send to its own queue. A rebuild wakes these groups.',
    });
    new PipelineFunction(this, 'Function', {
      name: 'rollup',
      describes: 'computes the rows of groups and writes what differs',
      bundles,
      timeout,
      memory: 1769,
      environment: {
        FAILURES_TABLE: operational.failures.tableName,
        ROLLUP_QUEUE_URL: this.work.queue.queueUrl,
        ...projections.environment(writtenTables('groups')),
        ...releaseEnvironment,
      },
      permissions: [
        onTable(operational.failures, 'PutItem'),
        sendTo(this.work.queue),
        onTable(projections.table(contributions.name), 'Query'),
        ...projections.onWritten('groups'),
      ],
      triggers: [
        fromChanges(projections.table(contributions.name), failures, {
          lagMeans: 'Rows of groups are old.',
          batch: 1000,
          window,
        }),
        fromQueue(this.work, 10),
      ],
    });
  }
}
