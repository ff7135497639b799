// Which resources does sweep need? Schedules, a rule for changes of context, and permission to send work to other functions' queues.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { engagementHead, outageTables } from '../../domain/rows/catalog.ts';
import { referenceHeads, rollupHeads } from '../../domain/rows/ownTables.ts';
import { contextPattern, intakeSource } from '../constructs/eventPatterns.ts';
import { onIndex, onPartitions, onTable, putOn, sendTo } from '../constructs/permissions.ts';
import { fiveMinutes, PipelineAlarm } from '../constructs/pipelineAlarm.ts';
import { PipelineFunction } from '../constructs/pipelineFunction.ts';
import { Route } from '../constructs/route.ts';
import { fromQueue } from '../constructs/trigger.ts';
import { WorkQueue } from '../constructs/workQueue.ts';
import type { Foundation } from '../foundation/foundation.ts';
import { schedules } from './schedules.ts';

export interface SweepProps {
  readonly foundation: Foundation;
  /** The most streams that the pager visits in a second. */
  readonly pagerRate: number;
  /** The queues to which it sends work that is due, outdated or waiting. */
  readonly project: WorkQueue;
  readonly rollup: WorkQueue;
  readonly translate: WorkQueue;
}

/** The tables that hold heads. */
const headTables = [engagementHead, referenceHeads.name, rollupHeads.name];

/** Some messages to its own queue are delayed by a quarter of an hour on purpose. */
const lateAfter = Duration.minutes(45);

/** The function's own queue and table. */
interface Own {
  readonly work: WorkQueue;
  readonly runs: TableV2;
}

const environmentOf = ({ foundation, pagerRate, project, rollup, translate }: SweepProps, { work, runs }: Own) => ({
  EVENTS_TABLE: foundation.eventStore.table.tableName,
  RECEIPTS_TABLE: foundation.operational.receipts.tableName,
  SOURCES_TABLE: foundation.operational.sources.tableName,
  BUS_NAME: foundation.bus.eventBusName,
  ...foundation.projections.environment([...headTables, ...outageTables]),
  PROJECT_QUEUE_URL: project.queue.queueUrl,
  ROLLUP_QUEUE_URL: rollup.queue.queueUrl,
  TRANSLATE_QUEUE_URL: translate.queue.queueUrl,
  SWEEP_QUEUE_URL: work.queue.queueUrl,
  RUNS_TABLE: runs.tableName,
  FAILURES_TABLE: foundation.operational.failures.tableName,
  PAGER_RATE: String(pagerRate),
  ...foundation.releaseEnvironment,
  ...foundation.measuresEnvironment,
});

const permissionsOf = ({ foundation, project, rollup, translate }: SweepProps, { work, runs }: Own) => {
  const { bus, eventStore, operational, projections } = foundation;
  return [
    sendTo(project.queue, rollup.queue, translate.queue, work.queue),
    onTable(eventStore.table, 'Query'),
    onIndex(eventStore.table, eventStore.streamsIndex),
    ...headTables.map((name) => onTable(projections.table(name), 'GetItem')),
    ...headTables.map((name) => onIndex(projections.table(name), 'due')),
    onIndex(operational.sources, operational.watchedIndex),
    onTable(operational.sources, 'UpdateItem'),
    putOn(bus, intakeSource),
    onIndex(projections.table(rollupHeads.name), 'shards'),
    onTable(runs, 'GetItem', 'PutItem'),
    onIndex(projections.table(engagementHead), 'byCustomer'),
    ...outageTables.flatMap((name) => projections.onPipelineIndexes(name)),
    onIndex(operational.receipts, operational.openIndex),
    // Which tenants have receipts.
    onPartitions(operational.receipts, ['tenants'], 'Query'),
    onTable(operational.failures, 'PutItem'),
  ];
};

export class Sweep extends Construct {
  /** The progress of pager runs and of walks through receipts, and the deployment for which a run was last started. */
  readonly runs: TableV2;

  constructor(scope: Construct, id: string, props: SweepProps) {
    super(scope, id);
    const { bundles, bus } = props.foundation;
    this.runs = new TableV2(this, 'Runs', {
      partitionKey: { name: 'run', type: AttributeType.STRING },
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expiresAt',
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const timeout = Duration.seconds(60);
    const work = new WorkQueue(this, 'Work', { consumer: 'sweep', timeout, lateAfter });
    const own: Own = { work, runs: this.runs };
    const sweep = new PipelineFunction(this, 'Function', {
      name: 'sweep',
      describes: 'sends what is due, behind or waiting to the functions that see to it',
      bundles,
      timeout,
      memory: 1024,
      environment: environmentOf(props, own),
      permissions: permissionsOf(props, own),
      triggers: [fromQueue(work, 2)],
      sendsToItself: true,
    });
    new PipelineAlarm(this, 'SilentAlarm', {
      name: 'sweep-silent',
      says: 'Nothing has woken sweep for a quarter of an hour: timers do not fire, receipts that wait are not offered again, and nothing measures the age of rows.',
      metric: sweep.handler.metricInvocations({ statistic: 'Sum', period: fiveMinutes }),
      threshold: 1,
      periods: 3,
      whenBelow: true,
    });
    this.followClock(work);
    new Route(this, 'Context', {
      description: 'Recorded changes of context bring the heads that depend on them up to date',
      on: { bus, pattern: contextPattern },
      to: work.queue,
      undeliverable: work.deadLetters.queue,
    });
  }

  private followClock(work: WorkQueue): void {
    for (const { name, every, says } of schedules) {
      const { ruleName } = new Route(this, name, {
        description: `The clock of sweep: ${says.sweep}`,
        on: { every, says },
        to: work.queue,
        undeliverable: work.deadLetters.queue,
      });
      if (says.sweep === 'due' || says.sweep === 'receipts' || says.sweep === 'rhythm')
        this.alarmOnSilence(name, ruleName, says.sweep);
    }
  }

  /** Changes of context, pages and redrives wake sweep too. So only the rule's own count shows that the schedule works. */
  private alarmOnSilence(tick: string, ruleName: string, asks: 'due' | 'receipts' | 'rhythm'): void {
    const left = {
      due: 'timers do not fire',
      receipts: 'receipts that wait are not offered again',
      rhythm: 'no connection is found to be silent',
    };
    new PipelineAlarm(this, `${tick}SilentAlarm`, {
      name: `${asks}-clock-silent`,
      says: `For a quarter of an hour the schedule has sent nothing to sweep: ${left[asks]}, and nothing measures it.`,
      metric: new Metric({
        namespace: 'AWS/Events',
        metricName: 'Invocations',
        dimensionsMap: { RuleName: ruleName },
        statistic: 'Sum',
        period: fiveMinutes,
      }),
      threshold: 1,
      periods: 3,
      whenBelow: true,
    });
  }
}
