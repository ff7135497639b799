// What does sweep stand on? The clock, changes of context, and leave to send work to the queues of others.
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { contextPattern } from './eventPatterns.ts';
import type { Foundation } from './foundation.ts';
import { onIndex, onTable, sendTo } from './permissions.ts';
import { PipelineFunction } from './pipelineFunction.ts';
import { Route } from './route.ts';
import { schedules } from './schedules.ts';
import { fromQueue } from './trigger.ts';
import { WorkQueue } from './workQueue.ts';

export interface SweepProps {
  readonly foundation: Foundation;
  /** The queues to which it sends what is due, behind, or waiting. */
  readonly project: WorkQueue;
  readonly translate: WorkQueue;
}

export class Sweep extends Construct {
  constructor(scope: Construct, id: string, { foundation, project, translate }: SweepProps) {
    super(scope, id);
    const { bundles, bus, eventStore, operational, projections, releaseEnvironment } = foundation;
    const timeout = Duration.seconds(60);
    const work = new WorkQueue(this, 'Work', { consumer: 'sweep', timeout });
    const engagements = projections.table('engagements');
    new PipelineFunction(this, 'Function', {
      name: 'sweep',
      describes: 'sends what is due, behind or waiting to the functions that see to it',
      bundles,
      timeout,
      memory: 1024,
      environment: {
        EVENTS_TABLE: eventStore.table.tableName,
        RECEIPTS_TABLE: operational.receipts.tableName,
        ...projections.environment('engagements'),
        PROJECT_QUEUE_URL: project.queue.queueUrl,
        TRANSLATE_QUEUE_URL: translate.queue.queueUrl,
        SWEEP_QUEUE_URL: work.queue.queueUrl,
        ...releaseEnvironment,
      },
      permissions: [
        sendTo(project.queue, translate.queue, work.queue),
        onTable(eventStore.table, 'Query'),
        onIndex(eventStore.table, eventStore.streamsIndex),
        onTable(engagements, 'GetItem'),
        onIndex(engagements, 'due'),
        onIndex(operational.receipts, operational.pendingIndex),
      ],
      triggers: [fromQueue(work, 2)],
      sendsToItself: true,
    });
    const deadLetters = work.deadLetters.queue;
    for (const { name, every, says } of schedules) {
      new Route(this, name, {
        description: `The clock of sweep: ${says.sweep}`,
        on: { every, says },
        to: work.queue,
        undeliverable: deadLetters,
      });
    }
    new Route(this, 'Context', {
      description: 'Recorded changes of context bring the heads that depend on them up to date',
      on: { bus, pattern: contextPattern },
      to: work.queue,
      undeliverable: deadLetters,
    });
  }
}
