// Is the engine out of reach of every other user of this machine, and does it live and die as before?
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { dataFiles } from '../../../../infra/local/core/dataDirectory.ts';
import type { Engine } from '../../../../infra/local/storage/engine.ts';
import { startEngine } from '../../../../infra/local/storage/engine.ts';
import { startWalledEngine } from '../../../../infra/local/storage/walledEngine.ts';
import { isRoot, nobody, seenByAnother } from '../../../support/hostile/anotherUser.ts';

// Real processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

/** Whether this system gives an ordinary user a network namespace; the tests of the wall need one. */
const allowed = ((): boolean => {
  try {
    execFileSync('unshare', ['--user', '--map-root-user', '--net', '--', '/bin/sh', '-c', 'ip link set lo up'], {
      stdio: 'ignore',
      env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
    });
    return true;
  } catch {
    return false;
  }
})();

let dataDir = '';
let engine: Engine | undefined;
const lines: string[] = [];
const log = (line: string): void => void lines.push(line);
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'walled-engine-'));
  lines.length = 0;
});
afterEach(async () => {
  await engine?.stop();
  engine = undefined;
  rmSync(dataDir, { recursive: true, force: true });
});

const enginePid = (): number => JSON.parse(readFileSync(dataFiles.engineNote(dataDir), 'utf8')).pid;
const commandLine = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
};
/** The processes that serve this data directory: the engine, what waits beside it, and the keeper. */
const processes = (): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && commandLine(pid).includes(dataDir));
const keeperPid = (): number => processes().find((pid) => commandLine(pid).includes('keeperMain.ts')) ?? 0;

const looks = 20_000;
const until = async (holds: () => boolean): Promise<void> => {
  for (let look = 0; look < looks && !holds(); look += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(holds()).toBe(true);
};
const answers = async (): Promise<unknown> => {
  for (;;) {
    try {
      return await engine?.call('ListTables', {});
    } catch {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
};

const table = (name: string) => ({
  TableName: name,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
});

describe.skipIf(!allowed)('where the system allows a network namespace (else skipped: this one does not)', () => {
  beforeEach(async () => {
    engine = await startWalledEngine({ dataDir, log });
    await engine.call('CreateTable', table('secret-table'));
  });

  test('no port of this machine leads to it, for this user or another; the runtime reaches it', async () => {
    expect(lines).toEqual([]);
    expect(readlinkSync(`/proc/${enginePid()}/ns/net`)).not.toBe(readlinkSync('/proc/self/ns/net'));
    expect(await engine?.call('ListTables', {})).toEqual({ TableNames: ['secret-table'] });
    const { said } = seenByAnother();
    expect(said.filter((answer) => answer.includes('secret-table'))).toEqual([]);
  });

  test.skipIf(!isRoot)('another user can neither enter its namespace nor read its files (as root only)', () => {
    const tryAs = (...words: readonly string[]): string => {
      try {
        const as = ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups', '--', ...words];
        return execFileSync('setpriv', as, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' });
      } catch {
        return 'denied';
      }
    };
    expect(tryAs('id', '-u')).toBe(`${nobody}\n`);
    expect(tryAs('nsenter', '--target', String(enginePid()), '--user', '--net', 'id')).toBe('denied');
    expect(tryAs('nsenter', '--target', String(enginePid()), '--net', 'id')).toBe('denied');
    expect(tryAs('cat', dataFiles.tables(dataDir))).toBe('denied');
    expect(tryAs('cat', `/proc/${enginePid()}/environ`)).toBe('denied');
  });

  test.skipIf(!isRoot)('an ordinary user gets the wall, too (as root only: the others are one)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'walled-engine-'));
    chownSync(folder, nobody, nobody);
    const module = new URL('../../../../infra/local/storage/walledEngine.ts', import.meta.url).href;
    const script = `const { startWalledEngine } = await import(${JSON.stringify(module)});
      const lines = [];
      const engine = await startWalledEngine({ dataDir: ${JSON.stringify(folder)}, log: (line) => lines.push(line) });
      const answer = await engine.call('ListTables', {});
      await engine.stop();
      console.log(JSON.stringify({ user: process.getuid(), lines, answer }));`;
    const as = ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups', '--', process.execPath];
    const said = execFileSync('setpriv', [...as, '--input-type=module', '-e', script], {
      encoding: 'utf8',
      cwd: '/',
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(JSON.parse(said)).toEqual({ user: nobody, lines: [], answer: { TableNames: [] } });
    rmSync(folder, { recursive: true });
  });

  test('its processes know nothing of the environment of who started it, and their arguments hold no secret', () => {
    for (const pid of [enginePid(), keeperPid()]) {
      const names = readFileSync(`/proc/${pid}/environ`, 'utf8')
        .split('\0')
        .map((line) => line.split('=')[0]);
      expect(
        names.filter(
          (name) =>
            ![
              'PATH',
              'TMPDIR',
              'PWD',
              'SHLVL',
              '_',
              'OLDPWD',
              '',
              'NODE_CHANNEL_FD',
              'NODE_CHANNEL_SERIALIZATION_MODE',
              // Ours, not the starter's: where its compiled code is kept.
              'NODE_COMPILE_CACHE',
            ].includes(name ?? ''),
        ),
      ).toEqual([]);
    }
  });

  test('what it writes is its owner’s alone', async () => {
    await engine?.call('PutItem', { TableName: 'secret-table', Item: { id: { S: 'a' } } });
    const modes = readdirSync(dataDir).map((name) => [name, (statSync(join(dataDir, name)).mode & 0o777).toString(8)]);
    expect(modes.filter(([, mode]) => mode !== '600')).toEqual([]);
    expect(modes.map(([name]) => name)).toEqual(expect.arrayContaining(['tables.sqlite', 'tables.sqlite-wal']));
  });

  test.each([
    ['the engine', enginePid],
    ['its keeper', keeperPid],
  ])('it comes back when %s is killed, with every acknowledged write, and never twice', async (_, pidOf) => {
    await engine?.call('PutItem', { TableName: 'secret-table', Item: { id: { S: 'before' } } });
    const [killed, first] = [pidOf(), enginePid()];
    process.kill(killed, 'SIGKILL');
    await until(() => lines.some((line) => line.includes('starting')));
    await answers();
    expect(enginePid()).not.toBe(first);
    await until(() => commandLine(first) === '');
    const { Items } = (await engine?.call('Scan', { TableName: 'secret-table' })) ?? {};
    expect(Items).toEqual([{ id: { S: 'before' } }]);
    expect(processes().filter((pid) => readlinkSync(`/proc/${pid}/exe`).endsWith('dynoxide'))).toEqual([enginePid()]);
  });

  test('a call that comes while it is started again waits for it', async () => {
    process.kill(enginePid(), 'SIGKILL');
    await until(() => lines.some((line) => line.includes('starting')));
    expect(await engine?.call('ListTables', {})).toEqual({ TableNames: ['secret-table'] });
  });

  test('it ends with the process that started it, even where that is killed as it gets its connections', async () => {
    await engine?.stop();
    engine = undefined;
    const module = new URL('../../../../infra/local/storage/walledEngine.ts', import.meta.url).href;
    const script = `const { startWalledEngine } = await import(${JSON.stringify(module)});
      const engine = await startWalledEngine({ dataDir: ${JSON.stringify(dataDir)}, log: () => undefined });
      for (let call = 0; call < 16; call += 1) engine.call('ListTables', {}).then(() => process.kill(process.pid, 'SIGKILL'));`;
    for (let round = 0; round < 5; round += 1) {
      const killed = spawnSync(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
      expect(killed.signal).toBe('SIGKILL');
      await until(() => processes().length === 0);
    }
  });

  test('many calls at once share its connections, and a stop leaves no process behind', async () => {
    const puts = Array.from({ length: 300 }, (_, index) =>
      engine?.call('PutItem', { TableName: 'secret-table', Item: { id: { S: String(index) } } }),
    );
    await Promise.all(puts);
    await engine?.stop();
    engine = undefined;
    await until(() => processes().length === 0);
    expect(existsSync(dataFiles.engineNote(dataDir))).toBe(false);
  });
});

describe('where the system allows none', () => {
  test.each([
    ['the way is refused', ['false']],
    ['there is no such program', ['no-such-unshare']],
    ['it leads nowhere', ['env', '--']],
  ])('the start says in plain words who reaches it, and goes on: %s', async (_, way) => {
    engine = await startWalledEngine({ dataDir, log, ways: [way] });
    await engine.call('CreateTable', table('open-table'));
    // So the test of the wall would see an engine without one.
    expect(seenByAnother().said.filter((answer) => answer.includes('open-table'))).toHaveLength(1);
    expect(lines).toEqual([
      expect.stringMatching(
        /every user of this machine can read and change all tables at 127\.0\.0\.1:\d+\. On a machine that you share/,
      ),
    ]);
  });

  test('a failure of the engine itself is no reason to leave the wall away', async () => {
    const folder = join(dataDir, 'absent', 'tables');
    await expect(startWalledEngine({ dataDir: folder, log })).rejects.toThrow();
    expect(lines).toEqual([]);
  });
});

test('with another engine’s endpoint none is started', async () => {
  const other = await startEngine({ dataDir, log });
  const folder = mkdtempSync(join(tmpdir(), 'walled-engine-'));
  engine = await startWalledEngine({ dataDir: folder, endpoint: other.endpoint, log });
  expect(await engine.call('ListTables', {})).toEqual({ TableNames: [] });
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
  await other.stop();
});
