// How is the process of the embedded engine started, restarted and ended? An engine that an earlier run left behind is ended too.
// engine.ts calls it; it starts and kills processes, and reads and writes the engine's files in the data directory.
import { type ChildProcess, execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isObject } from '../core/json.ts';
import { writePrivateFile } from '../core/privateFile.ts';
import { refuse } from '../core/refusal.ts';
import { spawnBound } from './boundProcess.ts';

export interface EngineProcess {
  readonly port: number;
  stop(): Promise<void>;
}

export interface EngineProcessOptions {
  /** The engine's database file. */
  readonly path: string;
  /** The file that holds pid and path of the running engine. */
  readonly note: string;
  readonly log: (line: string) => void;
}

const mend =
  'It comes as the optional dependency @dynoxide/linux-x64 (`npm ci` on Linux x64). Elsewhere put `dynoxide` on the PATH, ' +
  'or point DYNAMODB_ENDPOINT at a DynamoDB-compatible engine.';

/** The engine's binary: the npm package's, else the one on the PATH. */
export function engineBinary(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json');
    const packaged = join(manifest, '..', 'dynoxide');
    if (process.platform === 'linux' && process.arch === 'x64' && existsSync(packaged)) return packaged;
  } catch {
    // An optional dependency may be absent.
  }
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = folders.map((folder) => join(folder, 'dynoxide')).find((path) => existsSync(path));
  return found ?? refuse(`The embedded engine (dynoxide 1.2.1) is absent. ${mend}`);
}

/** The command line of a process; empty when there is none. */
function commandLine(pid: number): string {
  try {
    if (existsSync('/proc/self/cmdline')) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

/** Kills a process, even if it has already ended. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** What the note says; a note that was cut off by a full disk says nothing, and its engine ended with its runtime. */
function notedIn(note: string): unknown {
  try {
    return JSON.parse(readFileSync(note, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Ends the engine that still runs on this file, after a check that the noted process is that engine. An older version may have
 * left it behind, or a runtime that was killed just now.
 */
export async function endLeftBehind({ path, note }: Pick<EngineProcessOptions, 'path' | 'note'>): Promise<boolean> {
  if (!existsSync(note)) return false;
  const noted = notedIn(note);
  const pidOf = (name: string): number => (isObject(noted) && typeof noted[name] === 'number' ? noted[name] : 0);
  const runs = (id: number, program: string): boolean => {
    const line = id === 0 ? '' : commandLine(id);
    return line.includes(program) && line.includes(path);
  };
  // A keeper is ended first: it would start its engine again.
  const keeper = pidOf('by');
  if (runs(keeper, 'keeperMain.ts')) kill(keeper);
  while (runs(keeper, 'keeperMain.ts')) await delay(2);
  const pid = pidOf('pid');
  const isOurs = (): boolean => runs(pid, 'dynoxide');
  const left = isOurs();
  // Acknowledged writes survive a kill, and a new engine starts within milliseconds.
  if (left) kill(pid);
  while (isOurs()) await delay(2);
  rmSync(note, { force: true });
  return left;
}

/** A free port; another process may still take it before the engine does. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Starts the engine on a port and answers once it listens. */
function launch({ path, note, log }: EngineProcessOptions, port: number): Promise<ChildProcess> {
  const binary = engineBinary();
  const child = spawnBound(binary, ['--host', '127.0.0.1', '--port', String(port), '--db-path', path]);
  return new Promise((resolve, reject) => {
    let said = '';
    let listens = false;
    child.once('error', (error) => reject(new Error(`${binary} could not be started.`, { cause: error })));
    try {
      writePrivateFile(note, JSON.stringify({ pid: child.pid, path, by: process.pid }));
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
    const ended = () => reject(new Error(`The embedded engine ended before it listened: ${said.trim()}`));
    child.once('exit', ended);
    child.stderr?.setEncoding('utf8');
    child.stderr?.on('data', (text: string) => {
      said = `${said}${text}`.slice(-2_000);
      if (listens) return said.includes('Shutting down') ? undefined : log(`engine: ${text.trim()}`);
      // An answer on the port alone proves nothing: it may come from another server.
      listens = /listening on \S+\n/.test(said);
      if (!listens) return;
      child.off('exit', ended);
      resolve(child);
    });
  });
}

/** Starts it on a free port, and tries another port if a different process took the first. */
async function launchAnywhere(options: EngineProcessOptions): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { child: await launch(options, port), port };
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

/** Starts the engine, and restarts it on the same port each time it ends by itself. */
export async function startEngineProcess(options: EngineProcessOptions): Promise<EngineProcess> {
  const first = await launchAnywhere(options);
  const { port } = first;
  let { child } = first;
  let stopping = false;

  const revive = async (): Promise<void> => {
    if (stopping) return;
    options.log('engine: it ended by itself; starting it again');
    for (;;) {
      try {
        child = await launch(options, port);
        child.once('exit', revive);
        if (stopping) child.kill('SIGTERM');
        return;
      } catch (error) {
        options.log(`engine: ${error instanceof Error ? error.message : String(error)}`);
        if (stopping) return;
        await delay(50);
      }
    }
  };
  child.once('exit', revive);

  return {
    port,
    async stop() {
      stopping = true;
      if (child.exitCode === null && child.signalCode === null) {
        const gone = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        await gone;
      }
      rmSync(options.note, { force: true });
    },
  };
}
