// What might a hostile client with a valid token ask? Any route, with ids of others, tricks in paths, cursors of others, and facts that claim what only we say.
import fc from 'fast-check';
import { eventTypes } from '../../../events/catalog.ts';
import { readRoutes } from '../../../functions/documents/readRoutes.ts';
import { fixtures } from '../fixtures.ts';

/** What the client knows: ids of others and its own, and cursors that others were given. */
export interface Knowledge {
  readonly ids: readonly string[];
  readonly cursors: readonly string[];
}

export interface FuzzedRequest {
  readonly method: string;
  /** After `/v1/`, as it stands in the request line. */
  readonly path: string;
  readonly asked: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const odd: readonly string[] = [
  ...['', ' ', '.', '..', '*', '%', '#', '?', ';', '|', '~', '\\', '\u0000', '\ud800', '\u202e', '漢', '💶', '-1', '0'],
  ...['null', 'undefined', 'NaN', 'true', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '[object Object]'],
  ...["' OR 1=1 --", '"}', '{"$ne":null}', '<script>', '=1+1', '$(id)', '\r\nset-cookie: a=b', 'x'.repeat(129)],
  ...['x'.repeat(1001), '9'.repeat(400), '1e999', '2026-02-30', '2026-06-30T00:00:00Z', '9999-12-31T23:59:59Z'],
  ...['0001-01-01T00:00:00Z', 'acme', 'rival', 'acme/engagement/x', 'rival/engagement/canary-rival-e', 'rival#x'],
];

const words = [
  'engagements',
  'flags',
  'tables',
  'receipts',
  'unmatched',
  'health',
  'names',
  'events',
  'facts',
  'summary',
];
const tables = readRoutes.flatMap(({ path }) => /^\/v1\/tables\/(\w+)$/.exec(path)?.[1] ?? []);
const parameters = [...new Set(readRoutes.flatMap(({ asked }) => asked.map(({ name }) => name))), 'tenant', 'names'];
const known = ['json', 'csv', 'ndjson', 'open', 'cleared', 'true', 'occurred', 'recorded', '1', '5', 'sell', 'waiting'];

const encoded = (text: string): string => {
  try {
    return encodeURIComponent(text);
  } catch {
    return '%ED%A0%80';
  }
};
const everyByte = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** How a part is written into a path. Without any trick for the most part: only then it comes far. */
const tricks: readonly ((part: string) => string)[] = [
  encoded,
  encoded,
  encoded,
  (part) => part,
  (part) => encoded(encoded(part)),
  everyByte,
  (part) => everyByte(part).replaceAll('%', '%25'),
  (part) => `..%2f${encoded(part)}`,
  (part) => `../${encoded(part)}`,
  (part) => `%2e%2e/${encoded(part)}`,
  (part) => `.;/${encoded(part)}`,
  (part) => `${encoded(part)};tenant=rival`,
  (part) => `${encoded(part)}%00`,
  (part) => `${encoded(part)}%00.csv`,
  (part) => `${encoded(part)}/..`,
  (part) => `/${encoded(part)}/`,
  (part) => encoded(part.toUpperCase()),
  (part) => encoded(`${part} `),
  (part) => encoded(`rival/engagement/${part}`),
  (part) => encoded(`erp/account/${part}`),
  (part) => `%c0%ae%c0%ae%c0%af${encoded(part)}`,
  (part) => `${encoded(part)}%`,
  (part) => encoded(`\uff0e\uff0e\uff0f${part}`),
];

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Cursors, cut and changed, and with the place of one under the bond of another. */
const cursorOf = ({ cursors }: Knowledge): fc.Arbitrary<string> => {
  const one = fc.constantFrom(...cursors, 'x', '');
  const opened = (cursor: string) => Object(json(Buffer.from(cursor, 'base64url').toString()));
  const sealed = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
  const place = fc.oneof(
    one.map((cursor) => String(opened(cursor).after ?? '')),
    fc.constantFrom(...odd, 'canary-p2-e', 'canary-rival-e', 'rival', '{"tenantId":{"S":"rival"}}'),
  );
  return fc.oneof(
    one,
    fc.tuple(one, fc.nat(60)).map(([cursor, at]) => cursor.slice(0, -at)),
    fc.tuple(one, fc.nat(200)).map(([cursor, at]) => `${cursor.slice(0, at)}A${cursor.slice(at + 1)}`),
    fc.tuple(one, place).map(([cursor, after]) => sealed({ ...opened(cursor), after })),
    fc.tuple(one, fc.jsonValue()).map(([cursor, more]) => sealed({ ...opened(cursor), more })),
  );
};

const anyValue = ({ ids }: Knowledge): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...ids),
    fc.constantFrom(...odd),
    fc.constantFrom(...known),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );

const askedOf = (knowledge: Knowledge): fc.Arbitrary<Readonly<Record<string, string>>> => {
  const value = anyValue(knowledge);
  // API Gateway joins what is asked twice by a comma.
  const asked = fc.oneof(
    value,
    value,
    fc.tuple(value, value).map(([a, b]) => `${a},${b}`),
  );
  const one = fc.constantFrom(...parameters, 'tenantId', '__proto__', 'Cursor').chain((name) => {
    if (name === 'cursor') return fc.tuple(fc.constant(name), cursorOf(knowledge));
    return fc.tuple(fc.constant(name), name === 'limit' ? fc.constantFrom('1', '2', '1000', '0', '1.5', '1,2') : asked);
  });
  return fc.array(one, { maxLength: 3 }).map((entries) => Object.fromEntries(entries));
};

const pathOf = (knowledge: Knowledge): fc.Arbitrary<string> => {
  const value = anyValue(knowledge);
  const trick = fc.constantFrom(...tricks);
  const part = fc.tuple(fc.oneof(fc.constantFrom(...words), fc.constantFrom(...tables), value), trick);
  const route = fc.tuple(fc.constantFrom(...readRoutes), fc.constantFrom(...knowledge.ids), value, fc.nat(3), trick);
  return fc.oneof(
    // The routes as they are, with ids that somebody has, so that most requests come as far as the rows.
    {
      weight: 4,
      arbitrary: route.map(([{ path }, id, other, way, write]) =>
        path.slice('/v1/'.length).replace(/\{\w+\}/, () => write(way === 0 ? other : id)),
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(part, { minLength: 1, maxLength: 5 })
        .map((parts) => parts.map(([text, write]) => write(text)).join('/')),
    },
  );
};

/** What only we say of an event, and what a prototype holds. */
const claims: Readonly<Record<string, unknown>> = {
  tenantId: 'rival',
  streamId: 'rival/engagement/canary-rival-e',
  stream: 'acme/engagement/canary-p2-e',
  saidBy: { role: 'vendor' },
  actor: 'vera',
  recordedAt: '2020-01-01T00:00:00.000Z',
  version: 1,
  eventId: '00000000-0000-5000-8000-000000000000',
  factId: '00000000-0000-5000-8000-000000000000',
  source: 'salesforce:00D000000000001AAA',
  correlationId: 'rival/engagement/canary-rival-e',
  connectionCurrency: 'USD',
  leadPartnerId: 'x',
  partnerId: 'x',
  constructor: { prototype: { role: 'vendor' } },
};
const prototype = '"__proto__":{"role":"vendor","tenantId":"rival","isAdmin":true}';

const datas: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = eventTypes.map((type) => {
  const newest = [...fixtures.values()].findLast((each) => each.type === type);
  return [type, Object(newest?.data)];
});

/** A fact of any type, about anyone's engagement, with some of its values replaced. */
const factOf = (knowledge: Knowledge): fc.Arbitrary<string> => {
  const value = anyValue(knowledge);
  const replaced: fc.Arbitrary<unknown> = fc.oneof(
    value,
    fc.jsonValue(),
    fc.constant({ system: 'erp', kind: 'account', id: 'canary-p2-party' }),
  );
  const subject = fc.option(
    fc.tuple(fc.constantFrom('engagement', 'engagement', 'engagement', 'reference', 'campaign'), value),
    { freq: 8 },
  );
  const at = fc.option(
    fc.constantFrom('2026-04-01T00:00:00Z', '2001-01-01T00:00:00Z', '2099-01-01T00:00:00Z', ...odd),
    { freq: 2 },
  );
  const claimed = fc.subarray(Object.keys(claims), { maxLength: 2 });
  return fc
    .tuple(
      fc.constantFrom(...datas),
      fc.dictionary(fc.nat(8).map(String), replaced, { maxKeys: 2 }),
      subject,
      at,
      claimed,
      fc.record({ inside: fc.boolean(), most: fc.nat(9), supersedes: value }),
    )
    .map(([[type, data], changes, about, occurredAt, names, { inside, most, supersedes }]) => {
      const fields = Object.keys(data);
      const changed = Object.entries(changes).flatMap(([index, by]) => {
        const name = fields[Number(index)];
        return name === undefined ? [] : [[name, by] as const];
      });
      const extra = most < 3 ? Object.fromEntries(names.map((name) => [name, claims[name]])) : {};
      const fact = {
        type,
        ...(about !== null && { [about[0]]: about[1] }),
        ...(occurredAt !== null && { occurredAt }),
        ...(most === 5 && { supersedes }),
        data: { ...data, ...Object.fromEntries(changed), ...(inside && extra) },
        ...(!inside && extra),
      };
      const text = JSON.stringify(fact);
      return most === 4 ? `{${prototype},${text.slice(1)}` : text;
    });
};

const reading = (knowledge: Knowledge): fc.Arbitrary<FuzzedRequest> =>
  fc.record({
    method: fc.constantFrom('GET', 'GET', 'GET', 'GET', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH', 'TRACE', 'get', 'BREW'),
    path: pathOf(knowledge),
    asked: askedOf(knowledge),
    headers: fc.constantFrom(
      {},
      { 'x-http-method-override': 'DELETE' },
      { 'x-original-url': '/v1/health' },
      { 'x-tenant': 'rival' },
    ),
  });

const recording = (knowledge: Knowledge): fc.Arbitrary<FuzzedRequest> =>
  fc
    .tuple(
      fc.constantFrom('facts', 'facts', 'facts', 'names'),
      fc.uuid(),
      fc.oneof(
        { weight: 9, arbitrary: factOf(knowledge) },
        { weight: 1, arbitrary: fc.oneof(fc.json(), fc.string({ unit: 'binary' })) },
      ),
    )
    .map(([path, key, body]) => ({
      method: path === 'facts' ? 'POST' : 'PUT',
      path,
      asked: {},
      headers: { 'idempotency-key': key, 'content-type': 'application/json' },
      body,
    }));

/** Requests of a client who knows this. */
export const fuzzedRequests = (knowledge: Knowledge): fc.Arbitrary<FuzzedRequest> =>
  fc.oneof({ weight: 3, arbitrary: reading(knowledge) }, { weight: 2, arbitrary: recording(knowledge) });
