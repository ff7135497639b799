// What does a hostile client with a valid token get of the running product over HTTP? Nothing of its neighbours, and never an error of ours.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { inParallel } from '../../../functions/aws/parallel.ts';
import { type FuzzedRequest, fuzzedRequests, readAs } from '../../support/hostile/fuzzedRequests.ts';
import type { Knowledge } from '../../support/hostile/knowledge.ts';
import { partyIdOf } from '../../support/hostile/neighbours.ts';
import { type Answer, type Product, startProduct } from '../../support/hostile/product.ts';

/** Over HTTP a request costs more; the handlers alone get many times as many (`tenants.test.ts`). */
const wanted = Math.ceil(Number(process.env.THROUGHLINE_HOSTILE_REQUESTS ?? 2000) / 5);
const atOnce = 8;

let product: Product;
let tokens: Readonly<Record<'p1' | 'vendor' | 'rival', string>>;
let knowledge: Knowledge;

const json = (token: string): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
});
const get = (token: string, path: string): Promise<Answer> => product.send(path, { headers: json(token) });
const Opened = z.looseObject({ events: z.array(z.looseObject({ eventId: z.string(), streamId: z.string() })) });

/** Opens an engagement with words that only its owner may read. */
const open = async (token: string, data: object, key: string): Promise<readonly string[]> => {
  const headers = { ...json(token), 'idempotency-key': key };
  const body = JSON.stringify({ type: 'EngagementOpened', data });
  const { status, text } = await product.send('/v1/facts', { method: 'POST', headers, body });
  if (status !== 200) throw new Error(text);
  return Opened.parse(JSON.parse(text)).events.flatMap(({ eventId, streamId }) => [
    eventId,
    streamId.split('/')[2] ?? '',
  ]);
};

const party = (id: string) => ({ system: 'erp', kind: 'account', id });

beforeAll(async () => {
  product = await startProduct();
  const [p1, vendor, rival] = await Promise.all([
    product.token({ role: 'partner', tenant: 'acme', partner: partyIdOf('p1') }),
    product.token({ role: 'vendor', tenant: 'acme' }),
    product.token({ role: 'vendor', tenant: 'rival' }),
  ]);
  tokens = { p1, vendor, rival };
  const own = await open(vendor, { leadPartner: party('one'), offerId: 'own' }, 'own');
  const others = [
    ...(await open(
      vendor,
      { leadPartner: party('canary-p2-party'), offerId: 'canary-p2-offer', customer: party('canary-p2-customer') },
      'p2',
    )),
    ...(await open(vendor, { offerId: 'canary-direct-offer', customer: party('canary-direct-customer') }, 'direct')),
    ...(await open(
      rival,
      { leadPartner: party('one'), offerId: 'canary-rival-offer', customer: party('canary-rival-customer') },
      'rival',
    )),
  ];
  await product.drained();
  const cursors: { path: string; cursor: string }[] = [];
  for (const token of Object.values(tokens))
    for (const path of [
      '/v1/engagements',
      '/v1/flags',
      '/v1/tables/engagements',
      '/v1/tables/parties',
      '/v1/tables/offers',
    ]) {
      const [, cursor] = /"cursor":"([\w-]+)"/.exec((await get(token, `${path}?limit=1`)).text) ?? [];
      if (cursor !== undefined) cursors.push({ path, cursor });
    }
  knowledge = {
    ids: [...own, ...others, partyIdOf('p1'), partyIdOf('p2'), 'REF-1'],
    engagements: [...own, ...others],
    cursors,
  };
}, 120_000);
afterAll(() => product.stop());

const urlOf = ({ path, asked }: FuzzedRequest): string => {
  const query = new URLSearchParams(asked).toString();
  return `/v1/${path.replaceAll(/[\r\n\t]/g, '')}${query === '' ? '' : `?${query}`}`;
};

/** What a browser's fetch refuses to send. */
const sendable = (method: string): string => (['TRACE', 'HEAD'].includes(method) ? 'GET' : method);

test.each(['p1', 'vendor'] as const)(
  '%s',
  async (name) => {
    const before = await get(tokens.rival, '/v1/tables/engagements');
    expect(before.text).toContain('canary-rival-offer');
    const requests = fc.sample(fuzzedRequests(knowledge), wanted);
    const told = new Set<string>();
    const foreign = name === 'p1' ? /canary-(?:p2|direct|rival)-\w+/g : /canary-rival-\w+/g;
    const wrong: string[] = [];
    await inParallel(requests, atOnce, async (request) => {
      const { method, body, headers } = request;
      const url = urlOf(request);
      if (!URL.canParse(`${product.url}${url}`)) return;
      const init = {
        method: sendable(method),
        headers: { ...json(tokens[name]), ...headers },
        ...(body !== undefined && { body: body.toWellFormed() }),
      };
      const { status, text } = await product.send(url, init);
      const asked = readAs(`${url} ${body ?? ''}`);
      if (status === 200 && body !== undefined) for (const [found] of body.matchAll(/canary-\w+-\w+/g)) told.add(found);
      const seen = [...text.matchAll(foreign)]
        .map(([found]) => found)
        .filter((found) => !asked.includes(found) && !told.has(found));
      if (status >= 500 || seen.length > 0)
        wrong.push(`${method} ${url} ${body ?? ''}: ${status} ${seen.join()} ${text.slice(0, 300)}`);
    });
    expect(wrong).toEqual([]);
    await product.drained();
    const rows = z.looseObject({ items: z.array(z.unknown()) });
    const after = await get(tokens.rival, '/v1/tables/engagements');
    expect(rows.parse(JSON.parse(after.text)).items).toEqual(rows.parse(JSON.parse(before.text)).items);
  },
  3_600_000,
);
