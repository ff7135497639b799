// Which resources does query need? Permission to read, and to begin and cancel runs of long questions.
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { engagementHead, referenceTables, tableNames } from '../../domain/rows/catalog.ts';
import { referenceHeads, rollupHeads } from '../../domain/rows/ownTables.ts';
import { depthOf, onIndex, onTable, sendTo } from '../constructs/permissions.ts';
import { PipelineFunction } from '../constructs/pipelineFunction.ts';
import type { WorkQueue } from '../constructs/workQueue.ts';
import type { Foundation } from '../foundation/foundation.ts';
import type { Answer } from './answer.ts';

/** The tables of heads that are not rows: health counts the outdated heads. */
const bareHeads = [referenceHeads.name, rollupHeads.name];

export interface QueryProps {
  readonly foundation: Foundation;
  /** The queues of all functions, of which health counts the messages. */
  readonly queues: readonly WorkQueue[];
  /** What works on the runs that query begins. */
  readonly answer: Answer;
}

export class Query extends Construct {
  readonly handler: IFunction;

  constructor(scope: Construct, id: string, { foundation, queues, answer }: QueryProps) {
    super(scope, id);
    const { bundles, eventStore, operational, projections, releaseEnvironment, tokenEnvironment, waitingEnvironment } =
      foundation;
    this.handler = new PipelineFunction(this, 'Function', {
      name: 'query',
      describes: 'answers analysts and partners from the projection tables and the event store',
      behindHttp: true,
      bundles,
      timeout: Duration.seconds(20),
      memory: 1024,
      environment: {
        EVENTS_TABLE: eventStore.table.tableName,
        RECEIPTS_TABLE: operational.receipts.tableName,
        SOURCES_TABLE: operational.sources.tableName,
        NAMES_TABLE: operational.names.tableName,
        ANSWERS_TABLE: answer.answers.tableName,
        ANSWER_QUEUE_URL: answer.work.queue.queueUrl,
        // Names are shorter than URLs, which differ in their last part alone: all variables of a function may have 4 KB.
        WORK_QUEUES: queues.map(({ consumer, queue }) => `${consumer}=${queue.queueName}`).join(','),
        ...projections.packedEnvironment([...tableNames, ...bareHeads]),
        ...tokenEnvironment,
        ...waitingEnvironment,
        ...releaseEnvironment,
        ...foundation.originEnvironment,
      },
      permissions: [
        ...projections.onEveryTable('Query', 'BatchGetItem'),
        ...bareHeads.map((name) => onTable(projections.table(name), 'Query')),
        ...[engagementHead, ...referenceTables.map(({ name }) => name)].map((name) =>
          onTable(projections.table(name), 'GetItem'),
        ),
        onTable(projections.table(referenceHeads.name), 'BatchGetItem'),
        ...projections.onTenantIndexes(),
        onTable(eventStore.table, 'Query', 'BatchGetItem'),
        onTable(operational.receipts, 'GetItem', 'BatchGetItem', 'Query'),
        onIndex(operational.receipts, operational.openIndex),
        onIndex(operational.receipts, operational.endedIndex),
        onTable(operational.sources, 'Query'),
        onTable(operational.names, 'BatchGetItem', 'Query'),
        onIndex(eventStore.table, eventStore.streamsIndex),
        depthOf(queues),
        onTable(answer.answers, 'GetItem', 'PutItem', 'UpdateItem', 'Query'),
        sendTo(answer.work.queue),
      ],
    }).handler;
  }
}
