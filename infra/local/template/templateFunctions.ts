// Which functions does a template have, and which queues and streams start them?
import { join } from 'node:path';
import type { Properties } from '../core/json.ts';
import type { FunctionPlan, QueueMappingPlan, StreamMappingPlan } from '../core/plan.ts';
import { refuse } from '../core/refusal.ts';
import { queueOfArn } from './templateTables.ts';

/** A function whose code is an asset beside the template. */
export function readFunction(
  name: string,
  from: Properties,
  options: { readonly assembly: string; readonly assetPath: string | undefined },
): FunctionPlan {
  if (from.text('PackageType', 'Zip') !== 'Zip') refuse(`${from.where}: PackageType Image is not run locally.`);
  const runtime = from.text('Runtime', 'nodejs24.x');
  if (!runtime.startsWith('nodejs')) refuse(`${from.where}: Runtime ${runtime} is not run locally, only Node's.`);
  const key = from.object('Code').text('S3Key', '');
  if (key === '') refuse(`${from.where}: Code has to be an asset (S3Key); nothing else is run locally.`);
  const environment = from
    .object('Environment')
    .object('Variables')
    .entries()
    .map(([variable, value]) => [variable, String(value)] as const);
  return {
    name,
    folder: join(options.assembly, options.assetPath ?? `asset.${key.replace(/^.*\//, '').replace(/\.zip$/, '')}`),
    handler: from.text('Handler'),
    timeoutSeconds: from.number('Timeout', 3),
    memoryMegabytes: from.number('MemorySize', 128),
    environment: Object.fromEntries(environment),
  };
}

export type MappingPlan =
  | { readonly kind: 'queue'; readonly mapping: QueueMappingPlan }
  | { readonly kind: 'stream'; readonly mapping: StreamMappingPlan };

const queueOnly = ['ScalingConfig'];
const streamOnly = [
  'BisectBatchOnFunctionError',
  'DestinationConfig',
  'FilterCriteria',
  'MaximumBatchingWindowInSeconds',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
  'StartingPosition',
];

const refuseAny = (from: Properties, names: readonly string[], why: string): void => {
  for (const name of names) if (from.has(name)) refuse(`${from.where}: ${name} ${why}; it is not run locally.`);
};

/** Lambda's -1 stands for no limit. */
const limit = (from: Properties, name: string): number | undefined =>
  from.has(name) && from.number(name) >= 0 ? from.number(name) : undefined;

const filtersOf = (from: Properties): readonly unknown[] =>
  from
    .object('FilterCriteria')
    .objects('Filters')
    .map((filter) => JSON.parse(filter.text('Pattern')));

function readStreamMapping(
  from: Properties,
  common: { readonly function: string; readonly table: string },
): MappingPlan {
  refuseAny(from, queueOnly, 'belongs to queues');
  const startsAt = from.text('StartingPosition');
  if (startsAt !== 'TRIM_HORIZON') {
    refuse(`${from.where}: StartingPosition ${startsAt} is not run locally, only TRIM_HORIZON, which misses nothing.`);
  }
  const maximumRetries = limit(from, 'MaximumRetryAttempts');
  const maximumAgeSeconds = limit(from, 'MaximumRecordAgeInSeconds');
  const destination = from.object('DestinationConfig').object('OnFailure').text('Destination', '');
  return {
    kind: 'stream',
    mapping: {
      ...common,
      batchSize: from.number('BatchSize', 100),
      reportsItemFailures: from.texts('FunctionResponseTypes').includes('ReportBatchItemFailures'),
      bisects: from.flag('BisectBatchOnFunctionError'),
      filters: filtersOf(from),
      ...(from.has('MaximumBatchingWindowInSeconds')
        ? { windowSeconds: from.number('MaximumBatchingWindowInSeconds') }
        : {}),
      ...(maximumRetries === undefined ? {} : { maximumRetries }),
      ...(maximumAgeSeconds === undefined ? {} : { maximumAgeSeconds }),
      ...(destination === '' ? {} : { onFailureQueue: queueOfArn(destination, from.where) }),
    },
  };
}

/** A mapping that delivers a queue's messages, or a table's changes, to a function; undefined when it is disabled. */
export function readMapping(from: Properties): MappingPlan | undefined {
  if (from.has('Enabled') && !from.flag('Enabled')) return undefined;
  const name = from.text('FunctionName').replace(/^arn:.*:function:/, '');
  const source = from.text('EventSourceArn');
  const table = /:table\/([^/]+)\/stream\//.exec(source)?.[1];
  if (table !== undefined) return readStreamMapping(from, { function: name, table });
  // Lambda deletes messages that don't pass a filter; no message should be lost silently here.
  refuseAny(from, streamOnly, 'on a queue');
  const concurrency = from.object('ScalingConfig');
  return {
    kind: 'queue',
    mapping: {
      function: name,
      queue: queueOfArn(source, from.where),
      batchSize: from.number('BatchSize', 10),
      reportsItemFailures: from.texts('FunctionResponseTypes').includes('ReportBatchItemFailures'),
      ...(concurrency.has('MaximumConcurrency')
        ? { maximumConcurrency: concurrency.number('MaximumConcurrency') }
        : {}),
    },
  };
}
