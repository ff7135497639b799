// Which metrics does a function report that AWS does not report itself?
// Entry files create it and handlers add to it; it writes to the log.
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Every metric, with its unit. Alarms and the dashboard use these names. */
const units = {
  /** Appends that met another writer, after which the facts were decided again. */
  Conflicts: MetricUnit.Count,
  /** Facts of systems that a stage refused, counted at each delivery. */
  Refusals: MetricUnit.Count,
  /** Facts of people that were refused, in the answer to their request. */
  PeopleRefused: MetricUnit.Count,
  /** Receipts that ended as refused, because the message does not match its source's schema. */
  ReceiptsRefused: MetricUnit.Count,
  /** Receipts that ended because they had waited too long. */
  ReceiptsExpired: MetricUnit.Count,
  /** Keys of ended receipts that the catalog does not know; they were left out of the facts. */
  UnknownKeys: MetricUnit.Count,
  /** Free texts in the messages of ended receipts; they were left out of the facts. */
  FreeTexts: MetricUnit.Count,
  /** Receipts that began to wait, or that wait for a new reason. */
  ReceiptsSetAside: MetricUnit.Count,
  /** Waiting receipts that are older than five minutes, as sweep counts them. */
  ReceiptsWaiting: MetricUnit.Count,
  /** Receipts older than five minutes that are not translated yet. */
  ReceiptsUntranslated: MetricUnit.Count,
  /** How late the most overdue head is: the time since its due instant. */
  OldestBasis: MetricUnit.Seconds,
  /** Connections that are silent for longer than their rhythm. */
  SourcesQuiet: MetricUnit.Count,
  /** Heads that a rebuild found behind their streams, their context or the code. */
  HeadsBehind: MetricUnit.Count,
} as const;

export type MeasureName = keyof typeof units;

/** Metrics that report a current level; all others count what was added. */
const levels: ReadonlySet<MeasureName> = new Set([
  'ReceiptsWaiting',
  'ReceiptsUntranslated',
  'OldestBasis',
  'SourcesQuiet',
]);

/** Adds to a count, or notes a level (the highest one is reported); it writes nothing yet. */
export type Measure = (name: MeasureName, value: number) => void;

export interface Measures {
  readonly add: Measure;
  /** Writes what was added since the last call, as one line of CloudWatch's embedded metric format; nothing where that is nothing. */
  readonly publish: () => void;
}

/** The metrics of one function. CloudWatch sums them per stack; the log line names the function. */
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
