// Which benches are there? One file each, measured in this order.
import { append } from './append.ts';
import { backlog } from './backlog.ts';
import { budget } from './budget.ts';
import { bundles } from './bundles.ts';
import { cost } from './cost.ts';
import { firstRun } from './firstLook.ts';
import { groups } from './groups.ts';
import { imported } from './imported.ts';
import { judgingLives } from './judging.ts';
import { latency } from './latency.ts';
import { loadAndFold } from './loadAndFold.ts';
import { longStreams } from './longStreams.ts';
import { memory } from './memory.ts';
import { overload } from './overload.ts';
import { pipeline } from './pipeline.ts';
import { queries } from './queries.ts';
import type { Bench } from './sideBySide.ts';
import { start } from './start.ts';
import { throughput } from './throughput.ts';
import { webhook } from './webhook.ts';

export const benches: Readonly<Record<string, Bench>> = {
  append,
  loadAndFold,
  longStreams,
  judging: judgingLives,
  groups,
  pipeline,
  latency,
  budget,
  queries,
  webhook,
  overload,
  start,
  memory,
  throughput,
  imported,
  backlog,
  bundles,
  cost,
  firstRun,
};

/** The benches that `--facts` shortens. */
export const withFacts: readonly string[] = ['queries', 'memory', 'throughput', 'imported', 'backlog', 'cost'];

/** The benches that run only by their name: they take too long. */
export const onlyNamed: readonly string[] = ['backlog'];
