// What becomes of forged, odd and repeated messages at the running product's doors? Only what is signed is kept, all of it, each with its end; and it goes on.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { inParallel } from '../../../functions/aws/parallel.ts';
import { everyItem, type ListedReceipt, receiptsOf } from '../../support/hostile/connections.ts';
import { signatureKinds } from '../../support/hostile/forgedSignatures.ts';
import { bodyKinds } from '../../support/hostile/oddBodies.ts';
import { type Answer, type Connected, type Product, startProduct } from '../../support/hostile/product.ts';
import { bytesOf, cloudevents, type SenderKind, type Sent, senderKinds } from '../../support/hostile/webhookSender.ts';

const tenant = 'acme';
let product: Product;
let vendor: string;
beforeAll(async () => {
  product = await startProduct();
  vendor = await product.token({ role: 'vendor', tenant });
}, 120_000);
afterAll(() => product.stop());

/** So many kinds are tried at once. */
const atOnce = 6;

const receiptsOfAll = async (): Promise<ReadonlyMap<string, readonly ListedReceipt[]>> =>
  Map.groupBy(await receiptsOf(product, vendor), ({ connection }) => connection);

let made = 0;
/** A new connection, so that no kind uses up the pace of another. */
const connect = async (sender: SenderKind, of = tenant): Promise<Connected & { readonly secret: string }> => {
  made += 1;
  const allow = sender === cloudevents ? { allow: 'EngagementOpened' } : {};
  const input = { source: sender.source, tenant: of, account: `acct_${made}`, ...allow };
  const { secret, ...connected } = await product.connect(input);
  if (secret === undefined) throw new Error('connect made no secret');
  return { ...connected, secret };
};

const post = (url: string, { headers, body }: Sent, method = 'POST'): Promise<Answer> =>
  product.send(url, { method, headers, ...(method === 'GET' ? {} : { body: new Uint8Array(body) }) });

const isJson = (text: string): boolean => {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null;
  } catch {
    return false;
  }
};

/** The product is as before: an honest message is kept. */
const goesOn = async (): Promise<void> => {
  for (const sender of senderKinds) {
    const { url, secret } = await connect(sender);
    const body = bytesOf(sender.message('honest'));
    expect((await post(url, { headers: sender.sign({ body, secret }), body })).status).toBe(sender.accepted);
  }
};

describe.each(senderKinds)('$source', (sender) => {
  test('keeps a message if, and only if, it is signed', async () => {
    const { secret: other } = await connect(sender);
    const wrong: string[] = [];
    const kept = new Map<string, number>();
    const kinds = signatureKinds.filter(({ of }) => of.includes(sender.source));
    await inParallel(kinds, atOnce, async ({ name, sent, isAccepted }) => {
      const { url, secret, connection } = await connect(sender);
      const { status, text } = await post(url, sent({ sender, secret, other }));
      const due = isAccepted ? sender.accepted : 401;
      const said = isAccepted ? 'receipt' : 'reason';
      if (status !== due || !isJson(text) || !text.includes(`"${said}"`))
        wrong.push(`${name}: ${status} ${text}, due ${due}`);
      kept.set(connection, isAccepted ? 1 : 0);
    });
    expect(wrong).toEqual([]);
    await product.drained();
    const receipts = await receiptsOfAll();
    for (const [connection, count] of kept) expect(receipts.get(connection)?.length ?? 0).toBe(count);
    await goesOn();
  }, 120_000);

  test('keeps each odd body that is signed, and each ends with a reason', async () => {
    const wrong: string[] = [];
    const due = new Map<string, { readonly name: string; readonly kept: boolean }>();
    await inParallel(bodyKinds, atOnce, async (kind) => {
      const { url, secret, connection } = await connect(sender);
      const body = kind.body(sender);
      const headers = { ...sender.sign({ body, secret }), ...kind.headers };
      const { status, text } = await post(url, { headers, body });
      const expected = kind.due === 'kept' ? sender.accepted : kind.due;
      if (status !== expected || !isJson(text))
        wrong.push(`${kind.name}: ${status} ${text.slice(0, 200)}, due ${expected}`);
      due.set(connection, { name: kind.name, kept: kind.due === 'kept' });
    });
    expect(wrong).toEqual([]);
    await product.drained();
    const all = await receiptsOfAll();
    await inParallel([...due], atOnce, async ([connection, { name, kept }]) => {
      const receipts = all.get(connection) ?? [];
      if (receipts.length !== (kept ? 1 : 0)) wrong.push(`${name}: has ${receipts.length} receipts`);
      for (const { status, reason, receipt } of receipts) {
        const isEnd =
          status === 'translated' ? reason === null : /^(ignored|refused|waiting)$/.test(status) && reason !== null;
        if (!isEnd) wrong.push(`${name}: ${status} ${reason}`);
        const shown = await product.send(`/v1/receipts/${receipt}`, { headers: { authorization: `Bearer ${vendor}` } });
        if (shown.status !== 200)
          wrong.push(`${name}: its receipt is answered ${shown.status} ${shown.text.slice(0, 200)}`);
      }
    });
    expect(wrong).toEqual([]);
    await goesOn();
  }, 240_000);

  test('answers no address but that of a connection', async () => {
    const { url, secret, connection } = await connect(sender);
    const rival = await connect(sender, 'rival');
    const body = bytesOf(sender.message('address'));
    const sent = { headers: sender.sign({ body, secret }), body };
    const at = (source: string, id: string): string => `/webhooks/${source}/${id}`;
    const otherSource = senderKinds.find((each) => each !== sender)?.source ?? '';
    const addresses: readonly (readonly [string, number])[] = [
      [at(sender.source, 'c-nobody'), 404],
      [at(sender.source, 'c'.repeat(129)), 404],
      [at(sender.source, 'c'.repeat(4000)), 404],
      [at(sender.source, encodeURIComponent('漢'.repeat(50))), 404],
      [at(otherSource, connection), 404],
      [at('salesforce', connection), 404],
      [at('nosuch', connection), 404],
      [at('__proto__', connection), 404],
      [at(sender.source.toUpperCase(), connection), 404],
      [at(sender.source, `${connection}%00`), 404],
      [at(sender.source, `${connection}%20`), 404],
      [at(sender.source, `${connection}%2f..`), 404],
      [at(sender.source, `x%2f..%2f${connection}`), 404],
      [at(sender.source, `${connection};a=b`), 404],
      [at(sender.source, `${sender.source}%23acct_1`), 404],
      [at(sender.source, connection.toUpperCase()), 404],
      [at(sender.source, '%'), 404],
      [at(sender.source, '%ff%fe'), 404],
      [`${at(sender.source, connection)}/`, 404],
      [`${at(sender.source, connection)}/more`, 404],
      [`/webhooks/${sender.source}`, 404],
      ['/webhooks', 404],
      // Signed by us, for another tenant's connection.
      [at(sender.source, rival.connection), 401],
      [`${at(sender.source, connection)}?connection=${rival.connection}&tenant=rival`, sender.accepted],
    ];
    for (const [path, due] of addresses) {
      const { status, text } = await post(path, sent);
      expect([path.slice(0, 100), status], text).toEqual([path.slice(0, 100), due]);
      expect(isJson(text)).toBe(true);
    }
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'PROPFIND'])
      expect([method, (await post(url, sent, method)).status]).toEqual([method, 404]);
    expect((await post(url, sent, 'OPTIONS')).status).toBe(sender === cloudevents ? 200 : 405);
    await product.drained();
    expect(await receiptsOf(product, vendor, connection)).toHaveLength(1);
    const ofRival = await product.token({ role: 'vendor', tenant: 'rival' });
    expect(await receiptsOf(product, ofRival, rival.connection)).toEqual([]);
    expect(await receiptsOf(product, vendor, rival.connection)).toEqual([]);
    await goesOn();
    expect(url).toContain(connection);
  }, 120_000);
});

const Page = z.looseObject({ items: z.array(z.record(z.string(), z.unknown())) });
const rowsOf = async (path: string): Promise<readonly Readonly<Record<string, unknown>>[]> =>
  (await everyItem(product, vendor, { path, page: Page })).flatMap(({ items }) => items);

test('the same message fifty times at once is kept fifty times, and said once', async () => {
  const { url, secret, connection } = await connect(cloudevents);
  const body = bytesOf(cloudevents.message('twice'));
  const sent = { headers: cloudevents.sign({ body, secret }), body };
  const answers = await Promise.all(Array.from({ length: 50 }, () => post(url, sent)));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => cloudevents.accepted));
  await product.drained();
  const receipts = await receiptsOf(product, vendor, connection);
  expect(receipts.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 'translated'));
  const engagements = (await rowsOf('/v1/engagements')).filter(({ reference }) => reference === 'REF-twice');
  expect(engagements).toHaveLength(1);
  const events = await rowsOf(`/v1/engagements/${engagements[0]?.engagementId}/events`);
  expect(events.map(({ type }) => type)).toEqual(['EngagementOpened', 'StageEntered']);
}, 120_000);

test('what claims to be another tenant’s is recorded in the connection’s own, and nothing in the other', async () => {
  const { url, secret } = await connect(cloudevents);
  const message = {
    ...cloudevents.message('claims'),
    tenantId: 'rival',
    streamId: 'rival/engagement/x',
    saidBy: { role: 'vendor' },
  };
  const body = bytesOf(message);
  expect((await post(url, { headers: cloudevents.sign({ body, secret }), body })).status).toBe(202);
  await product.drained();
  const ofRival = await product.token({ role: 'vendor', tenant: 'rival' });
  const [page] = await everyItem(product, ofRival, { path: '/v1/engagements', page: Page });
  expect(page?.items).toEqual([]);
  expect((await rowsOf('/v1/engagements')).filter(({ reference }) => reference === 'REF-claims')).toHaveLength(1);
});
