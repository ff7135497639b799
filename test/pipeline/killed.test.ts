// Is anything lost when the whole runtime dies in mid-load? kill -9 three times, and rows equal to a rebuild at the end.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import * as z from 'zod';
import { tableNames } from '../../domain/rows/catalog.ts';
import { sendCommand } from '../../infra/commands/commandServer.ts';
import { type Instance, run, startInstance } from '../support/processes.ts';
import { removeRows } from '../support/rows/removedRows.ts';
import { type Message, senderOf } from '../support/sender.ts';

const data = mkdtempSync(join(tmpdir(), 'throughline-killed-'));
let instance: Instance | undefined;
afterAll(async () => {
  await instance?.stop();
  rmSync(data, { recursive: true, force: true });
});

const deals = 24;

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

test('no accepted message is lost or doubled, and rows equal a rebuild', async () => {
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
  for (const share of [0.2, 0.5, 0.8]) {
    while (kept < messages.length * share) await wait(5);
    await instance.kill();
    instance = await startInstance('--port', port, '--data', data);
  }
  await hands;
  await sendCommand(data, 'drained', {});
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

  await instance.stop();
  instance = await startInstance('--port', port, '--data', data);
  expect(await removeRows(data)).toBe(Object.keys(rows).length);
  await run('rebuild', '--data', data);
  expect(await rowsOf(instance.url)).toEqual(rows);
}, 240_000);
