// Do functions that share a thread stay apart, as in processes of their own? Their code, environment, output, and what befalls one of them.
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { groupsOf } from '../../../infra/local/lambda/placement.ts';
import { type Runtime, startRuntime } from '../../../infra/local/runtime.ts';
import { arnOf, assemble, lambda, ref, temporaryFolder } from '../../support/localTemplate.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Says what it finds around it, and leaves a trace in each place. */
const found = `
  import { existsSync, writeFileSync } from 'node:fs';
  let events = 0;
  export const handler = async (event) => {
    if (event.print) console.log(process.env.WHO + ' speaks');
    if (event.waits) await new Promise(() => {});
    if (event.waitsOnce && !existsSync(event.waitsOnce)) {
      writeFileSync(event.waitsOnce, '');
      await new Promise(() => {});
    }
    if (event.exits) process.exit(3);
    while (event.hangs) events += 0;
    events += 1;
    const seen = { who: process.env.WHO, key: process.env.AWS_ACCESS_KEY_ID, global: globalThis.trace ?? null, events };
    globalThis.trace = process.env.WHO;
    process.env.TRACE = 'x';
    return seen;
  };`;

/** Answers nobody before two have come. */
const pair = `
  import { existsSync, writeFileSync } from 'node:fs';
  let both; const second = new Promise((resolve) => { both = resolve; });
  let here = 0;
  export const handler = async (event) => {
    if (event.waits) await new Promise(() => {});
    if (event.waitsOnce && !existsSync(event.waitsOnce)) {
      writeFileSync(event.waitsOnce, '');
      await new Promise(() => {});
    }
    if (event.waitsOnce) return 'tried again';
    here += 1;
    if (here === 2) both();
    await second;
    return { statusCode: 200, body: process.env.WHO };
  };`;

const route = (method: string) => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: {
    ...{ ApiId: ref('Api'), RouteKey: `${method} /pair` },
    Target: { 'Fn::Join': ['', ['integrations/', ref('Integration')]] },
  },
});

const resources = {
  First: lambda('first', { WHO: 'the first' }, { Timeout: 2 }),
  Second: lambda('second', { WHO: 'the second' }, { Timeout: 60 }),
  Third: lambda('third', { WHO: 'the third' }, { Timeout: 60 }),
  Pair: lambda('pair', { WHO: 'the pair' }, { Timeout: 2 }),
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: { IntegrationType: 'AWS_PROXY', IntegrationUri: arnOf('Pair'), PayloadFormatVersion: '2.0' },
  },
  Route: route('GET'),
};

const temporary = temporaryFolder();
const printed: (readonly [string, string])[] = [];
let runtime: Runtime;

beforeAll(async () => {
  runtime = await startRuntime({
    dataDir: `${temporary.folder}/data`,
    template: await assemble(temporary.folder, resources, { first: found, second: found, third: found, pair }),
    timing: { threadHangs: 1_000 },
    output: (name, text) => void printed.push([name, text]),
  });
});
afterAll(async () => {
  await runtime.stop();
  temporary.remove();
});

const answerOf = async (name: string, event: object = {}): Promise<unknown> => {
  const result = await runtime.invoke(name, event);
  return result.ok ? result.value : result.error.errorType;
};

describe('functions in one thread', () => {
  it('stand together where the same people wait for them', () => {
    const names = groupsOf(runtime.plan, 'shared').map(({ name, functions }) => [name, functions.map((f) => f.name)]);
    expect(names).toEqual([
      ['batches', ['first', 'second', 'third']],
      ['senders', ['pair']],
    ]);
    expect(groupsOf(runtime.plan, 'apart').map(({ name }) => name)).toEqual(['first', 'second', 'third', 'pair']);
  });

  it('have each their own module, environment and globals', async () => {
    expect(await answerOf('first')).toEqual({ who: 'the first', key: 'first', global: null, events: 1 });
    expect(await answerOf('second')).toEqual({ who: 'the second', key: 'second', global: null, events: 1 });
    expect(await answerOf('first')).toEqual({ who: 'the first', key: 'first', global: 'the first', events: 2 });
  });

  it('print under their own names', async () => {
    await Promise.all(['first', 'second'].map((name) => answerOf(name, { print: true })));
    expect(printed.map(([name, text]) => `${name}: ${text}`)).toEqual(
      expect.arrayContaining(['first: the first speaks\n', 'second: the second speaks\n']),
    );
  });

  it('answer several requests at once', async () => {
    const answers = await Promise.all([1, 2].map(() => fetch(`${runtime.url}/pair`)));
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(['the pair', 'the pair']);
  });

  it('keep what they are at when another waits too long, which begins anew', async () => {
    const before = await answerOf('second');
    expect(await answerOf('first', { waits: true })).toBe('Sandbox.Timedout');
    expect(await answerOf('first')).toMatchObject({ global: null, events: 1 });
    expect(await answerOf('second')).toMatchObject({ events: Object(before).events + 1 });
  });

  it('begin anew when one of them hangs, and what the others did is tried again', async () => {
    const neighbour = answerOf('second', { waitsOnce: `${temporary.folder}/hung` });
    expect(await answerOf('first', { hangs: true })).toBe('Sandbox.Timedout');
    expect(await neighbour).toMatchObject({ events: 1 });
    expect(await answerOf('second')).toMatchObject({ events: 1 });
  });

  it('begin anew when one of them crashes, and what the others did is tried again', async () => {
    const crashed = answerOf('first', { waits: true });
    const trace = `${temporary.folder}/crashed`;
    const neighbour = answerOf('second', { waitsOnce: trace });
    await vi.waitUntil(() => existsSync(trace));
    runtime.crash('first');
    expect(await crashed).toBe('Runtime.ExitError');
    expect(await neighbour).toMatchObject({ events: 1 });
    expect(await answerOf('second')).toMatchObject({ events: 1 });
  });

  it('crash also while an event of theirs is tried again', async () => {
    const crashed = answerOf('second', { waits: true });
    const neighbour = answerOf('first', { waits: true });
    runtime.crash('first');
    expect(await neighbour).toBe('Runtime.ExitError');
    runtime.crash('second');
    expect(await crashed).toBe('Runtime.ExitError');
  });

  it('keep what another event of the same function does when one takes too long', async () => {
    const late = answerOf('pair', { waits: true });
    const neighbour = answerOf('pair', { waitsOnce: `${temporary.folder}/late` });
    expect(await late).toBe('Sandbox.Timedout');
    expect(await neighbour).toBe('tried again');
  });

  it('show by trying each alone which event ends a thread, and only that one fails', async () => {
    const neighbours = ['second', 'third'].map((name) => answerOf(name, { waitsOnce: `${temporary.folder}/${name}` }));
    expect(await answerOf('first', { exits: true })).toBe('Runtime.ExitError');
    expect(await Promise.all(neighbours)).toEqual([
      expect.objectContaining({ events: 1 }),
      expect.objectContaining({ events: 1 }),
    ]);
  });
});
