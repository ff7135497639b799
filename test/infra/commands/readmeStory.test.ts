// Does the README's story of a CRM of one's own run as it stands, from `connect` to an explained flag?
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { type AuthorisedApp, startAuthorisedApp } from '../../support/authorisedApp.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const root = join(import.meta.dirname, '..', '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const [, story = ''] = /\n## A CRM of your own[^\n]*\n(.*?)\n## /s.exec(readme) ?? [];
const [start, ...blocks] = [...story.matchAll(/```bash\n(.*?)```/gs)].map(([, block = '']) => block);

let app: AuthorisedApp;
let shell: ChildProcessByStdio<Writable, Readable, Readable>;
beforeAll(async () => {
  app = await startAuthorisedApp();
  shell = spawn('bash', ['-eu', '-o', 'pipefail'], { cwd: root, stdio: ['pipe', 'pipe', 'pipe'] });
});
afterAll(async () => {
  shell.kill();
  await app.stop();
});

/** Runs commands in the one shell, as somebody who pastes them there; resolves with what they print. */
const run = (commands: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let [out, err] = ['', ''];
    const ended = () => reject(new Error(`the shell ended: ${err}${out}`));
    const hear = (chunk: Buffer) => {
      out += chunk.toString();
      if (!out.endsWith('that was all\n')) return;
      shell.stdout.off('data', hear);
      shell.off('exit', ended);
      resolve(out.slice(0, -'that was all\n'.length));
    };
    shell.stdout.on('data', hear);
    shell.stderr.on('data', (chunk) => {
      err += String(chunk);
    });
    shell.once('exit', ended);
    shell.stdin.write(`${commands}\necho that was all\n`);
  });

/** A block of the README; only where the instance listens and keeps its data differs. */
const runBlock = async (block: string): Promise<readonly unknown[]> => {
  const out = await run(block.replaceAll('http://127.0.0.1:4747', app.runtime.url));
  await app.runtime.drained();
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
};

const Items = z.object({ items: z.array(z.looseObject({})) });

test('each command answers what the README says', async () => {
  expect(start).toBe('npm start -- --no-sample\n');
  const [connects = '', wins = '', asks = '', opens = '', explains = '', ...more] = blocks;
  expect(more).toEqual([]);
  await run(`npm() { command npm "$@" --data '${app.runtime.dataDir}'; }`);

  expect(await runBlock(connects)).toEqual([]);
  expect(await runBlock(wins)).toEqual([{ receipt: expect.any(String) }]);
  const [waiting] = await runBlock(asks);
  const waysOut = [expect.stringContaining('"reference":"ENG-2026-000417"'), expect.stringContaining('IdentityLinked')];
  expect(Items.parse(waiting).items).toMatchObject([{ reason: expect.stringMatching(/^notLinked/), waysOut }]);
  expect(await runBlock(opens)).toHaveLength(2);

  const [unmatched, engagements, deadlines, flag] = await runBlock(explains);
  expect(Items.parse(unmatched).items).toEqual([]);
  expect(Items.parse(engagements).items).toMatchObject([{ stage: 'deliver' }]);
  expect(Items.parse(deadlines).items).toContainEqual(expect.objectContaining({ rule: 'P1.1' }));
  expect(flag).toMatchObject({
    flag: { rule: 'P2.1', status: 'open' },
    explanation: [{ event: { type: 'DeliveryStarted' }, says: 'delivery started without a template' }],
  });
  expect(app.denied).toEqual([]);
});
