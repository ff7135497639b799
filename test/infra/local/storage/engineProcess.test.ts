// Does the engine end with the process that started it, however that one ends, and does nothing else stay?
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { dataFiles } from '../../../../infra/local/core/dataDirectory.ts';
import { startEngine } from '../../../../infra/local/storage/engine.ts';
import { engineBinary } from '../../../../infra/local/storage/engineProcess.ts';

// Real processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let dataDir = '';
const endings: (() => void)[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'engine-process-'));
});
afterEach(() => {
  for (const end of endings.splice(0)) end();
  for (const pid of processesOnIt()) process.kill(pid, 'SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

const database = (): string => join(dataDir, 'tables.sqlite');

/** The pids of all processes whose command line names our database; a process that has ended names nothing. */
const processesOnIt = (): readonly number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return line.includes('dynoxide') && line.includes(database());
      } catch {
        return false;
      }
    });

const looks = 5_000;

/** Resolves when no such process is left: looks at each turn of the event loop, so many times. */
const allEnded = async (): Promise<void> => {
  for (let look = 0; look < looks && processesOnIt().length > 0; look += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(processesOnIt()).toEqual([]);
};

const room = new URL('../../../../infra/local/', import.meta.url);

/** Runs a script in a process of its own that can be killed; resolves with its first line. */
const elsewhere = async (script: string): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Where the system writes a core of what aborts.
    cwd: dataDir,
  });
  endings.push(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  const ended = once(child, 'exit').then(() =>
    Promise.reject(new Error(`the process ended before it was ready: ${said}`)),
  );
  await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended]);
  return child;
};

describe.skipIf(!existsSync('/proc/self'))('the engine of a process that', () => {
  test.each([
    ['is killed', (child: ChildProcess) => void child.kill('SIGKILL')],
    ['aborts', (child: ChildProcess) => void child.stdin?.end('abort\n')],
    ['exits without a stop', (child: ChildProcess) => void child.stdin?.end('exit\n')],
  ])('%s ends with it', async (_, end) => {
    const child = await elsewhere(`
      const { startEngine } = await import(${JSON.stringify(new URL('storage/engine.ts', room).href)});
      await startEngine({ dataDir: ${JSON.stringify(dataDir)}, log: console.error });
      process.stdin.on('data', (word) => (String(word).trim() === 'abort' ? process.abort() : process.exit(3)));
      console.log('started');`);
    const ended = once(child, 'exit');
    const { pid } = JSON.parse(readFileSync(dataFiles.engineNote(dataDir), 'utf8'));
    expect(processesOnIt()).toContain(pid);
    end(child);
    await ended;
    await allEnded();
  });

  test('a stop leaves nothing behind, even after a restart', async () => {
    const again = Promise.withResolvers<void>();
    const engine = await startEngine({
      dataDir,
      log: (line) => void (line.includes('starting it again') && again.resolve()),
    });
    const first = JSON.parse(readFileSync(dataFiles.engineNote(dataDir), 'utf8'));
    process.kill(first.pid, 'SIGKILL');
    await again.promise;
    const answers = async (): Promise<void> => {
      try {
        await engine.call('ListTables', {});
      } catch {
        await new Promise((resolve) => setImmediate(resolve));
        await answers();
      }
    };
    await answers();
    const second = JSON.parse(readFileSync(dataFiles.engineNote(dataDir), 'utf8'));
    expect(second.pid).not.toBe(first.pid);
    expect(processesOnIt()).toContain(second.pid);
    await engine.stop();
    await allEnded();
  });
});

test('the next start ends an engine that an older version left behind', async () => {
  const left = spawn(engineBinary(), ['--host', '127.0.0.1', '--port', '0', '--db-path', database()], {
    stdio: 'ignore',
  });
  endings.push(() => void left.kill('SIGKILL'));
  const ended = once(left, 'exit');
  writeFileSync(dataFiles.engineNote(dataDir), JSON.stringify({ pid: left.pid, path: database() }));
  const lines: string[] = [];
  const engine = await startEngine({ dataDir, log: (line) => void lines.push(line) });
  const [, signal] = await ended;
  expect([signal, lines]).toEqual(['SIGKILL', ['engine: ended an engine that an earlier run left behind']]);
  await engine.stop();
});
