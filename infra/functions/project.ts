// What does project stand on? New commits, what sweep and pager send it, and leave to write every projection table.
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { writtenTables } from '../../domain/rows/catalog.ts';
import { DeadLetters } from '../constructs/deadLetters.ts';
import { onTable, sendTo } from '../constructs/permissions.ts';
import { PipelineFunction } from '../constructs/pipelineFunction.ts';
import { fromInserts, fromQueue } from '../constructs/trigger.ts';
import { WorkQueue } from '../constructs/workQueue.ts';
import type { Foundation } from '../foundation/foundation.ts';

export interface ProjectProps {
  readonly foundation: Foundation;
  /** The queue that wakes groups: a rebuild's projections tell it which they feed. */
  readonly rollup: WorkQueue;
}

export class Project extends Construct {
  readonly work: WorkQueue;

  constructor(scope: Construct, id: string, { foundation, rollup }: ProjectProps) {
    super(scope, id);
    const { bundles, eventStore, operational, projections, releaseEnvironment } = foundation;
    const timeout = Duration.seconds(60);
    this.work = new WorkQueue(this, 'Work', { consumer: 'project', timeout });
    const failures = new DeadLetters(this, 'StreamFailures', {
      name: 'project-stream-failures',
      says: 'Commits that project could neither turn into rows nor set aside to its own queue. They stand in the event store.',
    });
    new PipelineFunction(this, 'Function', {
      name: 'project',
      describes: 'computes rows and writes what differs',
      bundles,
      timeout,
      memory: 1769,
      environment: {
        EVENTS_TABLE: eventStore.table.tableName,
        FAILURES_TABLE: operational.failures.tableName,
        PROJECT_QUEUE_URL: this.work.queue.queueUrl,
        ROLLUP_QUEUE_URL: rollup.queue.queueUrl,
        ...projections.environment(writtenTables('streams')),
        ...releaseEnvironment,
      },
      permissions: [
        onTable(eventStore.table, 'Query', 'BatchGetItem'),
        onTable(operational.failures, 'PutItem'),
        sendTo(this.work.queue, rollup.queue),
        ...projections.onWritten('streams'),
      ],
      // A full batch folds an engagement once for all of its commits: the further behind, the less each costs.
      triggers: [
        fromInserts(eventStore.table, failures, { lagMeans: 'Rows, flags and answers are old.', batch: 1000 }),
        fromQueue(this.work, 20),
      ],
    });
  }
}
