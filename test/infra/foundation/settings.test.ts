// Is a context that can't be deployed refused by name, with a way to mend it?
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bundleAssetsIn } from '../../../infra/constructs/bundleAssets.ts';
import { settingsOf } from '../../../infra/foundation/settings.ts';
import { standInBundles } from '../synthesized.ts';

const complete = { issuer: 'https://login.example.com/', audience: 'throughline' };
const settle = (context: Readonly<Record<string, unknown>>) => settingsOf((name) => context[name]);
const refusalsOf = (context: Readonly<Record<string, unknown>>): readonly string[] => {
  const settled = settle(context);
  return settled.ok ? [] : settled.refusals.map(({ name }) => name);
};

describe('settings', () => {
  it('need no context: by default the stack makes a user pool, and nobody receives alarms', () => {
    const settings = {
      stack: 'Throughline',
      tokens: undefined,
      release: 1,
      pagerRate: 500,
      waitingDays: 400,
      alarmEmail: undefined,
      partnerSources: [],
      webhookRate: undefined,
      webhookPace: undefined,
      relayTypes: undefined,
      gatherSeconds: 0,
      cloudfront: undefined,
    };
    expect(settle({})).toEqual({ ok: true, settings });
    expect(settle({ issuer: '', audience: '', alarmEmail: '', partnerSources: '' })).toEqual({ ok: true, settings });
  });

  it('accept an own issuer, with the names of its claims', () => {
    const claims = { role: 'role', tenant: 'tenant', partner: 'partner' };
    expect(settle(complete)).toMatchObject({ settings: { tokens: { ...complete, claims } } });
    expect(settle({ ...complete, tenantClaim: 'org_id' })).toMatchObject({
      settings: { tokens: { claims: { ...claims, tenant: 'org_id' } } },
    });
  });

  it('refuse an issuer without an audience, an audience without an issuer, and claims without either', () => {
    expect(refusalsOf({ issuer: complete.issuer })).toEqual(['audienceAbsent']);
    expect(refusalsOf({ issuer: complete.issuer, audience: ' ' })).toEqual(['audienceAbsent']);
    expect(refusalsOf({ audience: 'throughline' })).toEqual(['issuerAbsent']);
    expect(refusalsOf({ roleClaim: 'role', tenantClaim: 'org' })).toEqual(['claimWithoutIssuer', 'claimWithoutIssuer']);
  });

  it('are refused with all reasons at once', () => {
    expect(refusalsOf({ audience: 'throughline', release: 'x', alarmEmail: 'ops' })).toEqual([
      'issuerAbsent',
      'releaseNotANumber',
      'alarmEmailNotAnAddress',
    ]);
  });

  it.each([
    ['webhookRateNotANumber', { webhookRate: '0' }],
    ['webhookRateNotANumber', { webhookRate: 'many' }],
    ['webhookPaceNotANumber', { webhookPace: '5001' }],
    ['webhookPaceNotANumber', { webhookPace: 1.5 }],
    ['cloudfrontNeitherTrueNorFalse', { cloudfront: 'yes' }],
    ['webAclNotAnArn', { cloudfront: true, webAcl: 'ours' }],
    ['webAclNotAnArn', { cloudfront: true, webAcl: 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/ours/1' }],
    ['webAclWithoutCloudfront', { webAcl: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/ours/1' }],
    ['stackNotAName', { stack: '' }],
    ['stackNotAName', { stack: '2nd' }],
    ['issuerNotAUrl', { issuer: 'login.example.com' }],
    ['issuerNotAUrl', { issuer: 'ftp://login.example.com' }],
    ['claimNotAName', { roleClaim: 7 }],
    ['releaseNotANumber', { release: 'seven' }],
    ['releaseNotANumber', { release: 0 }],
    ['releaseNotANumber', { release: 1.5 }],
    ['pagerRateNotANumber', { pagerRate: 0 }],
    ['pagerRateNotANumber', { pagerRate: 'fast' }],
    ['waitingDaysNotANumber', { waitingDays: 30 }],
    ['waitingDaysNotANumber', { waitingDays: 'for ever' }],
    ['alarmEmailNotAnAddress', { alarmEmail: 'ops' }],
    ['alarmEmailNotAnAddress', { alarmEmail: 7 }],
    ['partnerSourceNotAName', { partnerSources: ['aws.partner/salesforce.com'] }],
    ['partnerSourceNotAName', { partnerSources: 'salesforce' }],
    ['partnerSourceNotAName', { partnerSources: [7] }],
    ['relayTypeUnknown', { relayTypes: 'DealClosed,OrderPlaecd' }],
    ['relayTypeUnknown', { relayTypes: ['all'] }],
    ['relayTypeUnknown', { relayTypes: 7 }],
    ['gatherSecondsNeither0Nor1', { gatherSeconds: 2 }],
    ['gatherSecondsNeither0Nor1', { gatherSeconds: '0.5' }],
  ])('are refused as %s for %j', (name, context) => {
    expect(refusalsOf({ ...complete, ...context })).toEqual([name]);
  });

  it('accept partner sources as a list, or as text with commas, without repetitions', () => {
    const one = 'aws.partner/salesforce.com/00D000000000000EAA/0YL000000000000EAA';
    const two = 'aws.partner/stripe.com/ed_test_61';
    for (const partnerSources of [[one, two, one], `${one}, ${two}`]) {
      expect(settle({ ...complete, partnerSources })).toMatchObject({ settings: { partnerSources: [one, two] } });
    }
  });
});

describe('the types that relay sends', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['all', undefined],
    ['none', []],
    [[], []],
    ['DealClosed, OrderPlaced,DealClosed', ['DealClosed', 'OrderPlaced']],
    [['OrderPlaced'], ['OrderPlaced']],
  ])('of %j are %j', (relayTypes, expected) => {
    expect(settle({ relayTypes })).toMatchObject({ ok: true, settings: { relayTypes: expected } });
  });

  it('are refused with the wrong name and with those that there are', () => {
    const settled = settle({ relayTypes: 'OrderPlaecd' });
    const message = settled.ok ? '' : (settled.refusals[0]?.message ?? '');
    expect(message).toContain('"OrderPlaecd"');
    expect(message).toContain('OrderPlaced');
  });
});

it.each([
  ['0', 0],
  ['1', 1],
  [1, 1],
])('commits are gathered for %j seconds', (gatherSeconds, expected) => {
  expect(settle({ gatherSeconds })).toMatchObject({ settings: { gatherSeconds: expected } });
});

describe('bundles', () => {
  it('are named where they are missing, with the command that makes them', () => {
    const folder = standInBundles();
    rmSync(join(folder, 'sell', 'index.js'));
    const found = bundleAssetsIn(folder);
    expect(found.ok).toBe(false);
    if (found.ok) return;
    expect(found.refusals.map(({ name }) => name)).toEqual(['bundlesAbsent']);
    expect(found.refusals[0]?.message).toContain(join('sell', 'index.js'));
    expect(found.refusals[0]?.message).not.toContain(join('renew', 'index.js'));
    expect(found.refusals[0]?.message).toContain('node infra/build/bundle.ts');
  });
});

describe('the app', () => {
  const run = (...parameters: readonly string[]) => {
    const outdir = mkdtempSync(join(tmpdir(), 'throughline-app-'));
    const { CDK_CONTEXT_JSON: _context, ...environment } = process.env;
    return promisify(execFile)(process.execPath, ['infra/app.ts', ...parameters], {
      cwd: join(import.meta.dirname, '..', '..', '..'),
      env: { ...environment, CDK_OUTDIR: outdir },
    }).then(
      () => ({ code: 0, stderr: '', outdir }),
      (error: { code: number; stderr: string }) => ({ code: error.code, stderr: error.stderr, outdir }),
    );
  };

  it('refuses by name and says what to do', async () => {
    const { code, stderr, outdir } = await run('-c', `bundles=${standInBundles()}`, '-c', 'audience=throughline');
    expect(code).toBe(1);
    expect(stderr).toContain('issuerAbsent: context `audience` is given, but `issuer` is absent');
    expect(stderr).toContain('`-c issuer=https://login.example.com/`');
    expect(existsSync(join(outdir, 'Throughline.template.json'))).toBe(false);
  }, 120_000);

  it.each([
    [['-c', 'alarmEmial=ops@example.com'], /^contextUnknown: nobody reads context `alarmEmial`; there are [^\n]*\n$/],
    [['--bogus'], /^Unknown option '--bogus'[^\n]* Say `-c NAME=VALUE`; the README lists the names\.\n$/],
  ])(
    'refuses %s in a sentence',
    async (words, said) => {
      const { code, stderr } = await run(...words);
      expect([code, stderr]).toEqual([1, expect.stringMatching(said)]);
    },
    120_000,
  );

  it('writes the template to CDK_OUTDIR after every check has passed', async () => {
    const { code, stderr, outdir } = await run('-c', `bundles=${standInBundles()}`);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(existsSync(join(outdir, 'Throughline.template.json'))).toBe(true);
  }, 120_000);
});
