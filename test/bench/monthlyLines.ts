// What does a month cost whatever the number of facts? Alarms, metrics, a key, schedules, and queues that are asked while they are empty.
import { isObject } from '../../infra/local/core/json.ts';
import type { Plan } from '../../infra/local/core/plan.ts';
import type { CostLine } from './costLine.ts';
import { type MonthlyUnit, prices } from './prices.ts';

const secondsOfMonth = 30 * 24 * 3600;
/** Lambda asks an idle queue by so many connections, each for so many seconds at a time. */
const polling = { connections: 5, seconds: 20 };
/** What a tick of a schedule uses: a message sent, received and deleted, and a call of this many GB-seconds. */
const tick = { queueRequests: 3, gigabyteSeconds: 0.05 };

/** How many resources of a type the template has. */
const countOf = (template: unknown, type: string): number => {
  const resources = isObject(template) && isObject(template.Resources) ? template.Resources : {};
  return Object.values(resources).filter((resource) => isObject(resource) && resource.Type === type).length;
};

/** An alarm on an expression costs as many metrics as that reads. */
const alarmMetrics = (template: unknown): number => {
  const resources = isObject(template) && isObject(template.Resources) ? Object.values(template.Resources) : [];
  return resources
    .filter((resource) => isObject(resource))
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) =>
      isObject(Properties) && Array.isArray(Properties.Metrics) ? Properties.Metrics : [{ MetricStat: {} }],
    )
    .reduce((sum, metrics) => sum + metrics.filter((each) => isObject(each) && isObject(each.MetricStat)).length, 0);
};

const of = (unit: MonthlyUnit, count: number, name: string): CostLine => ({
  name: `${count} ${name}`,
  dollars: count * prices.monthly[unit].dollars,
});

export interface Standing {
  readonly template: unknown;
  readonly plan: Pick<Plan, 'queueMappings' | 'schedules'>;
  /** The names of the metrics that the functions report themselves. */
  readonly metrics: number;
}

/** The lines of a month, the dearest first. */
export const monthlyLines = ({ template, plan, metrics }: Standing): readonly CostLine[] => {
  const { queueRequests, gigabyteSeconds, invocations } = prices.perMillion;
  const queues = plan.queueMappings.length;
  const polls = (queues * polling.connections * secondsOfMonth) / polling.seconds;
  const ticks = plan.schedules.reduce((sum, { everySeconds }) => sum + secondsOfMonth / everySeconds, 0);
  const perTick =
    tick.queueRequests * queueRequests.dollars + tick.gigabyteSeconds * gigabyteSeconds.dollars + invocations.dollars;
  const lines = [
    of('alarmMetrics', alarmMetrics(template), 'alarms'),
    of('dashboards', countOf(template, 'AWS::CloudWatch::Dashboard'), 'dashboard'),
    of('keys', countOf(template, 'AWS::KMS::Key'), 'key'),
    of('customMetrics', metrics, 'metrics of our own, where all of them occur'),
    { name: `${queues} queues asked while they are empty`, dollars: (polls / 1e6) * queueRequests.dollars },
    { name: `${Math.round(ticks)} ticks of schedules`, dollars: (ticks / 1e6) * perTick },
  ];
  return lines.toSorted((a, b) => b.dollars - a.dollars);
};
