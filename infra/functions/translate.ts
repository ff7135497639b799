// Which resources does translate need? The receipts table's stream, a rule for identity links and leads, and permission to put facts on the bus.
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DeadLetters } from '../constructs/deadLetters.ts';
import { intakeSource, linkPattern } from '../constructs/eventPatterns.ts';
import { onPartitions, onStreams, onTable, putOn, sendTo } from '../constructs/permissions.ts';
import { PipelineFunction } from '../constructs/pipelineFunction.ts';
import { Route } from '../constructs/route.ts';
import { fromInserts, fromQueue } from '../constructs/trigger.ts';
import { WorkQueue } from '../constructs/workQueue.ts';
import type { Foundation } from '../foundation/foundation.ts';

export class Translate extends Construct {
  readonly work: WorkQueue;

  constructor(
    scope: Construct,
    id: string,
    { bundles, bus, eventStore, measuresEnvironment, operational, waitingEnvironment }: Foundation,
  ) {
    super(scope, id);
    const timeout = Duration.seconds(60);
    this.work = new WorkQueue(this, 'Work', { consumer: 'translate', timeout });
    const failures = new DeadLetters(this, 'StreamFailures', {
      name: 'translate-stream-failures',
      says: 'New receipts that translate could neither take from the stream nor send to its own queue. Sweep offers them again.',
    });
    new PipelineFunction(this, 'Function', {
      name: 'translate',
      describes: 'turns receipts into facts and puts them on the bus',
      bundles,
      timeout,
      memory: 1024,
      environment: {
        RECEIPTS_TABLE: operational.receipts.tableName,
        CONNECTIONS_TABLE: operational.connections.tableName,
        SOURCES_TABLE: operational.sources.tableName,
        FAILURES_TABLE: operational.failures.tableName,
        EVENTS_TABLE: eventStore.table.tableName,
        BUS_NAME: bus.eventBusName,
        TRANSLATE_QUEUE_URL: this.work.queue.queueUrl,
        ...measuresEnvironment,
        ...waitingEnvironment,
      },
      permissions: [
        // Queries list a connection's receipts, to translate them again.
        onTable(operational.receipts, 'GetItem', 'UpdateItem', 'Query'),
        // Pointers to waiting receipts have partitions of their own. Translate neither makes nor removes a receipt itself.
        onPartitions(operational.receipts, ['wait#*'], 'PutItem', 'DeleteItem'),
        // So has what a run of translate-again finds out.
        onPartitions(operational.receipts, ['again#*'], 'PutItem'),
        onTable(operational.connections, 'GetItem'),
        // To count how receipts end.
        onTable(operational.sources, 'UpdateItem'),
        onTable(operational.failures, 'PutItem'),
        // To find the stream of an id, whether an engagement has begun, and what stands of the facts that a receipt said before.
        onStreams(eventStore.table, ['engagement', 'identity', 'offer', 'campaign', 'party', 'source'], 'Query'),
        // To find which of a batch's ids are linked at all.
        onStreams(eventStore.table, ['identity'], 'BatchGetItem'),
        putOn(bus, intakeSource),
        // A receipt that fails in the stream comes to this queue for a retry, and the next page of receipts to translate again.
        sendTo(this.work.queue),
      ],
      triggers: [
        fromInserts(operational.receipts, failures, {
          lagMeans: 'Messages from outside are kept, but are not facts yet.',
          newImage: { kind: { S: ['receipt'] } },
          // Receipts don't depend on each other.
          atOnce: 4,
        }),
        fromQueue(this.work, 10),
      ],
    });
    new Route(this, 'Links', {
      description: 'Recorded links of identity, and words on who leads, wake the receipts that wait for them',
      on: { bus, pattern: linkPattern },
      to: this.work.queue,
      undeliverable: this.work.deadLetters.queue,
    });
  }
}
