// Which resources does relay need? The events table's stream, permission to put events on the bus, and a queue with an alarm for changed commits.
import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DeadLetters } from '../constructs/deadLetters.ts';
import { changedPattern, recordedSource, recordedTypesIn } from '../constructs/eventPatterns.ts';
import { onTable, putOn, sendTo } from '../constructs/permissions.ts';
import { PipelineFunction } from '../constructs/pipelineFunction.ts';
import { Route } from '../constructs/route.ts';
import { fromInserts, fromQueue } from '../constructs/trigger.ts';
import { WorkQueue } from '../constructs/workQueue.ts';
import type { Foundation } from '../foundation/foundation.ts';

export interface RelayProps {
  readonly foundation: Foundation;
  /** The types to send beside those that a rule of the stack takes; undefined: all types. */
  readonly types: readonly string[] | undefined;
}

/** The types of recorded events that rules of the stack take from the bus. */
const takenByRules = (stack: Stack): readonly string[] =>
  stack.node
    .findAll()
    .filter((part) => part instanceof Route)
    .flatMap(({ on }) => ('pattern' in on ? recordedTypesIn(on.pattern) : []));

export class Relay extends Construct {
  /** The types that it sends, with commas; `all` where it sends every type. */
  readonly sends: string;

  constructor(scope: Construct, id: string, { foundation, types }: RelayProps) {
    super(scope, id);
    const { bundles, bus, eventStore, operational } = foundation;
    // Rules are made after relay too, so their types are known only when the template is written.
    const listed = () => [...new Set([...takenByRules(Stack.of(this)), ...(types ?? [])])].sort().join(',');
    this.sends = types === undefined ? 'all' : Lazy.string({ produce: listed });
    const failures = new DeadLetters(this, 'StreamFailures', {
      name: 'relay-stream-failures',
      says: 'Commits that relay could neither put on the bus nor send to its own queue. They are safe in the event store.',
    });
    // The stream shows every change, even a put over a commit, which the metric of forbidden operations doesn't count.
    const changed = new DeadLetters(this, 'Changed', {
      name: 'event-store-changed',
      says: 'A commit of the event store was changed or removed. The message names the commit; the backup of the table has the original.',
    });
    new Route(this, 'ChangedCommits', {
      description: 'Commits that were changed or removed',
      on: { bus, pattern: changedPattern },
      to: changed.queue,
      undeliverable: failures.queue,
    });
    const timeout = Duration.seconds(60);
    // A commit that can't be put on the bus comes here for a retry, so that the stream goes on.
    const work = new WorkQueue(this, 'Work', { consumer: 'relay', timeout });
    new PipelineFunction(this, 'Function', {
      name: 'relay',
      describes: 'puts recorded events on the bus, at least once',
      bundles,
      timeout,
      memory: 512,
      environment: {
        BUS_NAME: bus.eventBusName,
        EVENTS_TABLE: eventStore.table.tableName,
        FAILURES_TABLE: operational.failures.tableName,
        RELAY_QUEUE_URL: work.queue.queueUrl,
        RELAYED_TYPES: this.sends,
      },
      permissions: [
        putOn(bus, recordedSource),
        onTable(eventStore.table, 'GetItem'),
        onTable(operational.failures, 'PutItem'),
        sendTo(work.queue),
      ],
      triggers: [
        fromInserts(eventStore.table, failures, {
          lagMeans: 'The next stages, and your systems on the bus, receive recorded events late.',
          alsoChanges: true,
          // The bus promises no order anyway.
          atOnce: 4,
        }),
        fromQueue(work, 2),
      ],
    });
  }
}
