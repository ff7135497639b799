// How does a child process end with the process that started it, also when that one is killed? A shell waits beside it.
// The engine's start calls it; it touches nothing but processes.
import { type ChildProcess, spawn } from 'node:child_process';

/**
 * `$$` is the shell's pid, and the program's once it has taken the shell's place. The shell that waits begins before the
 * program does, so that there is no moment in which it could be missed. A line says that the program has ended by itself; the
 * end of the pipe without a line says that its owner is gone.
 */
const script = '(read -r _ <&3 || kill -9 $$) >/dev/null 2>&1 & exec "$@" 3<&-';

/**
 * Starts a program of which the standard error is read. The kernel closes the pipe that this process holds when this process
 * ends, however it ends: the program is killed then. The child's pid, signals and exit code are the program's own.
 */
export function spawnBound(program: string, args: readonly string[]): ChildProcess {
  const child = spawn('/bin/sh', ['-c', script, 'sh', program, ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    // In a group of its own: Ctrl-C is for this process, which needs the program until its own work has ended.
    detached: true,
  });
  const held = child.stdio[3];
  if (held !== null && held !== undefined && 'end' in held) {
    // Where somebody has killed the shell that waits, nobody reads.
    held.on('error', () => undefined);
    // The pid may soon be somebody else's.
    child.once('exit', () => held.end('\n'));
  }
  return child;
}
