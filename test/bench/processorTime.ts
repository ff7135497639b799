// How long did each thread and each process that descends from this one run on a processor? From /proc.
import { readdirSync, readFileSync } from 'node:fs';
import { descendantsOf } from './processTree.ts';

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
};

const tasksOf = (pid: number): readonly string[] => {
  try {
    return readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}`);
  } catch {
    return [];
  }
};

/** What V8 and libuv run beside the threads that have our code. */
const helpers = new Set(['V8Worker', 'DelayedTaskSche', 'SignalInspector', 'libuv-worker', 'node']);

const millisecondsOf = (task: string): number => Number(read(`${task}/schedstat`).split(' ')[0] ?? 0) / 1e6;

const add = (times: Map<string, number>, who: string, milliseconds: number): void => {
  times.set(who, (times.get(who) ?? 0) + milliseconds);
};

/** Milliseconds until now by thread of this process, and by child process. */
export const processorTimes = (): ReadonlyMap<string, number> => {
  const times = new Map<string, number>();
  for (const task of tasksOf(process.pid)) {
    const name = read(`${task}/comm`).trim();
    add(times, helpers.has(name) ? "V8's helpers" : name, millisecondsOf(task));
  }
  for (const pid of descendantsOf(process.pid)) {
    if (pid === process.pid) continue;
    const name = `process ${read(`/proc/${pid}/comm`).trim()}`;
    for (const task of tasksOf(pid)) add(times, name, millisecondsOf(task));
  }
  return times;
};

/** What was added since an earlier look, the most first. */
export const spentSince = (earlier: ReadonlyMap<string, number>): ReadonlyMap<string, number> => {
  const spent = [...processorTimes()].map(([who, until]) => [who, until - (earlier.get(who) ?? 0)] as const);
  return new Map(spent.filter(([, time]) => time > 0).sort(([, a], [, b]) => b - a));
};
