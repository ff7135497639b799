// What does a function count that AWS doesn't count for us? One line an invocation, in CloudWatch's embedded format, where there is something to say.
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Every measure, with its unit. Alarms and the dashboard know them by these names. */
const units = {
  /** Appends that met another writer and were decided anew. */
  Conflicts: MetricUnit.Count,
  /** Facts of systems that a stage refused, each time that they came. */
  Refusals: MetricUnit.Count,
  /** Facts of people that were refused, in the answer to their request. */
  PeopleRefused: MetricUnit.Count,
  /** Receipts that ended as refused: they are not what their source says of itself. */
  ReceiptsRefused: MetricUnit.Count,
  /** Receipts that began to wait, or wait for another reason. */
  ReceiptsSetAside: MetricUnit.Count,
  /** Receipts of over five minutes ago that wait, as the sweep counts them. */
  ReceiptsWaiting: MetricUnit.Count,
  /** Receipts of over five minutes ago that nobody has translated. */
  ReceiptsUntranslated: MetricUnit.Count,
  /** How long ago the earliest instant was at which a head should have been evaluated. */
  OldestBasis: MetricUnit.Seconds,
  /** Engagements that the pager found behind their streams, their context or the code. */
  HeadsBehind: MetricUnit.Count,
} as const;

export type MeasureName = keyof typeof units;

/** These say how much there is; all others how much more there was. */
const levels: ReadonlySet<MeasureName> = new Set(['ReceiptsWaiting', 'ReceiptsUntranslated', 'OldestBasis']);

/** Adds to a count, or notes a level (the highest stays); nothing is written yet. */
export type Measure = (name: MeasureName, value: number) => void;

export interface Measures {
  readonly add: Measure;
  /** Writes what was added since the last time, as one line; nothing where that is nothing. */
  readonly publish: () => void;
}

/** The measures of a function of a stack. Metrics are the stack's: which function it was stands in the line. */
export const createMeasures = (functionName: string, stack: string): Measures => {
  const metrics = new Metrics({ namespace: 'Throughline', serviceName: stack });
  const values = new Map<MeasureName, number>();
  return {
    add: (name, value) => {
      const before = values.get(name) ?? 0;
      if (value > 0) values.set(name, levels.has(name) ? Math.max(before, value) : before + value);
    },
    publish: () => {
      if (values.size === 0) return;
      for (const [name, value] of values) metrics.addMetric(name, units[name], value);
      values.clear();
      metrics.addMetadata('function', functionName).publishStoredMetrics();
    },
  };
};
