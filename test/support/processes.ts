// How does a test run the product's own commands? As processes of their own, on a data directory of theirs, to be killed at will.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const flags = ['--disable-warning=ExperimentalWarning'];

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

export interface Processes {
  /** Runs a command to its end and answers its standard output; throws with its standard error where it fails. */
  run(command: string, ...args: readonly string[]): Promise<string>;
  /**
   * Starts the runtime, every call of its functions authorised, and resolves when it is ready; ending it fails where one was
   * denied.
   */
  startInstance(...args: readonly string[]): Promise<Instance>;
}

/** The commands of the tree in a folder. */
export const processesOf = (tree: string): Processes => {
  const scriptOf = (command: string): string => join(tree, 'infra', 'commands', `${command}.ts`);

  const run = async (command: string, ...args: readonly string[]): Promise<string> => {
    const called = [...flags, scriptOf(command), ...args];
    const { stdout } = await promisify(execFile)(process.execPath, called, { cwd: tree });
    return stdout;
  };

  const startInstance = async (...args: readonly string[]): Promise<Instance> => {
    const child = spawn(process.execPath, [...flags, scriptOf('startMain'), '--no-sample', '--authorise', ...args], {
      cwd: tree,
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

  return { run, startInstance };
};

/** The commands of this tree. */
export const { run, startInstance } = processesOf(join(import.meta.dirname, '..', '..'));
