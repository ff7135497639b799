// How much memory do a process and all that descend from it hold? From /proc, each shared page counted once.
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessMemory {
  readonly pid: number;
  readonly command: string;
  /** Resident, in MB of a million bytes. */
  readonly rss: number;
  /** Resident, a page that n processes share counted as an nth in each. */
  readonly pss: number;
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
};

const parentOf = (pid: number): number => Number(/\) \S (\d+)/.exec(read(`/proc/${pid}/stat`))?.[1] ?? 0);

const megabytes = (rollup: string, field: string): number =>
  (Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0) * 1024) / 1e6;

const memoryOf = (pid: number): ProcessMemory => {
  const rollup = read(`/proc/${pid}/smaps_rollup`);
  const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
  return { pid, command, rss: megabytes(rollup, 'Rss'), pss: megabytes(rollup, 'Pss') };
};

/** A process and every one that descends from it, the root first. */
export const descendantsOf = (root: number): readonly number[] => {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  const children = Map.groupBy(pids, parentOf);
  const all = [root];
  for (const pid of all) all.push(...(children.get(pid) ?? []));
  return all;
};

/** The memory of a process and of every one that descends from it, the root first. */
export const memoryOfTree = (root: number): readonly ProcessMemory[] => descendantsOf(root).map(memoryOf);
