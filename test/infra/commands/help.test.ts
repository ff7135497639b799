// Does every command tell how it is called: on standard output, with exit code 0, and before it does anything?
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';

// Real processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const root = join(import.meta.dirname, '..', '..', '..');
const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

/** Each command of ours, with the last file of ours that it runs and the words that npm puts behind the file. */
const commands = Object.entries(scripts).flatMap(([name, script]) => {
  const [, file, words = ''] = /.*\bnode (?:--\S+ )*((?:infra|functions|test)\/\S+\.ts)(.*)$/.exec(script) ?? [];
  return file === undefined ? [] : [{ name, file, words: words.split(' ').filter((word) => word !== '') }];
});

const run = (file: string, words: readonly string[]) =>
  new Promise<{ readonly code: number; readonly out: string; readonly err: string }>((resolve) => {
    execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(root, file), ...words],
      { cwd: root },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
    );
  });

it('knows the commands of package.json', () => {
  expect(commands.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['start', 'connect', 'token', 'export', 'synth', 'docs', 'deploy', 'faults', 'bench']),
  );
});

it.each(commands.flatMap((command) => ['--help', '-h'].map((flag) => ({ ...command, flag }))))(
  'npm run $name -- $flag',
  async ({ name, file, words, flag }) => {
    const { code, out, err } = await run(file, [...words, flag]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n')[0]).toMatch(
      new RegExp(`^Usage: npm ${name === 'start' ? 'start' : `run ${name}`}(?![\\w-])`),
    );
    expect(out.endsWith('\n')).toBe(true);
  },
);

it('answers for help even beside wrong flags', async () => {
  const { code, out } = await run('infra/commands/token.ts', ['--rol', 'vendor', '--help']);
  expect([code, out.startsWith('Usage: npm run token')]).toEqual([0, true]);
});
