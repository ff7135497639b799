// How does a bench run the product as a person does? By `npm start`, in processes of its own, timed to its ready line and stopped by its own word.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sendCommand } from '../../infra/commands/commandServer.ts';
import { connectionRequest } from '../../infra/local/connectionRequest.ts';
import { properties } from '../../infra/local/core/json.ts';

const root = join(import.meta.dirname, '..', '..');

export interface StartedProduct {
  /** Seconds from the command to its ready line. */
  readonly seconds: number;
  /** The process of the command itself; all others descend from it. */
  readonly pid: number;
  /** Connects a CRM that speaks CloudEvents; answers its webhook and secret. */
  connect(): Promise<{ readonly url: string; readonly secret: string }>;
  /** Resolves when everything is worked off. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
};

/** Starts the product on a data directory by a command, and resolves when it is ready. */
export const startProduct = async (dataDir: string): Promise<StartedProduct> => {
  const began = performance.now();
  const child = spawn('npm', ['start', '--', '--no-sample', '--port', '0', '--data', dataDir], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const told: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => void told.push(chunk.toString()));
  const seconds = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      told.push(`${line}\n`);
      if (/is ready at \S+/.test(line)) resolve((performance.now() - began) / 1000);
    });
    child.once('exit', () => reject(new Error(`npm start ended before it was ready:\n${told.join('')}`)));
  });
  const send = async (command: string, input: unknown) =>
    properties((await sendCommand(dataDir, command, input))?.answer, 'the answer');
  return {
    seconds,
    pid: child.pid ?? 0,
    connect: async () => {
      const input = { source: 'cloudevents', tenant: 'bench', mapping: {}, allow: 'EngagementOpened,DealClosed' };
      connectionRequest(properties(input, 'connect'));
      const connected = await send('connect', input);
      return { url: connected.text('url'), secret: connected.text('secret') };
    },
    drained: async () => {
      // A request waits five minutes for its answer: what takes longer is asked for again.
      while ((await sendCommand(dataDir, 'drained', {})) === undefined) {
        if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}:\n${told.join('')}`);
      }
    },
    stop: async () => {
      await send('shutdown', {});
      await ended(child);
    },
  };
};
