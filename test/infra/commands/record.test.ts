// Does `npm run record` record what a person says, here and elsewhere, and tell events and problems in plain words?
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sendCommand } from '../../../infra/commands/commandServer.ts';
import { temporaryFolder } from '../../support/localTemplate.ts';
import { runScript } from '../../support/operated.ts';
import { type Instance, run, startInstance } from '../../support/processes.ts';

// Real processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const temporary = temporaryFolder();
const data = ['--data', `${temporary.folder}/data`];
let instance: Instance;
let token: string;
let engagement: string;

const record = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  runScript('commands/record.ts', args, environment);
const here = (...args: readonly string[]) => record([...args, '--tenant', 'acme', ...data]);

beforeAll(async () => {
  instance = await startInstance(...data, '--port', '0');
  token = (await run('token', '--role', 'vendor', '--tenant', 'acme', ...data)).trim();
  const { code, out, err } = await here('EngagementOpened');
  expect([code, err]).toEqual([0, '']);
  engagement = /of acme\/engagement\/(\S+)/.exec(out)?.[1] ?? '';
});
afterAll(async () => {
  await instance.stop();
  temporary.remove();
});

describe('a fact', () => {
  it('is recorded from words, under a new key that is printed; said again with it, it adds nothing', async () => {
    const words = [
      'HandoffOffered',
      '--engagement',
      engagement,
      'handoffId=h-417',
      'fromStage=sell',
      'toStage=deliver',
    ];
    const at = ['--at', '2026-07-11T11:00:00+02:00'];
    const first = await here(...words, 'toOwner=crm:user/42', ...at);
    expect([first.code, first.err]).toEqual([0, '']);
    expect(first.out).toMatch(/^Recorded: HandoffOffered, which occurred at 2026-07-11T09:00:00\.000Z$/m);
    expect(first.out).toMatch(/^ {2}toOwner +crm:user\/42$/m);
    const [, key = ''] = /said again with --key (\S+) it adds nothing/.exec(first.out) ?? [];
    const again = await here(...words, 'toOwner=crm:user/42', ...at, '--key', key);
    expect(again.out).toBe(first.out.replace(/ {2}under the key .*\n/, ''));
    const answered = await here('HandoffAccepted', '--engagement', engagement, 'handoffId=h-417');
    expect(answered.out).toMatch(/^ {2}toStage +deliver$/m);
  });

  it('is recorded from JSON, and from a file, as whoever the flags name', async () => {
    const outcome = ['OutcomeAgreed', '--engagement', engagement];
    expect(await here(...outcome, '--data', '{"outcomeId":"one"}')).toMatchObject({ code: 0, err: '' });
    const file = `${temporary.folder}/outcome.json`;
    writeFileSync(file, '\uFEFF{"outcomeId":"two"}\n');
    expect(await here(...outcome, '--data', `@${file}`, '--subject', 'vera')).toMatchObject({ code: 0, err: '' });
    await sendCommand(`${temporary.folder}/data`, 'drained', {});
    const events = await fetch(`${instance.url}/v1/engagements/${engagement}/events`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await events.text();
    expect(text).toContain('"actor":"vendor@acme"');
    expect(text).toContain('"actor":"vera"');
  });

  it('is recorded elsewhere with the token of the environment or of a file, never of an argument', async () => {
    const words = ['OutcomeAgreed', '--engagement', engagement, '--url', instance.url];
    expect(await record([...words, 'outcomeId=three'], { THROUGHLINE_TOKEN: token })).toMatchObject({
      code: 0,
      err: '',
    });
    const file = `${temporary.folder}/token`;
    writeFileSync(file, `${token}\n`);
    expect(await record([...words, 'outcomeId=four', '--token-file', file])).toMatchObject({ code: 0, err: '' });
    const none = await record([...words, 'outcomeId=five']);
    expect([none.code, none.err]).toEqual([
      1,
      'Put the token into THROUGHLINE_TOKEN, or into a file: --token-file FILE (- is standard input).\n',
    ]);
    expect((await record([...words, '--token', token])).err).toContain('A token has no place in arguments');
  });
});

describe('a refusal ends with 1, and says', () => {
  it.each<readonly [string, readonly string[], string]>([
    ['what is missing', ['HandoffOffered', '--engagement', 'E'], 'data.fromStage: missing\n'],
    ['which rule stands against it', ['EngagementOpened', '--engagement', 'E'], 'Not recorded (409, alreadyOpened): '],
    [
      'what is not known',
      ['HandoffAccepted', '--engagement', 'E', 'handoffId=h9'],
      '(422, handoffNotOffered): no offer',
    ],
    [
      'that there is no such engagement',
      ['RouteAgreed', '--reference', 'R', 'route=direct'],
      '(404, engagementUnknown): ',
    ],
    ['what the words lack', ['HandoffOffered', 'handoffId'], '"handoffId" says no field'],
    ['that the type comes first', ['handoffId=h1'], 'Name the type first.'],
    ['that fields come one way', ['RouteAgreed', 'route=direct', '--data', '{}'], 'not both'],
    [
      'that a file is absent',
      ['RouteAgreed', '--data', '@absent.json'],
      '--data: the file "absent.json" can\'t be read',
    ],
    ['that data is not JSON', ['RouteAgreed', '--data', '{x'], '--data is not JSON'],
  ])('%s', async (_, words, reason) => {
    const { code, out, err } = await here(...words.map((word) => (word === 'E' ? engagement : word)));
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(reason);
  });

  it('that the API is out of reach, and the key to send it again with', async () => {
    const { code, err } = await record(['EngagementOpened', '--url', 'http://127.0.0.1:1'], { THROUGHLINE_TOKEN: 'x' });
    expect([code, err]).toEqual([1, expect.stringMatching(/could not be reached: .*\n.*with --key [\w-]{36}\.\n$/)]);
  });
});
