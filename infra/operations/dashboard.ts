// What does an operator see of the pipeline on one page? The alarms, the lag, the failures, and the requests.
import { Stack } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { DeadLetters } from '../constructs/deadLetters.ts';
import { fiveMinutes } from '../constructs/pipelineAlarm.ts';
import { PipelineFunction } from '../constructs/pipelineFunction.ts';
import { iteratorAge } from '../constructs/trigger.ts';
import { WorkQueue } from '../constructs/workQueue.ts';
import type { PipelineApi } from '../functions/httpApi.ts';
import { type MeasureName, measure } from './metricAlarms.ts';

export interface PipelineDashboardProps {
  readonly alarms: readonly Alarm[];
  /** A sentence that says who receives alarms. */
  readonly heardBy: string;
  readonly api: PipelineApi;
}

const height = 6;

const graph = (title: string, unit: string, metrics: readonly IMetric[], width = 8): IWidget =>
  new GraphWidget({ title, left: [...metrics], leftYAxis: { label: unit, min: 0, showUnits: false }, width, height });

/** The parts of the stack that the graphs show. */
interface Parts {
  readonly functions: readonly PipelineFunction[];
  readonly queues: readonly WorkQueue[];
  readonly deadLetters: readonly DeadLetters[];
}

/** The lag of functions and queues, and the messages that were given up. */
const backlog = ({ functions, queues, deadLetters }: Parts): readonly IWidget[] => [
  graph(
    'Lag behind the streams',
    'milliseconds',
    functions
      .filter(({ readsStream }) => readsStream)
      .map(({ name, handler }) => iteratorAge(handler).with({ label: name })),
  ),
  graph(
    'Age of the oldest message',
    'seconds',
    queues.map(({ consumer, queue }) =>
      queue.metricApproximateAgeOfOldestMessage({ label: consumer, statistic: 'Maximum', period: fiveMinutes }),
    ),
  ),
  graph(
    'Dead letters',
    'messages',
    deadLetters.map(({ name, queue }) =>
      queue.metricApproximateNumberOfMessagesVisible({ label: name, statistic: 'Maximum', period: fiveMinutes }),
    ),
  ),
];

/** Refusals, waiting receipts, and outdated rows. */
const pipeline = (own: (name: MeasureName) => IMetric): readonly IWidget[] => [
  graph('Conflicts and refusals', 'in five minutes', [own('Conflicts'), own('Refusals'), own('PeopleRefused')]),
  graph('Quarantined receipts and quiet connections', 'receipts, connections', [
    own('ReceiptsWaiting'),
    own('ReceiptsUntranslated'),
    own('ReceiptsSetAside'),
    own('ReceiptsRefused'),
    own('ReceiptsExpired'),
    own('UnknownKeys'),
    own('FreeTexts'),
    own('SourcesQuiet'),
  ]),
  new GraphWidget({
    title: 'How far rows are behind',
    left: [own('OldestBasis')],
    leftYAxis: { label: 'seconds', min: 0, showUnits: false },
    right: [own('HeadsBehind')],
    rightYAxis: { label: 'heads that the pager found', min: 0, showUnits: false },
    width: 8,
    height,
  }),
];

/** HTTP requests, and failures of functions. */
const requests = (api: PipelineApi, { functions }: Parts): readonly IWidget[] => [
  graph('Requests', 'in five minutes', [
    api.requests.with({ label: 'all' }),
    api.refused.with({ label: '4xx' }),
    api.failed.with({ label: '5xx' }),
  ]),
  graph('Latency, the slowest hundredth', 'milliseconds', [api.latency.with({ label: 'p99' })]),
  graph('Invocations that failed or were throttled', 'in five minutes', [
    ...functions.map(({ name, handler }) => handler.metricErrors({ label: name, period: fiveMinutes })),
    ...functions.map(({ name, handler }) =>
      handler.metricThrottles({ label: `${name} throttled`, period: fiveMinutes }),
    ),
  ]),
];

export class PipelineDashboard extends Construct {
  constructor(scope: Construct, id: string, { alarms, heardBy, api }: PipelineDashboardProps) {
    super(scope, id);
    const all = Stack.of(this).node.findAll();
    const parts: Parts = {
      functions: all.filter((part) => part instanceof PipelineFunction),
      queues: all.filter((part) => part instanceof WorkQueue),
      deadLetters: all.filter((part) => part instanceof DeadLetters),
    };
    const markdown = `# Throughline\n${heardBy} Each alarm’s description says what it means; infra/OPERATING.md what to do.`;
    const dashboard = new Dashboard(this, 'Dashboard', { dashboardName: Stack.of(this).stackName });
    dashboard.addWidgets(new TextWidget({ markdown, width: 24, height: 2 }));
    dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height }));
    dashboard.addWidgets(...backlog(parts));
    dashboard.addWidgets(...pipeline((name) => measure(this, name).with({ label: name })));
    dashboard.addWidgets(...requests(api, parts));
  }
}
