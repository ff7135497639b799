// Is a data directory its owner's alone: when it is new, when an earlier version made it, while an instance runs, and where others share it?
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dataFiles, isDataFile } from '../../../../infra/local/core/dataDirectory.ts';
import { takeDataDirectory } from '../../../../infra/local/core/privateDirectory.ts';
import { temporaryFolder } from '../../../support/localTemplate.ts';
import { runScript } from '../../../support/operated.ts';

// Real processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

let temporary: ReturnType<typeof temporaryFolder>;
let data = '';
beforeEach(() => {
  temporary = temporaryFolder();
  data = join(temporary.folder, 'data');
});
afterEach(() => temporary.remove());

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
/** Every file below that somebody else could use, with its mode. */
const open = (folder: string): readonly string[] =>
  [folder, ...readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)))]
    .filter((path) => (statSync(path).mode & 0o077) !== 0)
    .map((path) => `${path} ${modeOf(path)}`);

const root = join(import.meta.dirname, '..', '..', '..', '..');
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

/** Starts an instance under a mask that takes nothing away, and resolves when it is ready. */
const started = async (...words: readonly string[]) => {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', 'infra/commands/startMain.ts'];
  const child = spawn(
    '/bin/sh',
    ['-c', 'umask 000; exec "$@"', 'sh', ...node, '--no-sample', '--port', '0', ...words],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('In a browser:')) resolve();
    });
    void ended.then(() => reject(new Error('The instance ended before it was ready.')));
  });
  return async () => {
    child.kill('SIGINT');
    await ended;
  };
};

describe('an instance', () => {
  it('makes all of it private, whatever the mask, and keeps it so while it runs and after', async () => {
    const stop = await started('--data', data);
    expect(open(data)).toEqual([]);
    const names = readdirSync(data);
    const kept = [
      'lock',
      'queues.sqlite',
      'queues.sqlite-wal',
      'tables.sqlite',
      'tables.sqlite-wal',
      'tables.sqlite-shm',
    ];
    expect(names).toEqual(
      expect.arrayContaining([...kept, 'access.key', 'credentials', 'issuer.jwk.json', 'control.json']),
    );
    expect(names.filter((name) => !isDataFile(name))).toEqual([]);
    await stop();
    expect(open(data)).toEqual([]);

    // As an earlier version may have left it.
    chmodSync(data, 0o755);
    for (const name of readdirSync(data)) chmodSync(join(data, name), 0o644);
    const again = await started('--data', data);
    expect(open(data)).toEqual([]);
    await again();
  });

  it('is refused on a directory that everybody may write to, by every command', async () => {
    mkdirSync(data);
    writeFileSync(dataFiles.queues(data), '');
    chmodSync(data, 0o777);
    const words = ['--data', data];
    for (const [script, ...more] of [
      ['commands/startMain.ts', '--once', '--port', '0'],
      ['commands/connect.ts', 'stripe', '--tenant', 'acme', '--account', 'acct_1'],
      ['commands/token.ts', '--role', 'vendor', '--tenant', 'acme'],
      ['commands/rebuild.ts'],
      ['commands/verify.ts'],
      ['commands/export.ts', 'flags', '--tenant', 'acme'],
    ] as const) {
      const { code, out, err } = await runScript(script, [...more, ...words]);
      expect([script, code, out]).toEqual([script, 1, '']);
      expect(err).toMatch(/^The data directory \S+ can be written by every user of this machine.* chmod 700 \S+\n$/);
    }
    expect(modeOf(data)).toBe('777');
  });
});

describe('taking a directory', () => {
  it('makes one, with those above it', () => {
    takeDataDirectory(join(data, 'deep', 'er'));
    expect(open(join(data, 'deep'))).toEqual([]);
  });

  it.each([0o755, 0o775, 0o750, 0o711])('mends ours with mode %o', (mode) => {
    mkdirSync(data);
    for (const name of ['queues.sqlite', 'queues.sqlite-wal', 'tables.sqlite-shm', 'functions.log', 'sample.json']) {
      writeFileSync(join(data, name), '', { mode: 0o644 });
    }
    chmodSync(data, mode);
    takeDataDirectory(data);
    expect(open(data)).toEqual([]);
  });

  it('takes an empty one, and leaves a link and the files of others in ours alone', () => {
    mkdirSync(data, { mode: 0o755 });
    takeDataDirectory(data);
    expect(modeOf(data)).toBe('700');
    const elsewhere = join(temporary.folder, 'elsewhere');
    writeFileSync(elsewhere, '', { mode: 0o644 });
    symlinkSync(elsewhere, dataFiles.output(data));
    writeFileSync(join(data, 'notes.txt'), '', { mode: 0o644 });
    takeDataDirectory(data);
    expect([modeOf(elsewhere), modeOf(join(data, 'notes.txt'))]).toEqual(['644', '644']);
  });

  it('refuses an open one that holds other things, and changes nothing there', () => {
    mkdirSync(data, { mode: 0o755 });
    writeFileSync(join(data, 'thesis.tex'), '', { mode: 0o644 });
    expect(() => takeDataDirectory(data)).toThrow(/holds other things and no data of Throughline/);
    expect([modeOf(data), modeOf(join(data, 'thesis.tex'))]).toEqual(['755', '644']);
  });

  it.each([0o777, 0o1777, 0o773, 0o702])('refuses one with mode %o, which everybody may write to', (mode) => {
    mkdirSync(data);
    chmodSync(data, mode);
    expect(() => takeDataDirectory(data)).toThrow(/can be written by every user of this machine/);
  });

  it('refuses a file, and what is below one', () => {
    writeFileSync(data, '');
    for (const path of [data, join(data, 'below')]) {
      expect(() => takeDataDirectory(path)).toThrow(/^The data directory \S+ can't be used: E\w+: .*--data DIR\.$/);
    }
  });

  it.skipIf(!isRoot)(
    'refuses one that belongs to another user, by name (as root only: others can give none away)',
    () => {
      mkdirSync(data, { mode: 0o700 });
      chownSync(data, nobody, nobody);
      expect(() => takeDataDirectory(data)).toThrow(
        new RegExp(
          `belongs to user ${nobody}, and this is root \\(user 0\\): .* name a directory of your own with --data DIR\\.$`,
        ),
      );
    },
  );

  it.skipIf(!isRoot)('leaves another user nothing to read, list or enter (as root only)', () => {
    takeDataDirectory(data);
    writeFileSync(dataFiles.queues(data), 'secret', { mode: 0o644 });
    takeDataDirectory(data);
    chmodSync(temporary.folder, 0o755);
    for (const words of [
      ['ls', data],
      ['cat', dataFiles.queues(data)],
      ['touch', join(data, 'x')],
    ]) {
      const as = ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups', '--', ...words];
      expect(() => execFileSync('setpriv', as, { stdio: 'pipe', cwd: '/' })).toThrow('Permission denied');
    }
    rmSync(data, { recursive: true });
  });
});

it.each([
  ['queues.sqlite', true],
  ['queues.sqlite-shm', true],
  ['tables.sqlite-journal', true],
  ['control.json.4711.new', true],
  ['lock', true],
  ['notes.txt', false],
  ['queues.sqlite.bak', false],
  ['.ssh', false],
])('%s is a file of ours: %s', (name, is) => {
  expect(isDataFile(name)).toBe(is);
});
