// How does a test run the product's own commands? As processes of their own, on a data directory of theirs, to be killed at will.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..', '..');
const flags = ['--disable-warning=ExperimentalWarning'];

const scriptOf = (command: string): string => join(root, 'infra', 'commands', `${command}.ts`);

/** Runs a command to its end and answers its standard output; throws with its standard error where it fails. */
export const run = async (command: string, ...args: readonly string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, scriptOf(command), ...args], { cwd: root });
  return stdout;
};

export interface Instance {
  readonly url: string;
  /** Ends the process as a power cut would; its engine ends with it. */
  kill(): Promise<void>;
  /** Ctrl-C. */
  stop(): Promise<void>;
}

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
};

/** Starts the runtime, every call of its functions authorised, and resolves when it is ready; ending it fails where one was denied. */
export const startInstance = async (...args: readonly string[]): Promise<Instance> => {
  const child = spawn(process.execPath, [...flags, scriptOf('startMain'), '--no-sample', '--authorise', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const told: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => told.push(chunk.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      told.push(line);
      const ready = /is ready at (\S+)/.exec(line)?.[1];
      if (ready !== undefined) resolve(ready);
    });
    child.once('exit', () => reject(new Error(`the runtime ended before it was ready:\n${told.join('\n')}`)));
  });
  const end = async (signal: 'SIGKILL' | 'SIGINT'): Promise<void> => {
    child.kill(signal);
    await ended(child);
    const denied = told.filter((line) => line.includes('is not authorized to perform'));
    if (denied.length > 0) throw new Error(denied.join('\n'));
  };
  return { url, kill: () => end('SIGKILL'), stop: () => end('SIGINT') };
};
