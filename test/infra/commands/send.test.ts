// Are events of a file played over the partner bus, and do commands refuse what is not theirs? Whole processes against a running instance.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connecting } from '../../support/connect/connecting.ts';
import { opportunity } from '../../support/connect/opportunity.ts';
import { runScript } from '../../support/operated.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const { connect, fileOf, folder, listed, send, start, stop, told } = connecting();
beforeAll(start);
afterAll(stop);

describe('npm run send', () => {
  it('plays the events of a file over the partner bus of the running instance', async () => {
    const path = fileOf('events.ndjson', `${opportunity('9')}\n${opportunity('10')}\n`);
    expect((await send('salesforce', path)).err).toContain('No org of Salesforce is connected here');
    await told('salesforce', '--tenant', 'sender', '--account', '00DHp00000TqkAB');
    expect(await send('salesforce', path)).toEqual({
      code: 0,
      err: '',
      out: '2 events sent over aws.partner/salesforce.com/00DHp00000TqkABMAZ/throughline.\n',
    });
    const [heard] = await eventually(
      () => listed('--tenant', 'sender'),
      ([only]) => only?.raw('lastHeardAt') !== null,
    );
    expect(heard?.text('account')).toBe('00DHp00000TqkABMAZ');
    // Another tenant can't take the org over.
    expect(await connect(['salesforce', '--tenant', 'thief', '--account', '00DHp00000TqkAB'])).toMatchObject({
      code: 1,
      err: `The org 00DHp00000TqkABMAZ is connected already: connection ${heard?.text('connection')} of tenant sender.\n`,
    });
  });

  it.each([
    [['salesforce'], 'Name a source and one file.'],
    [['stripe', 'x'], 'Messages of Stripe come over HTTP: npm run connect -- --sample ID prints a signed request.'],
    [['fax', 'x'], 'Source "fax" can\'t be connected'],
    [['salesforce', 'x', '--account', 'acct_1'], '--account should be the org of Salesforce'],
    [
      ['salesforce', 'x', '--stack', 'T'],
      '--stack: the partner bus of a deployed stack takes events only from its partner.',
    ],
  ])('refuses %j', async (args, reason) => {
    const { code, err } = await send(...args);
    expect([code, err]).toEqual([1, expect.stringContaining(reason)]);
  });
});

describe('a connection', () => {
  it('of another tenant, or of nobody, is refused by name whatever is asked', async () => {
    const id = (await told('cloudevents', '--tenant', 'acme')).text('connection');
    for (const name of ['--disable', '--enable', '--rotate', '--sample', '--connection']) {
      const more = name === '--connection' ? ['--mapping', '{}'] : [];
      const foreign = await connect([name, id, '--tenant', 'other', ...more]);
      expect([name, foreign.code, foreign.out, foreign.err]).toEqual([
        name,
        1,
        '',
        expect.stringContaining(`There is no connection ${id} of tenant other in the data directory`),
      ]);
      const nobody = await connect([name, 'salesforce#00DHp00000TqkABMAZ', ...more]);
      expect([name, nobody.code, nobody.err]).toEqual([name, 1, expect.stringContaining('There is no connection')]);
    }
    expect((await listed('--tenant', 'acme')).find((each) => each.text('connection') === id)?.raw('disabled')).toBe(
      false,
    );
  });

  it.each([
    [['--list', '--disable', 'c-1'], 'Do one thing at a time: --list or --disable.'],
    [['--list', '--currency', 'EUR'], "--currency can't be given with --list."],
    [['stripe', '--tenant', 'a', '--hold', '1'], "--hold can't be given with a new connection."],
    [['stripe', '--list'], "A source can't be given here: stripe."],
    [['--connection', 'c-1'], '--connection needs --mapping, --allow, --partner, --no-partner or --rhythm.'],
    [['cloudevents', '--tenant', 'a', '--test-data'], "--test-data: the messages of CloudEvents don't say"],
  ])('is not changed by %j', async (args, reason) => {
    const { code, err } = await connect(args);
    expect([code, err.split('\n')[0]]).toEqual([1, expect.stringContaining(reason)]);
  });
});

it.each([
  ['connect.ts', ['--list']],
  ['connect.ts', ['cloudevents', '--tenant', 'acme']],
  ['connect.ts', ['--sample', 'c-1']],
  ['token.ts', ['--role', 'vendor', '--tenant', 'acme']],
  ['export.ts', ['flags', '--tenant', 'acme']],
  ['rebuild.ts', []],
  ['verify.ts', []],
  ['redrive.ts', ['--list']],
  ['send.ts', ['salesforce', 'x']],
])('%s %j names a data directory that no instance has made', async (script, args) => {
  for (const nowhere of [join(folder, 'nowhere'), folder]) {
    const { code, out, err } = await runScript(`commands/${script}`, [...args, '--data', nowhere]);
    expect([code, out, err]).toEqual([
      1,
      '',
      `${nowhere} is no data directory of an instance: npm start makes it (--data DIR names another one, --stack NAME a deployed stack).\n`,
    ]);
  }
});

it('package.json starts what the README calls npm run send', () => {
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'));
  expect(scripts.send).toBe(scripts.connect.replace('connect.ts', 'send.ts'));
});

/** Asks until the answer is there; the test's own time limit ends it. */
async function eventually<T>(ask: () => Promise<T>, isThere: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isThere(answer)) return answer;
  }
}
