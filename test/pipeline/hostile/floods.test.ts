// Does the flood of one sender, signed or not, cost another one a message? Everything the other sends is accepted, and everything accepted is there.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inParallel } from '../../../functions/aws/parallel.ts';
import { receiptsOf } from '../../support/hostile/connections.ts';
import { type Connected, type Product, startProduct } from '../../support/hostile/product.ts';
import { bytesOf, cloudevents, type SenderKind, stripe } from '../../support/hostile/webhookSender.ts';

/** `THROUGHLINE_HOSTILE_FLOOD=5000` sends a longer flood than a usual run; over 2,000 signed messages pass the pace of a connection. */
const flood = Number(process.env.THROUGHLINE_HOSTILE_FLOOD ?? 400);
/** So many of the flood come at once; the neighbour has one request at a time. */
const atOnce = 20;
const neighbourSends = 60;
const tenant = 'acme';

let product: Product;
let vendor: string;
beforeAll(async () => {
  product = await startProduct();
  vendor = await product.token({ role: 'vendor', tenant });
}, 120_000);
afterAll(() => product.stop());

let made = 0;
const connect = (sender: SenderKind): Promise<Connected> => {
  made += 1;
  return product.connect({ source: sender.source, tenant, account: `acct_${made}` });
};

type Send = (sender: SenderKind, connected: Connected, index: number) => Promise<number>;

const post = async (
  sender: SenderKind,
  { url }: Connected,
  signing: { readonly id: string; readonly secret: string },
) => {
  // A message that means nothing: what it costs is its door and its receipt.
  const body = bytesOf({ ...sender.message(signing.id), type: 'com.example.flood' });
  const headers = sender.sign({ body, secret: signing.secret });
  return (await product.send(url, { method: 'POST', headers, body: new Uint8Array(body) })).status;
};

const signed: Send = (sender, connected, index) =>
  post(sender, connected, { id: `signed-${index}`, secret: connected.secret ?? '' });
const forged: Send = (sender, connected, index) =>
  post(sender, connected, { id: `forged-${index}`, secret: `whsec_${Buffer.from('a forger').toString('base64')}` });

const kinds: readonly (readonly [string, Send, SenderKind, SenderKind, readonly number[]])[] = [
  ['signed messages of Stripe', signed, stripe, cloudevents, [200, 429]],
  ['signed CloudEvents', signed, cloudevents, cloudevents, [202, 429]],
  ['forged messages of Stripe', forged, stripe, stripe, [401, 429]],
  ['forged CloudEvents', forged, cloudevents, stripe, [401, 429]],
];

test.each(kinds)(
  'a flood of %s',
  async (_, send, by, of, expected) => {
    const [flooding, neighbour] = await Promise.all([connect(by), connect(of)]);
    const statuses: number[] = [];
    const neighbours: number[] = [];
    const running = inParallel([...Array(flood).keys()], atOnce, async (index) => {
      statuses.push(await send(by, flooding, index));
    });
    const beside = inParallel([...Array(neighbourSends).keys()], 1, async (index) => {
      neighbours.push(await signed(of, neighbour, index));
    });
    await Promise.all([running, beside]);
    expect(statuses.filter((status) => !expected.includes(status))).toEqual([]);
    expect(neighbours).toEqual(neighbours.map(() => of.accepted));
    await product.drained();
    const kept = statuses.filter((status) => status === by.accepted).length;
    expect(await receiptsOf(product, vendor, flooding.connection)).toHaveLength(kept);
    expect(await receiptsOf(product, vendor, neighbour.connection)).toHaveLength(neighbourSends);
    if (send === forged) {
      // Who floods without a signature does not close the door to the connection's own sender.
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(flood / 2);
      expect(await signed(by, flooding, 0)).toBe(by.accepted);
    }
  },
  600_000,
);

test('a flood on addresses that nobody has', async () => {
  const neighbour = await connect(stripe);
  const statuses: number[] = [];
  const nobody = { url: `${product.url}/webhooks/stripe/c-nobody`, connection: 'c-nobody' };
  const running = inParallel([...Array(flood).keys()], atOnce, async (index) => {
    const url = index % 2 === 0 ? nobody.url : `${nobody.url}-${index}`;
    statuses.push(await forged(stripe, { ...nobody, url }, index));
  });
  const neighbours = await inParallel([...Array(neighbourSends).keys()], 1, (index) =>
    signed(stripe, neighbour, index),
  );
  await running;
  expect(new Set(statuses)).toEqual(new Set([404]));
  expect(neighbours).toEqual(neighbours.map(() => 200));
}, 600_000);
