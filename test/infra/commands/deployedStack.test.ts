// Do the operator's commands act on a deployed stack? Whole processes, which know it only by CloudFormation's answer over HTTP.
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { properties } from '../../../infra/local/core/json.ts';
import { temporaryFolder } from '../../support/localTemplate.ts';
import { asAws, type Ran, runScript } from '../../support/operated.ts';
import { type Instance, startInstance } from '../../support/processes.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const temporary = temporaryFolder();
const dataDir = `${temporary.folder}/data`;
let instance: Instance;
let aws: Readonly<Record<string, string>>;
beforeAll(async () => {
  instance = await startInstance('--data', dataDir, '--port', '0');
  aws = await asAws(dataDir);
});
afterAll(async () => {
  await instance.stop();
  temporary.remove();
});

const inStack = (script: string, ...args: readonly string[]): Promise<Ran> =>
  runScript(script, [...args, '--stack', 'Throughline'], aws);

/** What a line of shell prints, run as a person would run it. */
const inShell = (line: string): Promise<string> =>
  new Promise((resolve) => {
    execFile('bash', ['-c', line], (_error, out) => resolve(out));
  });

describe('connect', () => {
  it('makes a connection whose messages the stack accepts at once', async () => {
    const { code, out, err } = await inStack(
      'commands/connect.ts',
      'stripe',
      '--tenant',
      'acme',
      '--account',
      'acct_1',
    );
    expect(code).toBe(0);
    const connected = properties(JSON.parse(out), 'connected');
    const id = connected.text('connection');
    const [issued, tried, sample = '', ...more] = err.split(/\n(?! )/);
    expect([issued, tried, more]).toEqual([
      expect.stringContaining(`npm run connect -- --rotate ${id} --hold 0 --secret-file FILE --stack Throughline`),
      `To try it, within 5 minutes (npm run connect -- --sample ${id} --stack Throughline prints a new one):`,
      [''],
    ]);
    expect(sample).not.toContain(connected.text('secret'));
    expect(await inShell(sample)).toMatch(/^HTTP\/1.1 200 /);
    expect(connected.text('url')).toBe(`${instance.url}/webhooks/stripe/${connected.text('connection')}`);
    const body = '{"id":"evt_1","type":"none"}';
    const seconds = Math.floor(Date.now() / 1000);
    const signature = createHmac('sha256', connected.text('secret')).update(`${seconds}.${body}`).digest('hex');
    const send = (signed: string) =>
      fetch(connected.text('url'), {
        method: 'POST',
        headers: { 'stripe-signature': `t=${seconds},v1=${signed}` },
        body,
      });
    expect((await send('0'.repeat(64))).status).toBe(401);
    expect((await send(signature)).ok).toBe(true);
  });

  it('says what a Salesforce org’s partner bus still needs', async () => {
    const { code, out, err } = await inStack(
      ...(['commands/connect.ts', 'salesforce', '--tenant', 'acme', '--account', '00DHp00000TqkAB'] as const),
    );
    expect(code).toBe(0);
    expect(properties(JSON.parse(out), 'connected').has('secret')).toBe(false);
    expect(err).toContain('"partnerSources" under "context" in cdk.json');
  });
});

describe('a connection', () => {
  it('of the stack is listed, disabled, enabled, rotated, mapped anew and tried, as on one machine', async () => {
    const inConnect = async (...args: readonly string[]) => {
      const { code, out, err } = await inStack('commands/connect.ts', ...args);
      expect([code, err]).toEqual([0, '']);
      return out;
    };
    const { out } = await inStack('commands/connect.ts', 'cloudevents', '--tenant', 'stacked');
    const made = properties(JSON.parse(out), 'made');
    const id = made.text('connection');
    expect(JSON.parse(await inConnect('--list', '--tenant', 'stacked'))).toMatchObject([
      { connection: id, disabled: false, mappingVersion: 1, lastHeardAt: null },
    ]);
    expect(JSON.parse(await inConnect('--disable', id))).toEqual({ connection: id, disabled: true });
    expect(await inShell(await inConnect('--sample', id))).toMatch(/^HTTP\/1.1 403 /);
    expect(JSON.parse(await inConnect('--enable', id))).toEqual({ connection: id, disabled: false });
    expect(JSON.parse(await inConnect('--rotate', id))).toMatchObject({ secret: expect.stringMatching(/^whsec_/) });
    expect(await inShell(await inConnect('--sample', id))).toMatch(/^HTTP\/1.1 202 /);
    const mapped = await inConnect('--connection', id, '--mapping', '{"rules":[]}');
    expect(JSON.parse(mapped)).toMatchObject({ mappingVersion: 2, changed: true });
    const checked = await inStack('commands/connect.ts', '--check', 'package.json', '--connection', id);
    expect([checked.code, checked.out.split('\n')[0]]).toEqual([1, 'message 1: would be refused: specversionUnknown']);
  });
});

describe('verify', () => {
  it('prints what it has checked and proven', async () => {
    const { code, out, err } = await inStack('commands/verify.ts');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^Every chain holds: \d+ streams, \d+ commits, \d+ events\.\nNo day is sealed yet/);
  });

  it('ends with exit code 1 and names each fault', async () => {
    const root = 'ab'.repeat(32);
    const { code, err } = await inStack('commands/verify.ts', '--root', root);
    expect(code).toBe(1);
    expect(err).toContain(`roots: no day has the root ${root}`);
    expect(err).toContain('Broken: 1.');
  });
});

describe('rebuild', () => {
  it('follows its run, and says when every row is up to date', async () => {
    const { code, out, err } = await inStack('commands/rebuild.ts', '--rate', '50');
    expect([code, out]).toEqual([0, 'Every row is up to date.\n']);
    expect(err).toMatch(/^100%: \d+ streams seen, \d+ of them behind; 0 messages wait$/m);
  });

  it.each([
    [['--rate', '0'], '--rate 0 is not a rate'],
    [['--stream', 'acme/engagement/nobody'], 'There is no stream acme/engagement/nobody'],
  ])('refuses %j', async (args, reason) => {
    const { code, err } = await inStack('commands/rebuild.ts', ...args);
    expect([code, err.startsWith(reason)]).toEqual([1, true]);
  });
});

describe('redrive', () => {
  it('lists the stack’s dead-letter queues, and redrives one', async () => {
    const listed = await inStack('commands/redrive.ts', '--list');
    expect([listed.code, listed.err]).toEqual([0, '']);
    expect(listed.out).toMatch(/^RelayStreamFailures +0$/m);
    const { code, out } = await inStack('commands/redrive.ts', 'Throughline-sell-dead-letters');
    expect([code, out]).toEqual([0, 'SellDeadLetters: 0 messages redriven, 0 sent to SellQueue.\n']);
  });

  it.each([
    [[], 'Name one queue, or --list.'],
    [['SellDeadLetters', '--list'], 'Name one queue, or --list.'],
    [['SellDeadLetters', '--rate', 'fast'], '--rate fast is not a rate'],
    [['SellDeadLetter'], 'There is no dead-letter queue "SellDeadLetter"; there are AnswerDeadLetters,'],
  ])('refuses %j', async (args, reason) => {
    const { code, err } = await inStack('commands/redrive.ts', ...args);
    expect([code, err.startsWith(reason)]).toEqual([1, true]);
  });
});

describe('a stack', () => {
  it('that does not exist is refused by name, with what to do', async () => {
    const { code, err } = await runScript(
      'commands/connect.ts',
      ['stripe', '--tenant', 'a', '--stack', 'Elsewhere'],
      aws,
    );
    expect(code).toBe(1);
    expect(err).toBe(
      'There is no stack Elsewhere in this account and region. Set AWS_PROFILE and AWS_REGION to those of the stack.\n',
    );
  });

  it.each([
    [['--stack', 'no good'], '--stack "no good" is not the name of a stack'],
    [['--stack', 'Throughline', '--data', 'x'], '--stack acts on a deployed stack and --data on this machine'],
  ])('named as %j is refused before anything is asked', async (args, reason) => {
    const { code, err } = await runScript('commands/connect.ts', ['stripe', '--tenant', 'a', ...args]);
    expect([code, err.startsWith(reason)]).toEqual([1, true]);
  });

  it('needs AWS credentials', async () => {
    const { AWS_ACCESS_KEY_ID: _key, AWS_SECRET_ACCESS_KEY: _secret, ...nobody } = aws;
    const { code, err } = await runScript('commands/connect.ts', ['stripe', '--tenant', 'a', '--stack', 'T'], nobody);
    expect(code).toBe(1);
    expect(err).toMatch(/^There are no AWS credentials: sign in, or name a profile with AWS_PROFILE/);
  });
});
