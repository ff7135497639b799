// Is a mapping changed, and are messages tried with it, before they count? Whole processes against a running instance.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connecting } from '../../../support/connect/connecting.ts';
import { opportunity } from '../../../support/connect/opportunity.ts';
import { runScript } from '../../../support/operated.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const { connect, fileOf, folder, listed, start, stop, told } = connecting();
beforeAll(start);
afterAll(stop);

const rules = {
  rules: [
    {
      type: 'work.done',
      as: 'WorkLogged',
      subject: { reference: 'data.ref' },
      fields: {
        workId: 'data.id',
        minutes: { path: 'data.minutes', as: 'number' },
        category: { constant: 'implementation' },
      },
    },
  ],
};

describe('--mapping', () => {
  it('from a file on an existing connection raises its version, once', async () => {
    const made = await told('cloudevents', '--tenant', 'acme');
    const id = made.text('connection');
    const path = fileOf('mapping.json', `\uFEFF${JSON.stringify(rules, null, 2)}`);
    const change = async (...args: readonly string[]) =>
      Object.fromEntries((await told('--connection', id, ...args)).entries());
    expect(await change('--mapping', `@${path}`)).toEqual({
      connection: id,
      mappingVersion: 2,
      changed: true,
      allowed: [],
    });
    expect(await change('--mapping', `@${path}`)).toMatchObject({ mappingVersion: 2, changed: false });
    expect(await change('--mapping', '{}')).toMatchObject({ mappingVersion: 3, changed: true });
    expect(await change('--mapping', '{"version":9,"rules":[]}')).toMatchObject({ mappingVersion: 9 });
    expect(await change('--allow', 'DealClosed,OrderPlaced')).toMatchObject({
      mappingVersion: 9,
      changed: true,
      allowed: ['DealClosed'],
    });
    expect(await change('--allow', 'DealClosed')).toMatchObject({ changed: false });
    const [stored] = (await listed()).filter((each) => each.text('connection') === id);
    expect(stored?.texts('allowedTypes')).toContain('DealClosed');
    expect(stored?.raw('mappingVersion')).toBe(9);
  });

  let existing = '';
  beforeAll(async () => {
    existing = (await told('cloudevents', '--tenant', 'acme')).text('connection');
  });

  it.each([
    ['@/nowhere.json', '--mapping: the file "/nowhere.json" can\'t be read'],
    [`@${folder}`, "can't be read"],
    [`@${fileOf('no.json', 'rules: none')}`, 'is not JSON'],
    [`@${fileOf('large.json', `{"x":"${'x'.repeat(1024 * 1024)}"}`)}`, 'bytes; 262144 are allowed'],
    [`@${fileOf('deep.json', `${'['.repeat(10_000)}${']'.repeat(10_000)}`)}`, 'nests deeper than 64 levels'],
    ['[]', 'mapping: expected an object'],
    ['"text"', 'mapping'],
    ['{"rules":[{"type":"x","as":"WorkLogged","fields":{"hours":"data.h"}}]}', '--mapping at rules.0.fields.hours'],
  ])('refuses %s on a new connection and on an existing one', async (mapping, reason) => {
    for (const where of [
      ['cloudevents', '--tenant', 'acme'],
      ['--connection', existing],
    ]) {
      const { code, err } = await connect([...where, '--mapping', mapping]);
      expect([code, err]).toEqual([1, expect.stringContaining(reason)]);
      expect(err).not.toMatch(/\n {4}at /);
    }
  });
});

describe('--check', () => {
  const messages = [
    {
      specversion: '1.0',
      id: '1',
      source: '/s',
      type: 'work.done',
      time: '2026-11-01T10:00:00Z',
      data: { ref: 'R-1', id: 'w1', minutes: 60 },
    },
    { specversion: '1.0', id: '2', source: '/s', type: 'work.done', data: { ref: 'R-1', id: 'w2', minutes: 'many' } },
    { specversion: '1.0', id: '3', source: '/s', type: 'com.other', data: {} },
  ];
  const list = fileOf('messages.json', JSON.stringify(messages));
  const mapping = ['--mapping', JSON.stringify(rules)];

  it('prints what each message would become, stores nothing, and ends with 1 where something is wrong', async () => {
    const { code, out } = await connect(['--check', list, 'cloudevents', ...mapping]);
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      'message 1:',
      '  WorkLogged at 2026-11-01T10:00:00.000Z about reference/engagement/R-1: {"workId":"w1","category":"implementation","minutes":60}',
      'message 2: would be refused: mappingUnmet',
      "  data.minutes: the value here can't be read as number",
      'message 3: would be ignored: typeNotMapped: com.other',
      '3 messages: 1 fact, 1 wrong. Nothing was stored.',
      '',
    ]);
    const fine = fileOf('fine.ndjson', `${JSON.stringify(messages[0])}\n${JSON.stringify(messages[2])}\n`);
    expect((await connect(['--check', fine, 'cloudevents', ...mapping])).code).toBe(0);
  });

  it('needs no instance', async () => {
    const { code } = await runScript('commands/connect.ts', ['--check', list, 'cloudevents', '--data', '/nowhere']);
    expect(code).toBe(0);
  });

  it('reads with the mapping of a stored connection, or with another one in its place', async () => {
    const made = await told('cloudevents', '--tenant', 'acme', ...mapping);
    const stored = ['--check', list, '--connection', made.text('connection')];
    expect((await connect(stored)).out).toContain('1 fact, 1 wrong');
    expect((await connect([...stored, '--mapping', '{}'])).out).toContain('0 facts, 0 wrong');
    expect(
      (await listed()).find((each) => each.text('connection') === made.text('connection'))?.raw('mappingVersion'),
    ).toBe(1);
  });

  it('names what the connection may not say, and a line that is no JSON', async () => {
    const opened = {
      ...messages[0],
      type: 'throughline.DealClosed',
      subject: 'engagement/R-1',
      data: { result: 'won' },
    };
    const path = fileOf('closed.ndjson', `${JSON.stringify(opened)}\noops\n`);
    const { code, out } = await connect(['--check', path, 'cloudevents']);
    expect([code, out]).toEqual([
      1,
      expect.stringMatching(/^line 1: would wait: notAllowed: .* DealClosed\nline 2: would be refused: notJson\n/),
    ]);
    expect((await connect(['--check', path, 'cloudevents', '--allow', 'DealClosed'])).out).toContain('1 fact, 1 wrong');
  });

  it('reads the bodies of Stripe, and details of Salesforce', async () => {
    const event = fileOf('stripe.json', '{"id":"evt_1","type":"customer.created"}');
    expect(await connect(['--check', event, 'stripe'])).toMatchObject({ code: 0 });
    const { code, out } = await connect([
      '--check',
      fileOf('crm.json', opportunity('1')),
      'salesforce',
      '--account',
      '00DHp00000TqkAB',
    ]);
    expect([code, out]).toEqual([0, expect.stringMatching(/EngagementOpened at .*\n/)]);
    expect(out).toContain(
      '  links reference/engagement/ENG-SENT-1 with salesforce:00DHp00000TqkABMAZ/Opportunity/0061t00000AbCdEAAV',
    );
  });
});
