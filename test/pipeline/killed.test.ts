// Is anything lost or doubled when the whole runtime, or its engine alone, dies in mid-load? kill -9 again and again, and rows equal to a rebuild.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { tableNames } from '../../domain/rows/catalog.ts';
import { sendCommand } from '../../infra/commands/commandServer.ts';
import { dataFiles } from '../../infra/local/core/dataDirectory.ts';
import { type Instance, run, startInstance } from '../support/processes.ts';
import { removeRows } from '../support/rows/removedRows.ts';
import { type Message, senderOf } from '../support/sender.ts';

let data = '';
let instance: Instance | undefined;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'throughline-killed-'));
});
afterEach(async () => {
  await instance?.stop();
  instance = undefined;
  rmSync(data, { recursive: true, force: true });
});

/** How often each kind of death comes; a longer proof asks for more by the environment. */
const kills = Number(process.env.THROUGHLINE_KILLS ?? 2);
const deals = Math.max(24, kills * 3);

/** Kills the engine's process alone; answers its id. The runtime starts another one, and goes on. */
const killEngine = (): number => {
  const { pid } = z
    .looseObject({ pid: z.number() })
    .parse(JSON.parse(readFileSync(dataFiles.engineNote(data), 'utf8')));
  process.kill(pid, 'SIGKILL');
  return pid;
};

/** Each ends something, and resolves when what follows it can be killed too. */
const deaths: Readonly<Record<string, (port: string) => Promise<void>>> = {
  'the whole tree': async (port) => {
    await instance?.kill();
    instance = await startInstance('--port', port, '--data', data);
  },
  'the engine alone': async () => {
    const pid = killEngine();
    while (readFileSync(dataFiles.engineNote(data), 'utf8').includes(`${pid}`)) await wait(20);
  },
};

/** The story of one deal, five facts, of which two breach a rule. */
const story = (deal: number): readonly Message[] => {
  const subject = `crm/opportunity/deal-${deal}`;
  const say = (type: string, day: number, said: Message['data']): Message => ({
    id: `${type}-${deal}`,
    type: `throughline.${type}`,
    time: `2026-03-${String(day).padStart(2, '0')}T09:00:00Z`,
    subject,
    data: said,
  });
  return [
    say('EngagementOpened', 1, { segment: 'retail' }),
    say('SolutionProposed', 5, {}),
    say('RouteAgreed', 6, { route: 'direct' }),
    say('DealClosed', 10, { result: 'won', value: { amount: '1200.00', currency: 'EUR' } }),
    say('DeliveryStarted', 12, {}),
  ];
};

const Listed = z.looseObject({ items: z.array(z.record(z.string(), z.unknown())), cursor: z.string().optional() });

const Waits = z.looseObject({
  waits: z.looseObject({
    queues: z.array(z.looseObject({ waiting: z.number(), inFlight: z.number() })),
  }),
});

/** Waits for all work: a message whose function died stays hidden until its visibility timeout, which `drained` doesn't wait for. */
const allWorkDone = async (url: string): Promise<void> => {
  const token = (await run('token', '--role', 'vendor', '--tenant', 'acme', '--data', data)).trim();
  for (;;) {
    await sendCommand(data, 'drained', {});
    const answer = await fetch(`${url}/v1/health`, { headers: { authorization: `Bearer ${token}` } });
    const { queues } = Waits.parse(await answer.json()).waits;
    if (queues.every(({ waiting, inFlight }) => waiting + inFlight === 0)) return;
    await wait(200);
  }
};

const rowsOf = async (url: string): Promise<Readonly<Record<string, unknown>>> => {
  const token = (await run('token', '--role', 'vendor', '--tenant', 'acme', '--data', data)).trim();
  const rows: Record<string, unknown> = {};
  for (const table of tableNames) {
    let cursor: string | undefined;
    do {
      const answer = await fetch(
        `${url}/v1/tables/${table}?limit=500${cursor === undefined ? '' : `&cursor=${cursor}`}`,
        {
          headers: { authorization: `Bearer ${token}` },
        },
      );
      const page = Listed.parse(await answer.json());
      for (const row of page.items) rows[`${table}|${String(row.rowKey)}`] = row;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
  return rows;
};

test.each(Object.keys(deaths))(
  'no accepted message is lost or doubled by the death of %s, and rows equal a rebuild',
  async (of) => {
    instance = await startInstance('--port', '0', '--data', data);
    const port = new URL(instance.url).port;
    const sender = senderOf(
      await run(
        'connect',
        'cloudevents',
        '--tenant',
        'acme',
        '--account',
        'tools',
        '--allow',
        'EngagementOpened,DealClosed',
        '--data',
        data,
      ),
    );
    const messages = Array.from({ length: deals }, (_, deal) => story(deal)).flat();
    // Out of order and in another order for every deal, as no order is promised.
    const queue = messages.toSorted((a, b) =>
      a.id.length * 7 + a.id.charCodeAt(0) < b.id.length * 7 + b.id.charCodeAt(0) ? -1 : 1,
    );
    let kept = 0;
    const hand = async (): Promise<void> => {
      for (let message = queue.pop(); message !== undefined; message = queue.pop()) {
        while ((await sender.deliver(message)) !== 202) await wait(50);
        kept += 1;
      }
    };
    const hands = Promise.all(Array.from({ length: 6 }, hand));
    for (let killed = 1; killed <= kills; killed += 1) {
      while (kept < (messages.length * killed) / (kills + 1)) await wait(5);
      await deaths[of]?.(port);
    }
    await hands;
    await allWorkDone(instance.url);
    const rows = await rowsOf(instance.url);
    const heads = Object.entries(rows).filter(([id]) => id.startsWith('engagements|'));
    expect(heads).toHaveLength(deals);

    const token = (await run('token', '--role', 'vendor', '--tenant', 'acme', '--data', data)).trim();
    for (const [, head] of heads) {
      const { rowKey } = z.looseObject({ rowKey: z.string() }).parse(head);
      const answer = await fetch(`${instance.url}/v1/engagements/${rowKey}/events`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const { items } = Listed.parse(await answer.json());
      const types = items.map((event) => event.type).sort();
      expect(types).toEqual([
        'DealClosed',
        'DeliveryStarted',
        'EngagementOpened',
        'RouteAgreed',
        'SolutionProposed',
        'StageEntered',
        'StageEntered',
        'StageEntered',
      ]);
    }

    expect(await run('verify', '--data', data)).toContain('Every chain holds');
    await instance.stop();
    instance = await startInstance('--port', port, '--data', data);
    expect(await removeRows(data)).toBe(Object.keys(rows).length);
    await run('rebuild', '--data', data);
    expect(await rowsOf(instance.url)).toEqual(rows);
  },
  1_200_000,
);
