// Does a secret ever stand in arguments, where every user of a machine sees it? Commands refuse it, and what is printed or written to be copied holds none.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { hintsOf } from '../../../infra/commands/start/hints.ts';
import { runScript } from '../../support/operated.ts';

// Real processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const root = join(import.meta.dirname, '..', '..', '..');

/** Each command of a person that reads flags. */
const commands = readdirSync(join(root, 'infra', 'commands'))
  .filter((name) => name.endsWith('.ts'))
  .filter((name) => readFileSync(join(root, 'infra', 'commands', name), 'utf8').includes('readCommandLine({'))
  .map((name) => name.replace(/\.ts$/, ''));

it('knows the commands', () => {
  expect(commands).toEqual(expect.arrayContaining(['startMain', 'connect', 'export', 'receipts', 'record', 'send']));
});

const given = [
  ['--token', 'very-secret'],
  ['--token=very-secret'],
  ['--secret', 'very-secret'],
  ['--secret=very-secret'],
];

it.each(commands)('%s refuses one, with what to write instead, and does not repeat it', async (name) => {
  for (const words of given) {
    const { code, out, err } = await runScript(`commands/${name}.ts`, words);
    expect([words, code, out]).toEqual([words, 1, '']);
    expect(err).toMatch(
      /^A (token|secret) has no place in arguments, where every user of this machine sees it: [^\n]+\.\n$/,
    );
    expect(err).not.toContain('very-secret');
  }
});

it.each([
  ['export', '--token', '--token-file FILE (- is standard input), or the environment variable THROUGHLINE_TOKEN'],
  ['receipts', '--token', '--token-file FILE (- is standard input), or the environment variable THROUGHLINE_TOKEN'],
  ['record', '--token', '--token-file FILE (- is standard input), or the environment variable THROUGHLINE_TOKEN'],
  ['connect', '--secret', '--secret-file FILE (- is standard input), or the environment variable THROUGHLINE_SECRET'],
])('%s tells what to write in place of %s', async (name, flag, instead) => {
  expect((await runScript(`commands/${name}.ts`, [flag, 'x'])).err).toContain(instead);
});

it('no usage text offers a secret as an argument', async () => {
  for (const name of commands) {
    const { out } = await runScript(`commands/${name}.ts`, ['--help']);
    expect([name, out.match(/--(token|secret|password)[ =][A-Z]\w*/g)]).toEqual([name, null]);
  }
});

it('a token comes over standard input, too', async () => {
  const line = `echo t | ${process.execPath} infra/commands/receipts.ts --url http://127.0.0.1:1 --token-file -`;
  const err = await new Promise<string>((resolve) => {
    execFile('bash', ['-c', line], { cwd: root }, (_error, _out, told) => resolve(told));
  });
  expect(err).toContain('http://127.0.0.1:1 could not be reached');
});

/** Lines in which a program (and not the shell itself) gets what a variable or a command's output holds, where that is a secret. */
const exposed =
  /\b(curl|node|openssl|npm)\b[^\n]*["' ](authorization: Bearer )?\$(TOKEN|token|SECRET|KEY|CRM|stripe)\b/i;
const shown = (text: string): readonly string[] =>
  text.split('\n').filter((line) => exposed.test(line.replace(/<<<.*$/, '').replace(/\bSECRET=\$SECRET /g, '')));

it('the test sees a token that curl or node is given as an argument', () => {
  expect(shown('curl -H "authorization: Bearer $TOKEN" "http://x"')).toHaveLength(1);
  expect(shown('curl -H @- "http://x" <<< "authorization: Bearer $TOKEN"')).toEqual([]);
  expect(shown(`URL=$(node -p 'JSON.parse(process.argv[1]).url' "$CRM")`)).toHaveLength(1);
});

it.each([
  'README.md',
  'infra/OPERATING.md',
  '.ci/readme',
  'functions/documents/pages/catalogStart.ts',
  'functions/documents/pages/homePage.ts',
])('%s gives no program a secret as an argument', (file) => {
  expect(shown(readFileSync(join(root, file), 'utf8'))).toEqual([]);
});

it('npm start prints no such line', () => {
  const hinted = { url: 'http://127.0.0.1:4747', dataDir: '.throughline', once: false, tenant: 'acme' };
  const lines = hintsOf({ ...hinted, flag: { flagId: 'f', engagementId: 'e' } });
  expect(lines.join('\n')).toContain('curl');
  expect(shown(lines.join('\n'))).toEqual([]);
});
