// How does a child process end when its parent is killed? A shell waits beside the child, and kills it when the parent's pipe closes.
// The starts of the engine and of its keeper call it; it only starts and ends processes.
import { type ChildProcess, spawn } from 'node:child_process';

/**
 * `$$` is the shell's pid; after `exec` it is the program's pid. The waiting shell starts before the program, so it
 * can't miss the program's end. A line in the pipe says that the program has ended by itself. The
 * end of the pipe without a line says that the parent has ended. What the program writes is its owner's alone.
 */
const script = 'umask 077; (read -r _ <&3 || kill -9 $$) >/dev/null 2>&1 4<&- & exec "$@" 3<&-';

/** The search path, where temporary files go, and nothing else: a person's tokens are in the environment, and no program needs them. */
export const bareEnvironment = (): Readonly<Record<string, string>> => {
  const { PATH = '/usr/bin:/bin', TMPDIR } = process.env;
  return { PATH, ...(TMPDIR !== undefined && { TMPDIR }) };
};

export interface BoundOptions {
  /** Whether the program is one of Node's that exchanges messages with this process. */
  readonly messages?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Starts a program and reads its standard error. When this process ends for any reason, the kernel closes its pipe, and the
 * program is killed. The child's pid, signals and exit code are those of the program.
 */
export function spawnBound(
  program: string,
  args: readonly string[],
  { messages = false, environment = bareEnvironment() }: BoundOptions = {},
): ChildProcess {
  const child = spawn('/bin/sh', ['-c', script, 'sh', program, ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', ...(messages ? ['ipc' as const] : [])],
    // In its own process group, because Ctrl-C must not reach it: this process needs the program until its own work has ended.
    detached: true,
    env: environment,
  });
  const held = child.stdio[3];
  if (held !== null && held !== undefined && 'end' in held) {
    // If the waiting shell was killed, no process reads this pipe.
    held.on('error', () => undefined);
    // Another process may soon have this pid.
    child.once('exit', () => held.end('\n'));
  }
  return child;
}
