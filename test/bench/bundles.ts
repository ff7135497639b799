// How large is each function's bundle, and how long does it take to load? Against a handler of middy, zod and the SDK's clients alone.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { bundleOptions } from '../../infra/build/bundle.ts';
import { accessKeysOf } from '../../infra/local/core/accessKeys.ts';
import { functionEnvironment } from '../../infra/local/lambda/functionEnvironment.ts';
import { synthesize } from '../../infra/local/template/synthesize.ts';
import { readTemplate } from '../../infra/local/template/template.ts';
import { type Bench, type Figure, medianOf } from './sideBySide.ts';

const loads = 20;
const root = join(import.meta.dirname, '..', '..');
const script = join(import.meta.dirname, 'freshInit.ts');

/** What a handler needs that does nothing: the libraries that all of ours share. */
const bare = `
  import middy from '@middy/core';
  import { DynamoDBClient, PutItemCommand, QueryCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
  import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
  import * as z from 'zod';
  const [db, bus, Event] = [new DynamoDBClient({}), new EventBridgeClient({}), z.object({ id: z.string() })];
  const commands = [PutItemCommand, QueryCommand, TransactWriteItemsCommand, PutEventsCommand];
  export const handler = middy().handler(async (event) => [Event.parse(event), db, bus, commands]);`;

interface Bundle {
  readonly name: string;
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly kilobytes: number;
}

const bundleAt = (name: string, path: string, environment: Bundle['environment'] = {}): Bundle => ({
  ...{ name, path, environment },
  kilobytes: statSync(path).size / 1000,
});

const millisecondsOf = async ({ path, environment }: Bundle): Promise<number> => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, path], { env: { ...environment } });
  return Number(stdout);
};

/** The median of twenty loads of each, each in a process of its own, in turns. */
const loadTimes = async (all: readonly Bundle[]): Promise<ReadonlyMap<string, number>> => {
  const times = new Map<string, number[]>(all.map(({ name }) => [name, []]));
  for (let load = 0; load < loads; load += 1) {
    for (const bundle of all) times.get(bundle.name)?.push(await millisecondsOf(bundle));
  }
  return new Map([...times].map(([name, milliseconds]) => [name, medianOf(milliseconds)]));
};

export const bundles: Bench = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-bundles-'));
  try {
    const nowhere = 'http://127.0.0.1:9';
    const { text, stack, folder: assembly } = await synthesize();
    const addresses = { queues: nowhere, api: nowhere };
    const { functions } = readTemplate({ template: JSON.parse(text), stack, assembly, addresses });
    const endpoints = { dynamodb: nowhere, eventbridge: nowhere, sqs: nowhere, ssm: nowhere };
    const keys = accessKeysOf(Buffer.alloc(32));
    const ours = functions.map((plan) =>
      bundleAt(plan.name, join(plan.folder, 'index.js'), functionEnvironment(plan, { endpoints, keys })),
    );
    const outfile = join(folder, 'bare', 'index.js');
    const stdin = { contents: bare, resolveDir: root };
    await build({ ...bundleOptions, stdin, outfile, metafile: false, logLevel: 'error' });
    const floor = bundleAt('bare', outfile, { AWS_REGION: 'us-east-1' });

    const times = await loadTimes([floor, ...ours]);
    const least = times.get('bare') ?? Number.NaN;
    const bySize = ours.toSorted((a, b) => b.kilobytes - a.kilobytes);
    for (const { name, kilobytes } of bySize) {
      process.stderr.write(`  ${name}: ${kilobytes.toFixed(0)} KB, ${times.get(name)?.toFixed(1)} ms\n`);
    }
    const largest: Figure = {
      name: `largest bundle (${bySize[0]?.name}) / bare middy + zod + SDK`,
      unit: 'KB',
      figure: bySize[0]?.kilobytes ?? Number.NaN,
      floor: floor.kilobytes,
      goal: { is: 'atMost', value: 600 },
    };
    const [slowest] = ours.toSorted((a, b) => (times.get(b.name) ?? 0) - (times.get(a.name) ?? 0));
    const figure = times.get(slowest?.name ?? '') ?? Number.NaN;
    const name = `slowest to load in a fresh process (${slowest?.name}) / bare bundle`;
    return [largest, { name, unit: 'ms', figure, floor: least, ratio: figure / least }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
