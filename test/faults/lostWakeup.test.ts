// Can a link slip through between a look at it and the note that somebody waits for it? Recorded and woken in just that moment, it is found.
import { afterAll, expect, test, vi } from 'vitest';
import { scan, tablesOf } from '../../infra/faults/endState.ts';
import type { CallInterceptor, ServiceCall } from '../../infra/local/core/callInterceptor.ts';
import { isObject } from '../../infra/local/core/json.ts';
import { plainDelivery } from '../../infra/local/lambda/deliveryInterceptor.ts';
import { startWorld, type World } from './world.ts';

let world: World | undefined;
afterAll(async () => {
  await world?.stop();
});

const pointsAtAWaiting = ({ caller, operation, input }: ServiceCall): boolean => {
  const { Item } = input;
  const kind = isObject(Item) ? Item.kind : undefined;
  return caller === 'Translate' && operation === 'PutItem' && isObject(kind) && kind.S === 'wait';
};

test('a link that is recorded just before a receipt begins to wait still wakes the receipt', async () => {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  let woken = 0;
  const interceptor: CallInterceptor = async (call, pass) => {
    if (call.caller === 'Translate' && call.operation === 'Query' && JSON.stringify(call.input).includes('wait#'))
      woken += 1;
    if (pointsAtAWaiting(call)) {
      reached.resolve();
      await released.promise;
    }
    return await pass();
  };
  // Two workers, so that the link is heard while the receipt's translation stands still.
  const started = await startWorld([interceptor], plainDelivery, { workers: 2 });
  world = started;
  const { documents } = await started.play(async ({ send, record, settle, at }) => {
    await send({ type: 'MilestoneReached', at: -30, subject: 'engagement/ENG-1', data: { milestone: 'go_live' } });
    await reached.promise;
    const to = { external: { system: 'crm', kind: 'opportunity', id: 'deal-1' } };
    const external = { system: 'reference', kind: 'engagement', id: 'ENG-1' };
    await record('link', {
      type: 'IdentityLinked',
      occurredAt: at(-20),
      data: { external, to, reason: 'said by phone' },
    });
    await vi.waitFor(() => expect(woken).toBe(1), { timeout: 60_000, interval: 10 });
    const receipts = tablesOf(started.runtime.plan).get('RECEIPTS_TABLE') ?? '';
    expect((await scan(started.runtime.engine.call, receipts)).filter(({ kind }) => kind === 'wait')).toEqual([]);
    released.resolve();
    await settle();
  });
  expect(documents.filter((document) => document.startsWith('pointer'))).toEqual([]);
  expect(
    documents.filter((document) => document.startsWith('receipt')).map((text) => /"status":"(\w+)"/.exec(text)?.[1]),
  ).toEqual(['translated']);
  expect(documents.some((document) => document.includes('"type":"MilestoneReached"'))).toBe(true);
}, 180_000);
