// Are connections listed, disabled and rotated, with no secret shown and no message lost? Whole processes, and real HTTP.
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isObject, properties } from '../../../../infra/local/core/json.ts';
import { connecting, inShell } from '../../../support/connect/connecting.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const { connect, dataDir, fileOf, listed, start, stop, told } = connecting();
beforeAll(start);
afterAll(stop);

let sent = 0;
const post = async (url: string, secret: string): Promise<{ readonly status: number; readonly reason: unknown }> => {
  sent += 1;
  const body = JSON.stringify({ specversion: '1.0', id: `m-${sent}`, source: '/s', type: 'com.none', data: {} });
  const now = new Date();
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/cloudevents+json',
      'webhook-id': `m-${sent}`,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(`m-${sent}`, now, body),
    },
    body,
  });
  const answer: unknown = await response.json();
  return { status: response.status, reason: isObject(answer) ? answer.reason : undefined };
};

describe('--list', () => {
  it('shows each connection of a tenant, and nothing secret', async () => {
    expect(await listed('--tenant', 'lister')).toEqual([]);
    const made = await told('cloudevents', '--tenant', 'lister', '--account', 'tools', '--currency', 'EUR');
    const own = fileOf('issued', 'whsec_ofStripeItself1234567890\n');
    await told('stripe', '--tenant', 'lister', '--test-data', '--secret-file', own);
    expect((await post(made.text('url'), made.text('secret'))).status).toBe(202);
    const { out } = await connect(['--list', '--tenant', 'lister']);
    expect(out).not.toContain('whsec_');
    const [first, second] = await listed('--tenant', 'lister');
    expect(Object.fromEntries(first?.entries() ?? [])).toEqual({
      connection: made.text('connection'),
      source: 'cloudevents',
      tenantId: 'lister',
      account: 'tools',
      mappingVersion: 1,
      disabled: false,
      currency: 'EUR',
      lastHeardAt: expect.stringMatching(/^\d{4}-.*Z$/),
      allowedTypes: expect.arrayContaining(['OrderPlaced']),
    });
    expect([second?.text('source'), second?.raw('testData'), second?.raw('lastHeardAt')]).toEqual([
      'stripe',
      true,
      null,
    ]);
    expect((await listed()).length).toBeGreaterThanOrEqual(2);
  });
});

describe('a secret', () => {
  it('that Stripe issued comes from a file, from the environment or from standard input, and is never printed', async () => {
    const secret = 'whsec_issuedByStripe0123456789';
    const path = fileOf('secret', `${secret}\n`);
    const ran = await Promise.all([
      connect(['stripe', '--tenant', 'acme', '--secret-file', path]),
      connect(['stripe', '--tenant', 'acme'], { THROUGHLINE_SECRET: secret }),
    ]);
    for (const { code, out, err } of ran) {
      expect([code, `${out}${err}`.includes(secret)]).toEqual([0, false]);
      expect(properties(JSON.parse(out), 'made').has('secret')).toBe(false);
      const line = err.slice(err.indexOf('curl'));
      expect(await inShell(line)).toMatch(/^HTTP\/1.1 200 /);
    }
    const root = join(import.meta.dirname, '..', '..', '..', '..');
    const piped = `echo ${secret} | ${process.execPath} ${join(root, 'infra/commands/connect.ts')} stripe --tenant acme --secret-file - --data ${dataDir}`;
    expect(await inShell(piped)).toContain('"source": "stripe"');
  });

  it.each([
    [['stripe', '--tenant', 'a', '--secret', 'whsec_x'], 'A secret has no place in arguments'],
    [['stripe', '--tenant', 'a', '--secret-file', '/nowhere'], '--secret-file: the file "/nowhere" can\'t be read'],
    [['stripe', '--tenant', 'a', '--secret-file', fileOf('empty', '\n')], 'The secret should be 8 to 500 characters'],
    [
      ['cloudevents', '--tenant', 'a', '--secret-file', fileOf('odd', 'not a base64 secret'.replaceAll(' ', '~'))],
      "No message of CloudEvents can be signed with that secret: it doesn't have the form of theirs.",
    ],
    [
      ['salesforce', '--tenant', 'a', '--account', '00DHp00000TqkAB', '--secret-file', fileOf('s', 'whsec_x1234')],
      'Messages of Salesforce are not signed: they need no secret.',
    ],
  ])('given as %j is refused by name', async (args, reason) => {
    const { code, err } = await connect(args);
    expect([code, err.split('\n')[0]]).toEqual([1, expect.stringContaining(reason)]);
    expect(err).not.toContain('whsec_x');
  });
});

describe('--disable', () => {
  it('answers the sender by name until --enable', async () => {
    const made = await told('cloudevents', '--tenant', 'acme');
    const [id, url, secret] = ['connection', 'url', 'secret'].map((name) => made.text(name));
    expect(await connect(['--disable', id ?? ''])).toMatchObject({
      code: 0,
      out: expect.stringContaining('"disabled": true'),
    });
    expect(await post(url ?? '', secret ?? '')).toEqual({ status: 403, reason: 'connectionDisabled' });
    expect((await listed('--tenant', 'acme')).find((each) => each.text('connection') === id)?.raw('disabled')).toBe(
      true,
    );
    expect((await connect(['--enable', id ?? ''])).code).toBe(0);
    expect((await post(url ?? '', secret ?? '')).status).toBe(202);
  });
});

describe('--rhythm', () => {
  it('is declared, changed and taken away', async () => {
    const id = (await told('cloudevents', '--tenant', 'acme', '--account', 'regular', '--rhythm', '24')).text(
      'connection',
    );
    const changed = async (rhythm: string) => (await told('--connection', id, '--rhythm', rhythm)).flag('changed');
    const shown = async () =>
      (await listed('--tenant', 'acme')).find((each) => each.text('connection') === id)?.raw('rhythmHours');
    expect([await shown(), await changed('24'), await changed('48'), await shown()]).toEqual([24, false, true, 48]);
    expect([await changed('none'), await changed('none'), await shown()]).toEqual([true, false, undefined]);
    expect((await connect(['--connection', id, '--rhythm', 'daily'])).err).toContain('--rhythm daily is no number');
  });
});

describe('--rotate', () => {
  it('loses no message: the new secret holds at once, and the one before until its time', async () => {
    const made = await told('cloudevents', '--tenant', 'acme');
    const [id = '', url = '', first = ''] = ['connection', 'url', 'secret'].map((name) => made.text(name));
    expect((await post(url, first)).status).toBe(202);
    const began = Date.now();
    const rotated = await told('--rotate', id);
    const second = rotated.text('secret');
    const heldHours = (Date.parse(rotated.text('oldHoldsUntil')) - began) / 3_600_000;
    expect(heldHours).toBeGreaterThanOrEqual(24);
    expect(heldHours).toBeLessThan(25);
    expect([(await post(url, second)).status, (await post(url, first)).status]).toEqual([202, 202]);
    const third = await told('--rotate', id, '--hold', '0');
    expect(third.text('secret')).not.toBe(second);
    const sample = await connect(['--sample', id]);
    expect(sample.out).not.toContain('whsec_');
    expect(sample.out).toMatch(/^curl -i /);
  });

  it.each([
    [['--hold', 'soon'], '--hold soon is no number of hours'],
    [['--hold', '-1'], '--hold'],
    [['--hold', '721'], '--hold 721 is no number of hours'],
  ])('refuses %j', async (args, reason) => {
    const { code, err } = await connect(['--rotate', 'c-1', ...args]);
    expect([code, err]).toEqual([1, expect.stringContaining(reason)]);
  });
});
