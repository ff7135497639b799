// Does a deployment raise the release, pass on what a person says, and end with the CDK's own reason where there is no account?
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { contextGiven, unreadContext } from '../../../infra/build/contextArguments.ts';
import { cdkArguments } from '../../../infra/build/deploy.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const now = new Date('2026-11-26T02:20:00.900Z');
const app = ['--app', `"${process.execPath}" infra/app.ts`];
const raised = (release: string) => ['--parameters', `Release=${release}`];

describe('the CDK’s command line gets', () => {
  it('the seconds since 1970 as the release of a deployment, and all arguments of the person', () => {
    const given = ['-c', 'alarmEmail=ops@example.com', '--require-approval', 'never'];
    expect(cdkArguments('deploy', given, now)).toEqual(['deploy', ...app, ...raised('1795659600'), ...given]);
    const later = cdkArguments('deploy', [], new Date(now.getTime() + 1000));
    expect(later).toEqual(['deploy', ...app, ...raised('1795659601')]);
  });

  it.each([
    ['-c release=7'],
    ['--context release=7'],
    ['--context=release=7'],
    ['-crelease=7'],
    ['--require-approval never -c=release=7'],
    ['-c release=3 -c alarmEmail=release=5@example.com --context release=7'],
  ])('the release of the context, as %s', (words) => {
    const given = words.split(' ');
    expect(cdkArguments('deploy', given, now)).toEqual(['deploy', ...app, ...raised('7'), ...given]);
  });

  it.each([['--parameters Release=9'], ['--parameters=Release=9'], ['--parameters Throughline:Release=9']])(
    'no other release than a parameter that is given, as %s',
    (words) => {
      expect(cdkArguments('deploy', words.split(' '), now)).toEqual(['deploy', ...app, ...words.split(' ')]);
    },
  );

  it('no release for a diff, so that the same template shows no difference', () => {
    expect(cdkArguments('diff', ['--strict'], now)).toEqual(['diff', ...app, '--strict']);
  });
});

describe('unknown context', () => {
  it('is refused by name; the CDK’s own context passes', () => {
    const given = contextGiven(['--strict', '-c', 'alarmEmial=ops@example.com', '-c@aws-cdk/core:x=true'], 'passed');
    expect(unreadContext(given)).toEqual([expect.stringMatching(/nobody reads context `alarmEmial`; .*alarmEmail/)]);
  });

  it('has every name that the README gives', () => {
    const [, table = ''] =
      /\| context \|[^\n]*\n\|[-|]+\n([\s\S]*?)\n\n/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
    const names = table
      .split('\n')
      .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/\w+/g)].map(([name]) => name));
    expect(names.length).toBeGreaterThan(8);
    expect(unreadContext(Object.fromEntries(names.map((name) => [name, ''])))).toEqual([]);
  });

  it('stops a deployment before the bundles are made', () => {
    const words = ['infra/build/deploy.ts', 'deploy', '-c', 'alarmEmial=ops@example.com'];
    const { status, stderr } = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringContaining('nobody reads context `alarmEmial`')]);
  });
});

describe('without an account', () => {
  const home = mkdtempSync(join(tmpdir(), 'throughline-home-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  // Nothing of this machine's may serve as credentials: a test must never deploy.
  const environment = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS|CDK)_/.test(name))),
    HOME: home,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: join(home, 'none'),
    AWS_SHARED_CREDENTIALS_FILE: join(home, 'none'),
    AWS_REGION: 'eu-west-1',
  };
  const run = (...words: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['infra/build/deploy.ts', ...words], {
      cwd: root,
      env: environment,
      encoding: 'utf8',
    });
    return { status, said: `${stdout}${stderr}` };
  };

  it.each(['deploy', 'diff'])(
    '%s synthesizes, passes every check, and ends with what the CDK says of the account',
    (command) => {
      const output = mkdtempSync(join(home, 'out-'));
      const { status, said } = run(command, '--output', output);
      expect(said).toContain('Nobody hears of alarms yet');
      expect(said).toContain('Unable to resolve AWS account to use');
      expect(said).toContain(
        `npm run ${command} ended with 1, for the reason above. It needs credentials and a region`,
      );
      expect(status).toBe(1);
    },
    300_000,
  );

  it('bootstrap synthesizes first, and then fails with the CDK’s message about credentials', () => {
    const output = mkdtempSync(join(home, 'out-'));
    const { status, said } = run('bootstrap', 'aws://123456789012/eu-west-1', '--output', output);
    expect(existsSync(join(output, 'Throughline.template.json'))).toBe(true);
    expect(said).not.toContain('bundlesAbsent');
    expect(said).toMatch(/credentials/i);
    expect(said).toContain('npm run bootstrap ended with 1, for the reason above.');
    expect(status).toBe(1);
  }, 300_000);

  it('a refused context stops the command', () => {
    const { status, said } = run('deploy', '-c', 'audience=throughline', '--output', mkdtempSync(join(home, 'out-')));
    expect(said).toContain('issuerAbsent: context `audience` is given, but `issuer` is absent');
    expect(said).not.toContain('Unable to resolve AWS account');
    expect(status).toBe(1);
  }, 300_000);
});
