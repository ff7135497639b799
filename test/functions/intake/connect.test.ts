// Is a connection made as its source declares, and in an order in which a crash anywhere does no harm?
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { sources } from '../../../events/sources/catalog.ts';
import { cloudevents } from '../../../events/sources/cloudevents.ts';
import { salesforce } from '../../../events/sources/salesforce.ts';
import type { Source } from '../../../events/sources/source.ts';
import { stripe } from '../../../events/sources/stripe.ts';
import { type ConnectionRequest, type ConnectionStore, connect } from '../../../functions/intake/connect.ts';
import { connectionOf } from '../../../functions/intake/connections.ts';

/** A store that fails at its nth write, and the writes before that. */
const failingAt = (nth: number) => {
  const kept: string[] = [];
  const items: unknown[] = [];
  const secrets: string[] = [];
  const keep = async (what: string): Promise<void> => {
    if (kept.length === nth) throw new Error('cut off');
    kept.push(what);
  };
  let byte = 0;
  const store: ConnectionStore = {
    url: 'https://api.example.com/',
    prefix: '/secrets',
    now: () => 0,
    random: (bytes) => {
      byte += 1;
      return new Uint8Array(bytes).fill(byte);
    },
    putItem: (item) => {
      items.push(unmarshall(item));
      return keep(item.connectionId === undefined ? 'item' : 'alias');
    },
    putSecret: (name, value) => {
      secrets.push(`${name} ${value}`);
      return keep('secret');
    },
  };
  return { store, kept, items, secrets };
};

const requestTo = (source: Source, account?: string): ConnectionRequest => ({
  source,
  tenant: 'acme',
  mapping: {},
  ...(account !== undefined && { account }),
});
const org = '00DHp00000TqkABMAZ';

describe('a connection', () => {
  it.each([
    { source: stripe, order: ['secret', 'item'] },
    { source: cloudevents, order: ['secret', 'item'] },
    { source: salesforce, order: ['item', 'alias'] },
  ])('of $source.name is written in this order: $order', async ({ source, order }) => {
    for (const [nth] of order.entries()) {
      const { store, kept } = failingAt(nth);
      await expect(connect(store, requestTo(source, org))).rejects.toThrow('cut off');
      expect(kept).toEqual(order.slice(0, nth));
    }
    const { store, kept } = failingAt(order.length);
    await connect(store, requestTo(source, org));
    expect(kept).toEqual(order);
  });

  it('has a URL with one slash between the API’s URL and the path', async () => {
    const { url, connection } = await connect(failingAt(9).store, requestTo(stripe));
    expect(url).toBe(`https://api.example.com/webhooks/stripe/${connection}`);
  });

  it('has an id and a secret of random bytes, 32 of them for the secret', async () => {
    const { store, secrets } = failingAt(9);
    const made = await connect(store, requestTo(stripe));
    expect(made).toEqual({
      connection: 'c-0101010101010101',
      source: 'stripe',
      tenantId: 'acme',
      account: 'c-0101010101010101',
      url: 'https://api.example.com/webhooks/stripe/c-0101010101010101',
      secret: `whsec_${'02'.repeat(32)}`,
    });
    expect(secrets).toEqual([`/secrets/c-0101010101010101 {"secrets":["${made.secret}"]}`]);
  });

  it('gets no secret where its source issues the secret itself', async () => {
    const { secretOf: _, ...delivery } = stripe.delivery;
    const { store, kept } = failingAt(9);
    expect(await connect(store, requestTo({ ...stripe, delivery }, 'acct_1'))).not.toHaveProperty('secret');
    expect(kept).toEqual(['item']);
  });

  it('stores the secret that its source issued, and doesn’t answer it', async () => {
    const { store, secrets } = failingAt(9);
    const made = await connect(store, { ...requestTo(stripe, 'acct_1'), secret: 'whsec_issued' });
    expect(JSON.stringify(made)).not.toContain('whsec_issued');
    expect(secrets).toEqual([`/secrets/${made.connection} {"secrets":["whsec_issued"]}`]);
  });

  it('says whether test data counts, only where it does', async () => {
    const { store, items } = failingAt(9);
    await connect(store, { ...requestTo(stripe, 'acct_1'), testData: true });
    await connect(store, requestTo(stripe, 'acct_1'));
    expect(connectionOf(items[0])).toMatchObject({ testData: true });
    expect(connectionOf(items[1])).not.toHaveProperty('testData');
  });

  it('over a partner bus is found by its account', async () => {
    const { store, items } = failingAt(9);
    const { connection, url } = await connect(store, requestTo(salesforce, org));
    expect(url).toBe(`aws.partner/salesforce.com/${org}/throughline`);
    expect(items[1]).toEqual({ connection: `salesforce#${org}`, connectionId: connection });
  });

  it.each(sources)('of $name is read back as it was made', async (source) => {
    const { store, items } = failingAt(9);
    const given = { currency: 'EUR', mapping: { version: 7, liveOnly: true }, alsoAllows: ['WorkLogged'] };
    const { connection } = await connect(store, { ...requestTo(source, org), ...given });
    expect(connectionOf(items[0])).toEqual({
      connection,
      source: source.name,
      tenantId: 'acme',
      account: org,
      currency: 'EUR',
      mapping: { version: 7, liveOnly: true },
      allowedTypes: expect.arrayContaining([...source.defaultTypes, 'WorkLogged']),
      active: true,
    });
  });
});
