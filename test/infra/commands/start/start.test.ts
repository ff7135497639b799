// Does `npm start` come up with the app's own template, act on commands, stop cleanly, and find everything at its second start?
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { sendCommand } from '../../../../infra/commands/commandServer.ts';
import { onTarget } from '../../../../infra/commands/target.ts';
import { dataFiles } from '../../../../infra/local/core/dataDirectory.ts';
import { properties } from '../../../../infra/local/core/json.ts';
import { temporaryFolder } from '../../../support/localTemplate.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const root = join(import.meta.dirname, '..', '..', '..', '..');
const local = join(root, 'infra', 'commands');
const temporary = temporaryFolder();
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  temporary.remove();
});

/** A command in a process of its own, and what it says. */
const run = (script: string, ...flags: readonly string[]) => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(local, script), ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let out = '';
  let err = '';
  const ended = once(child, 'close');
  const ready = Promise.withResolvers<string>();
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
    const [, url] = /ready at (\S+)/.exec(out) ?? [];
    if (url !== undefined) ready.resolve(url);
  });
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
  });
  return {
    child,
    /** The URL that it says it is ready at; rejects with what it said when it ends before. */
    ready: () =>
      Promise.race([
        ready.promise,
        ended.then(() => Promise.reject(new Error(`It ended before it was ready: ${err}`))),
      ]),
    /** What it says, once that is among it. */
    says: async (words: string) => {
      while (!out.includes(words)) await Promise.race([once(child.stdout, 'data'), ended.then(() => expect.fail(err))]);
      return out;
    },
    async end() {
      const [code] = await ended;
      return { code, out, err };
    },
  };
};

describe('npm start', () => {
  it('refuses an unknown flag, and lists the known ones', async () => {
    const { code, err } = await run('startMain.ts', '--dta', 'x').end();
    expect(code).toBe(1);
    expect(err).toContain("Unknown option '--dta'");
    expect(err).toContain('Usage: npm start --');
  });

  it('connects, makes tokens that its routes accept, and stops on Ctrl-C', async () => {
    const data = ['--data', `${temporary.folder}/data`];
    const started = run('startMain.ts', ...data, '--port', '0', '--no-sample');
    const url = await started.ready();

    const connected = JSON.parse((await run('connect.ts', 'stripe', '--tenant', 'acme', ...data).end()).out);
    expect(connected).toMatchObject({ url: `${url}/webhooks/stripe/${connected.connection}` });
    expect((await fetch(connected.url, { method: 'POST', body: '{}' })).status).toBe(401);

    const token = (await run('token.ts', '--role', 'vendor', '--tenant', 'acme', ...data).end()).out.trim();
    const ask = (authorization: string) => fetch(`${url}/v1/engagements`, { headers: { authorization } });
    expect((await ask(`Bearer ${token}`)).status).toBe(200);
    expect((await ask('Bearer none')).status).toBe(401);

    const second = await run('startMain.ts', ...data, '--port', '0', '--no-sample').end();
    expect([second.code, second.err]).toEqual([
      1,
      `Throughline already runs on the data directory ${temporary.folder}/data. ` +
        'Stop it (Ctrl-C in its terminal), or start on another directory with --data DIR.\n',
    ]);

    const rebuilt = await run('rebuild.ts', ...data).end();
    expect(rebuilt.out).toBe('Every row is up to date.\n');

    started.child.kill('SIGINT');
    const { code } = await started.end();
    expect(code).toBe(0);
    expect(await sendCommand(`${temporary.folder}/data`, 'endpoints', {})).toBeUndefined();
  });

  it('carries out commands even when no instance runs, and stops by itself with --once', async () => {
    const data = ['--data', `${temporary.folder}/alone`];
    const made = await run('startMain.ts', ...data, '--port', '0', '--no-sample', '--once').end();
    expect([made.code, made.err]).toEqual([0, '']);
    const { code, out } = await run('connect.ts', 'cloudevents', '--tenant', 'acme', ...data, '--port', '5999').end();
    expect(code).toBe(0);
    expect(properties(JSON.parse(out), 'connected').text('url')).toContain(
      'http://127.0.0.1:5999/webhooks/cloudevents/c-',
    );
    const token = await run('token.ts', '--role', 'vendor', '--tenant', 'acme', ...data).end();
    expect(token.out.split('.')).toHaveLength(3);
    const once = await run('startMain.ts', ...data, '--port', '0', '--no-sample', '--once', '--json').end();
    expect(once.code).toBe(0);
    const nothing = { facts: 0, engagements: 0, byStage: {}, flags: [] };
    expect(JSON.parse(once.out)).toMatchObject({ ...nothing, tenants: [{ tenant: 'acme', ...nothing }] });
  });

  it('says at every start what is there, of every tenant, with commands that work as they stand', async () => {
    const data = ['--data', `${temporary.folder}/it's several`];
    const first = await run('startMain.ts', ...data, '--port', '0', '--no-sample', '--once').end();
    expect(first.out).toContain('Nothing is recorded here yet.');
    const started = run('startMain.ts', ...data, '--port', '0', '--no-sample');
    const url = await started.ready();
    for (const tenant of ['zeta', 'beta']) {
      const token = (await run('token.ts', '--role', 'vendor', '--tenant', tenant, ...data).end()).out.trim();
      const said = await fetch(`${url}/v1/facts`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'idempotency-key': 'one' },
        body: JSON.stringify({ type: 'EngagementOpened', data: {} }),
      });
      expect(said.status).toBe(200);
    }
    started.child.kill('SIGINT');
    await started.end();

    const later = run('startMain.ts', ...data, '--port', '0', '--no-sample');
    const text = await later.says('In a browser:');
    expect(text).toMatch(/^Tenant beta: 1 engagement, 1 fact\n\nEngagements by stage: sell 1\n\nNo flags\.$/m);
    expect(text).toContain('Tenant zeta: 1 engagement, 1 fact');
    const commands = [...text.matchAll(/^ {2}(TOKEN=|curl|npm run) ?(.*)$/gm)].map(([line]) => line.trim());
    expect(commands).toHaveLength(5);
    const { stdout } = await promisify(execFile)('bash', ['-ec', `${commands.join('\n')}\n`], { cwd: root });
    expect(stdout).toContain('"stage":"sell"');
    expect(stdout).toContain('"secret"');
    later.child.kill('SIGINT');
    await later.end();
  });

  it('lists resources that are not run only with --verbose', async () => {
    const once = ['--data', `${temporary.folder}/listed`, '--port', '0', '--no-sample', '--once'];
    const list = /Resources of the template that are not run on one machine:\n {4}AWS::/;
    const plain = await run('startMain.ts', ...once).end();
    expect([plain.code, plain.err, list.test(plain.out), plain.out.includes('AWS::')]).toEqual([0, '', false, false]);
    const verbose = await run('startMain.ts', ...once, '--verbose').end();
    expect([verbose.code, verbose.err, list.test(verbose.out)]).toEqual([0, '', true]);
  });

  it('runs the pager once where other code computed the rows', async () => {
    const folder = `${temporary.folder}/deployed`;
    const flags = ['--data', folder, '--port', '0', '--no-sample'] as const;
    const runsSoFar = (): number => readFileSync(dataFiles.output(folder), 'utf8').split('a rebuild starts').length - 1;
    const startOnce = async (): Promise<number> => {
      const { code, err } = await run('startMain.ts', ...flags, '--once').end();
      expect([code, err]).toEqual([0, '']);
      return runsSoFar();
    };
    expect([await startOnce(), await startOnce()]).toEqual([1, 1]);
    const started = run('startMain.ts', ...flags);
    await started.ready();
    await onTarget({ dataDir: folder }, async ({ dynamo, output, drained }) => {
      await drained?.();
      const mark = { run: { S: 'deployment' }, release: { N: '1' }, computedBy: { S: 'older' } };
      await dynamo.send(new PutItemCommand({ TableName: output('RunsTable'), Item: mark }));
    });
    started.child.kill('SIGINT');
    await started.end();
    expect([await startOnce(), await startOnce()]).toEqual([2, 2]);
  });
});
