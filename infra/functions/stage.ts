// Which resources does a stage, or control, need? A rule, a queue, dead letters with an alarm, and a function that may append.
import { Construct } from 'constructs';
import { type Owner, streamKindsOf } from '../../domain/lifecycle.ts';
import type { EventPattern } from '../constructs/eventPatterns.ts';
import { onStreams, onTable } from '../constructs/permissions.ts';
import { batchTimeout, PipelineFunction } from '../constructs/pipelineFunction.ts';
import { Route } from '../constructs/route.ts';
import { fromQueue } from '../constructs/trigger.ts';
import { WorkQueue } from '../constructs/workQueue.ts';
import type { Foundation } from '../foundation/foundation.ts';

export interface StageProps {
  /** The stage, or `control`: the name of its function. */
  readonly name: Owner;
  readonly foundation: Foundation;
  /** The pattern of the events that its queue takes from the bus. */
  readonly takes: EventPattern;
}

export class Stage extends Construct {
  constructor(scope: Construct, id: string, { name, foundation, takes }: StageProps) {
    super(scope, id);
    const { bundles, bus, eventStore, measuresEnvironment, operational } = foundation;
    const work = new WorkQueue(this, 'Work', { consumer: name, timeout: batchTimeout });
    new PipelineFunction(this, 'Function', {
      name,
      describes: 'decides on the facts that it owns and appends what holds',
      bundles,
      timeout: batchTimeout,
      memory: 1024,
      environment: {
        EVENTS_TABLE: eventStore.table.tableName,
        FAILURES_TABLE: operational.failures.tableName,
        ...measuresEnvironment,
      },
      permissions: [
        onTable(eventStore.table, 'Query', 'BatchGetItem'),
        onStreams(eventStore.table, streamKindsOf(name), 'PutItem'),
        onTable(operational.failures, 'PutItem'),
      ],
      triggers: [fromQueue(work, 20)],
    });
    new Route(this, 'Facts', {
      description: `What ${name} owns, and what opens it`,
      on: { bus, pattern: takes },
      to: work.queue,
      undeliverable: work.deadLetters.queue,
    });
  }
}
