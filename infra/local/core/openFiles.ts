// How many files and connections may this process have open? Too few are refused at the start, by name; connections get what the rest leaves.
// The runtime calls it; it reads the limits that Linux shows of this process.
import { readFileSync } from 'node:fs';
import { refuse } from './refusal.ts';

/** The limit of a process, as /proc shows it; Infinity where the system shows none. */
export function openFilesLimit(limits: () => string = () => readFileSync('/proc/self/limits', 'utf8')): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(limits()) ?? [];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** What the runtime itself opens at most: databases and pipes, and for every worker of a function its thread's own and its connections. */
const ownFiles = 400;
/** With fewer connections a browser and a few senders would shut each other out. */
const fewest = 50;

/** How many connections a listener may hold within a limit; refuses a limit that is too low to work. */
export function connectionsWithin(limit: number, most: number): number {
  const left = Math.floor((limit - ownFiles) / 2);
  if (left >= fewest) return Math.min(most, left);
  const least = ownFiles + 2 * fewest;
  return refuse(
    `This process may open ${limit} files and connections, and Throughline needs ${least}. Raise the limit (\`ulimit -n 4096\`) and start again.`,
  );
}
