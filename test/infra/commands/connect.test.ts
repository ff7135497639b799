// Is a connection made in an order that can be cut off anywhere? The secret before the item, the item before the alias to it.
import { describe, expect, it } from 'vitest';
import { type ConnectionRequest, type ConnectionStore, connect } from '../../../functions/intake/connect.ts';

/** A store that fails at its nth write, and what it was given before. */
const failingAt = (nth: number) => {
  const kept: string[] = [];
  const keep = async (what: string): Promise<void> => {
    if (kept.length === nth) throw new Error('cut off');
    kept.push(what);
  };
  const store: ConnectionStore = {
    url: 'https://api.example.com/',
    prefix: '/secrets',
    now: () => 0,
    putItem: (item) => keep(item.connectionId === undefined ? 'item' : 'alias'),
    putSecret: () => keep('secret'),
  };
  return { store, kept };
};

const stripe: ConnectionRequest = { source: 'stripe', tenant: 'acme', mapping: {} };
const salesforce: ConnectionRequest = { source: 'salesforce', tenant: 'acme', account: '00DHp00000TqkAB', mapping: {} };

describe('a connection', () => {
  it.each([
    [stripe, ['secret', 'item']],
    [salesforce, ['item', 'alias']],
  ] as const)('of %j is written in this order', async (request, order) => {
    for (const [nth] of order.entries()) {
      const { store, kept } = failingAt(nth);
      await expect(connect(store, request)).rejects.toThrow('cut off');
      expect(kept).toEqual(order.slice(0, nth));
    }
    const { store, kept } = failingAt(order.length);
    await connect(store, request);
    expect(kept).toEqual(order);
  });

  it('has one slash where the API’s URL ends and its path begins', async () => {
    const { url, connection } = await connect(failingAt(9).store, stripe);
    expect(url).toBe(`https://api.example.com/webhooks/stripe/${connection}`);
  });
});
