// Is an order held up, cancelled or fulfilled, whatever key a fact names and in whatever order facts arrive?
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../domain/engagement/facts.ts';
import { blockAt } from '../../../domain/engagement/orderStates.ts';
import { ordersOf } from '../../../domain/engagement/orders.ts';
import { historyOf, inFoldOrder, standing } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { retracted } from '../../support/histories/engagementFacts.ts';
import { instant, recorded, stream } from '../../support/histories/events.ts';

const placed = recorded(
  'OrderPlaced',
  { claimedBy: 'crm', orderId: 'O1', agreementId: 'A1', poNumber: 'P1' },
  { at: '2026-02-01' },
);
const blocked = (at: string, orderId = 'O1', reason: 'credit' | 'legal' = 'credit') =>
  recorded('OrderBlocked', { orderId, reason }, { at });
const unblocked = (at: string, orderId = 'O1') => recorded('OrderUnblocked', { orderId }, { at });
const cancelled = (at: string, orderId = 'O1') => recorded('OrderCancelled', { orderId, reason: 'code:no' }, { at });
const fulfilled = (at: string, orderId = 'O1') => recorded('OrderFulfilled', { orderId }, { at });
const orders = (...events: readonly RecordedEvent[]) => ordersOf(factsOf([...events].sort(inFoldOrder)));
const blocks = (...events: readonly RecordedEvent[]) => orders(placed, ...events)[0]?.blocks;

describe('a block', () => {
  it('lasts until the order goes on, is cancelled or is fulfilled, by whatever key', () => {
    const stop = blocked('2026-02-02', 'P1');
    expect(blocks(stop)).toEqual([{ event: stop, endedBy: undefined }]);
    for (const end of [unblocked('2026-02-03', 'A1'), cancelled('2026-02-03', 'A1'), fulfilled('2026-02-03')]) {
      expect(blocks(end, stop)).toEqual([{ event: stop, endedBy: end }]);
    }
  });

  it('stops only the order that it names', () => {
    const other = recorded('OrderPlaced', { claimedBy: 'crm', orderId: 'O2' }, { at: '2026-02-01' });
    expect(
      orders(placed, other, blocked('2026-02-02', 'O2')).find(({ orderId }) => orderId === 'O2')?.blocks,
    ).toHaveLength(1);
    expect(orders(placed, other, blocked('2026-02-02', 'O2')).find(({ orderId }) => orderId === 'O1')?.blocks).toEqual(
      [],
    );
  });

  it('is one of several that one fact ends, and each new one waits for another', () => {
    const [credit, legal] = [blocked('2026-02-02'), blocked('2026-02-03', 'O1', 'legal')];
    const [on, again] = [unblocked('2026-02-04'), blocked('2026-02-05')];
    expect(blocks(credit, legal, on, again)).toEqual([
      { event: credit, endedBy: on },
      { event: legal, endedBy: on },
      { event: again, endedBy: undefined },
    ]);
  });

  it('stops nothing that is fulfilled or cancelled already', () => {
    expect(blocks(fulfilled('2026-02-02'), blocked('2026-02-03'))).toEqual([]);
    expect(blocks(cancelled('2026-02-02'), blocked('2026-02-03'))).toEqual([]);
  });

  it('is in force from its instant up to its end, exclusive', () => {
    const stop = blocked('2026-02-02T10:00');
    const all = blocks(stop, unblocked('2026-02-03T10:00')) ?? [];
    const at = (text: string) => blockAt(all, instant(text))?.event;
    expect([at('2026-02-02T09:59'), at('2026-02-02T10:00'), at('2026-02-03T09:59')]).toEqual([undefined, stop, stop]);
    expect(at('2026-02-03T10:00')).toBeUndefined();
  });

  it('goes with its event when that is taken back, and comes back when its end is', () => {
    const [stop, on] = [blocked('2026-02-02'), unblocked('2026-02-03')];
    const without = (back: RecordedEvent) =>
      ordersOf(factsOf(standing(historyOf(stream([placed, stop, on, retracted('2026-02-04', back)])))))[0]?.blocks.map(
        ({ event, endedBy }) => [event.type, endedBy?.type],
      );
    expect(without(stop)).toEqual([]);
    expect(without(on)).toEqual([['OrderBlocked', undefined]]);
  });
});

describe('a cancelled order', () => {
  it('is cancelled by the last cancellation, until a claim places it anew', () => {
    const [first, second] = [cancelled('2026-02-02'), cancelled('2026-02-04', 'P1')];
    expect(orders(placed)[0]?.cancelled).toBeUndefined();
    expect(orders(placed, first, second)[0]?.cancelled).toBe(second);
    const anew = recorded(
      'OrderPlaced',
      { claimedBy: 'distributor', orderId: 'D1', poNumber: 'P1' },
      { at: '2026-02-03' },
    );
    expect(orders(placed, first, anew)[0]?.cancelled).toBeUndefined();
    expect(orders(placed, first, anew, second)[0]?.cancelled).toBe(second);
  });

  it('keeps the fulfilment that came before, and shows the one after', () => {
    const [early, late] = [fulfilled('2026-02-02'), fulfilled('2026-02-06')];
    expect(orders(placed, early, cancelled('2026-02-04'))[0]).toMatchObject({ fulfilled: early, fulfilments: [early] });
    expect(orders(placed, cancelled('2026-02-04'), late)[0]).toMatchObject({ fulfilled: late, fulfilments: [late] });
  });

  it('is none for a cancellation of an order that nobody placed', () => {
    expect(orders(placed, cancelled('2026-02-02', 'O9'))[0]?.cancelled).toBeUndefined();
  });
});
