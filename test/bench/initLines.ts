// What do starts of processes cost? Lambda bills them since August 2025: how many a million facts take is worked out from their pace.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AccessKeys } from '../../infra/local/core/accessKeys.ts';
import type { FunctionPlan } from '../../infra/local/core/plan.ts';
import { type Endpoints, functionEnvironment } from '../../infra/local/lambda/functionEnvironment.ts';
import type { CostLine } from './costLine.ts';
import type { Running } from './meter.ts';
import { dollarsOf } from './prices.ts';
import { medianOf } from './sideBySide.ts';

const script = join(import.meta.dirname, 'initTime.ts');
const loads = 3;
/** AWS ends a process after a few hours, however busy it is, and an idle one after some minutes; it names neither time. */
const assumed = { livesSeconds: 2 * 3600, idleSeconds: 6 * 60 };

/**
 * How many processes start for a fact: one for each call that comes after the one before has long gone, by Poisson, and those that
 * replace busy ones that grew too old.
 */
export const startsOf = ({ invocations, seconds }: Running, { facts, pace }: Pace): number => {
  const callsASecond = (invocations / facts) * pace;
  const afterIdle = (invocations / facts) * Math.exp(-callsASecond * assumed.idleSeconds);
  const busyAtOnce = Math.max(1, (seconds / facts) * pace);
  return afterIdle + busyAtOnce / assumed.livesSeconds / pace;
};

export interface Pace {
  /** How many facts were counted. */
  readonly facts: number;
  /** How many facts come in a second. */
  readonly pace: number;
}

/** Milliseconds of processor time until the function's bundle is loaded. */
const initOf = async (plan: FunctionPlan, around: { readonly endpoints: Endpoints; readonly keys: AccessKeys }) => {
  const times: number[] = [];
  for (let load = 0; load < loads; load += 1) {
    const env = { ...functionEnvironment(plan, around) };
    const { stdout } = await promisify(execFile)(process.execPath, [script, join(plan.folder, 'index.js')], { env });
    times.push(Number(stdout));
  }
  return medianOf(times);
};

/** Loads each function's bundle in fresh processes; answers the GB-seconds of one start, by function. */
export const initsOf = async (
  functions: readonly FunctionPlan[],
  around: { readonly endpoints: Endpoints; readonly keys: AccessKeys },
): Promise<ReadonlyMap<string, number>> => {
  const inits = new Map<string, number>();
  for (const plan of functions) {
    inits.set(plan.name, ((await initOf(plan, around)) / 1000) * (plan.memoryMegabytes / 1024));
  }
  return inits;
};

/** The line of all starts. */
export const initLine = (
  running: ReadonlyMap<string, Running>,
  inits: ReadonlyMap<string, number>,
  pace: Pace,
): CostLine => {
  const starts = [...running].map(([name, of]) => ({ name, count: startsOf(of, pace) }));
  const amount = starts.reduce((sum, { name, count }) => sum + count * (inits.get(name) ?? 0), 0);
  const thousands = starts.reduce((sum, { count }) => sum + count, 0) * 1000;
  return {
    name: `starts of processes: ${thousands.toFixed(2)} for a thousand facts at ${pace.pace} facts/s`,
    dollars: dollarsOf('gigabyteSeconds', amount),
  };
};
