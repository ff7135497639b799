// Which API does a command act on: with which token elsewhere, and is nothing secret told?
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Access } from '../../../infra/commands/access.ts';
import { onApi, sameApi } from '../../../infra/commands/onApi.ts';
import { properties } from '../../../infra/local/core/json.ts';
import { temporaryFolder } from '../../support/localTemplate.ts';
import { runScript } from '../../support/operated.ts';

// Real processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const temporary = temporaryFolder();
const file = join(temporary.folder, 'token');
writeFileSync(file, '\uFEFFfrom-file\n');
const twoWords = join(temporary.folder, 'two-words');
writeFileSync(twoWords, 'a b');
const dataDir = join(temporary.folder, 'nowhere');
beforeEach(() => void vi.stubEnv('THROUGHLINE_TOKEN', ''));
afterAll(() => {
  vi.unstubAllEnvs();
  temporary.remove();
});

const flagsOf = (given: Readonly<Record<string, string>>) => properties(given, 'the command line');
const reached = async (given: Readonly<Record<string, string>>): Promise<readonly Access[]> => {
  const found: Access[] = [];
  const work = async (access: Access): Promise<void> => void found.push(access);
  await onApi({ flags: flagsOf(given), asWhom: ['tenant', 'role'], dataDir, work });
  return found;
};

describe('with --url', () => {
  const url = 'https://api.example.com';

  it('the token is that of --token-file, else that of the environment', async () => {
    vi.stubEnv('THROUGHLINE_TOKEN', ' from-environment\n');
    expect(await reached({ url: `${url}/` })).toEqual([{ url, token: 'from-environment' }]);
    expect(await reached({ url, 'token-file': file })).toEqual([{ url, token: 'from-file' }]);
  });

  it.each<readonly [string, Readonly<Record<string, string>>, string]>([
    ['no token', {}, 'Put the token into THROUGHLINE_TOKEN, or into a file: --token-file FILE (- is standard input).'],
    ['a token of two words', { 'token-file': twoWords }, 'Put the token into THROUGHLINE_TOKEN'],
    ['a file that is absent', { 'token-file': 'absent' }, `--token-file: the file "absent" can't be read`],
    ['a local flag', { 'token-file': file, role: 'vendor' }, '--role is for the local instance only'],
    ['no URL', { 'token-file': file, url: 'api' }, '--url api is not a URL'],
    ['a password in the URL', { url: 'https://ann:pass@api.example.com' }, 'have no place in arguments'],
    ['a token in the URL', { url: `${url}?token=x` }, 'have no place in arguments'],
  ])('%s is refused', async (_, given, reason) => {
    await expect(reached({ url, ...given })).rejects.toThrow(reason);
  });
});

describe('without --url', () => {
  it.each([{ 'token-file': file }])('%j is refused: a command would act on the wrong API', async (given) => {
    await expect(reached({ tenant: 'acme', ...given })).rejects.toThrow(`--${Object.keys(given)[0]} goes with --url`);
  });

  it('a wrong tenant is refused before the data directory is looked for, and that before an instance starts', async () => {
    await expect(reached({ tenant: 'a/b' })).rejects.toThrow('A token needs a tenant');
    await expect(reached({ tenant: 'acme' })).rejects.toThrow(`${dataDir} is no data directory`);
  });
});

it.each<readonly [Readonly<Record<string, string>>, string]>([
  [{ tenant: 'acme' }, '--tenant acme'],
  [{ tenant: 'a b', data: "d'ir" }, `--tenant 'a b' --data 'd'\\''ir'`],
  [{ url: 'https://x.example' }, '--url https://x.example'],
  [{ url: 'https://x.example', 'token-file': file }, `--url https://x.example --token-file ${file}`],
])('%j is named again without the token', (given, words) => {
  expect(sameApi(flagsOf(given))).toBe(words);
});

it.each([['export', 'flags'], ['receipts'], ['record', 'EngagementOpened']])(
  'npm run %s takes the token of the environment and of a file',
  async (command, ...words) => {
    const there = [...words, '--url', 'http://127.0.0.1:1'];
    const none = await runScript(`commands/${command}.ts`, there);
    expect([none.code, none.err]).toEqual([
      1,
      'Put the token into THROUGHLINE_TOKEN, or into a file: --token-file FILE (- is standard input).\n',
    ]);
    for (const given of [
      { file: [], token: 't' },
      { file: ['--token-file', file], token: '' },
    ]) {
      const { err } = await runScript(`commands/${command}.ts`, [...there, ...given.file], {
        THROUGHLINE_TOKEN: given.token,
      });
      expect(err).toContain('http://127.0.0.1:1 could not be reached');
    }
  },
);
