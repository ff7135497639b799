// Which resources does answer need? A table of runs and their results, a queue of chunks, and permission to read streams.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { answerTables, quartileTable, scopeTables } from '../../domain/rows/catalog.ts';
import { onIndex, onTable, sendTo } from '../constructs/permissions.ts';
import { PipelineFunction } from '../constructs/pipelineFunction.ts';
import { fromQueue } from '../constructs/trigger.ts';
import { deliveries, WorkQueue } from '../constructs/workQueue.ts';
import type { Foundation } from '../foundation/foundation.ts';

/** Chunks of all tenants under way at once; each is a few seconds of folding. */
const atOnce = 8;

export class Answer extends Construct {
  readonly work: WorkQueue;
  /** Runs, the lists of what they cover, and their results; DynamoDB deletes them after a week. */
  readonly answers: TableV2;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    const { bundles, eventStore, operational, projections } = foundation;
    // A chunk of long streams takes its time, and no message waits behind it: each is a batch of its own.
    const timeout = Duration.minutes(2);
    this.work = new WorkQueue(this, 'Work', { consumer: 'answer', timeout });
    this.answers = new TableV2(this, 'Answers', {
      partitionKey: { name: 'run', type: AttributeType.STRING },
      sortKey: { name: 'item', type: AttributeType.STRING },
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expiresAt',
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new PipelineFunction(this, 'Function', {
      name: 'answer',
      describes: 'answers long questions chunk by chunk, and keeps the result for a week',
      bundles,
      timeout,
      memory: 1769,
      environment: {
        EVENTS_TABLE: eventStore.table.tableName,
        ANSWERS_TABLE: this.answers.tableName,
        ANSWER_QUEUE_URL: this.work.queue.queueUrl,
        ANSWER_TRIES: String(deliveries),
        FAILURES_TABLE: operational.failures.tableName,
        ...projections.environment(answerTables),
      },
      permissions: [
        onTable(eventStore.table, 'Query', 'BatchGetItem'),
        onIndex(eventStore.table, eventStore.streamsIndex),
        ...scopeTables.map((name) => onTable(projections.table(name), 'BatchGetItem')),
        ...scopeTables.map((name) => onIndex(projections.table(name), 'byLeadPartner')),
        onTable(projections.table(quartileTable), 'Query'),
        onTable(this.answers, 'GetItem', 'PutItem', 'UpdateItem'),
        sendTo(this.work.queue),
        onTable(operational.failures, 'PutItem'),
      ],
      triggers: [fromQueue(this.work, atOnce, 1)],
      sendsToItself: true,
    });
  }
}
