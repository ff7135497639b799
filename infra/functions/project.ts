// Which resources does project need? The events table's stream, its queue, and permission to write every projection table.
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { writtenTables } from '../../domain/rows/catalog.ts';
import { DeadLetters } from '../constructs/deadLetters.ts';
import { onIndex, onTable, sendTo } from '../constructs/permissions.ts';
import { PipelineFunction } from '../constructs/pipelineFunction.ts';
import { fromInserts, fromQueue } from '../constructs/trigger.ts';
import { WorkQueue } from '../constructs/workQueue.ts';
import type { Foundation } from '../foundation/foundation.ts';

export interface ProjectProps {
  readonly foundation: Foundation;
  /** The queue of rollup: in a rebuild, project sends it the groups to compute again. */
  readonly rollup: WorkQueue;
  /** How long it gathers commits before it works; 0: not at all. */
  readonly gatherSeconds: number;
}

export class Project extends Construct {
  readonly work: WorkQueue;

  constructor(scope: Construct, id: string, { foundation, rollup, gatherSeconds }: ProjectProps) {
    super(scope, id);
    const { bundles, eventStore, operational, projections, releaseEnvironment } = foundation;
    const timeout = Duration.seconds(60);
    this.work = new WorkQueue(this, 'Work', { consumer: 'project', timeout });
    const failures = new DeadLetters(this, 'StreamFailures', {
      name: 'project-stream-failures',
      says: 'Commits that project could neither turn into rows nor send to its own queue. They are safe in the event store.',
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
        // Which connections were silent.
        onIndex(eventStore.table, eventStore.streamsIndex),
        onTable(operational.failures, 'PutItem'),
        sendTo(this.work.queue, rollup.queue),
        ...projections.onWritten('streams'),
      ],
      // Here is the one window on a fact's way. Of a batch, project folds and writes an engagement once for all its commits, while
      // translate and the stages work message by message. What relay sent late would also miss the window of its opener.
      triggers: [
        fromInserts(eventStore.table, failures, {
          lagMeans: 'Rows, flags and answers are old.',
          batch: 1000,
          ...(gatherSeconds > 0 && { window: Duration.seconds(gatherSeconds) }),
        }),
        fromQueue(this.work, 20),
      ],
    });
  }
}
