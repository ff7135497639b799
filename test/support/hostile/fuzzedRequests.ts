// What might a hostile client with a valid token ask? Any route, with ids of others, tricks in paths, cursors of others, and facts that claim what only we say.
import fc from 'fast-check';
import { names } from '../../../functions/documents/readParameters.ts';
import type { ReadRoute } from '../../../functions/documents/readRoute.ts';
import { readRoutes } from '../../../functions/documents/readRoutes.ts';
import { factOf } from './fuzzedFacts.ts';
import { anyValue, type Knowledge, odd } from './knowledge.ts';

export interface FuzzedRequest {
  readonly method: string;
  /** After `/v1/`, as it stands in the request line. */
  readonly path: string;
  readonly asked: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

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
const everyParameter = new Set(readRoutes.flatMap(({ asked }) => asked.map(({ name }) => name)));
const parameters = [...everyParameter, 'tenant', 'tenantId', 'role', '__proto__', 'Cursor'];

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

/** Cursors, of this path for the most part: cut and changed, and with the place of one under the bond of another. */
const cursorOf = ({ cursors }: Knowledge, path: string): fc.Arbitrary<string> => {
  const any = fc.constantFrom(...cursors.map(({ cursor }) => cursor), 'x', '');
  const own = cursors.filter((each) => each.path === path).map(({ cursor }) => cursor);
  const one = own.length === 0 ? any : fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...own) }, any);
  const opened = (cursor: string) => Object(json(Buffer.from(cursor, 'base64url').toString()));
  const sealed = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
  const place = fc.oneof(
    any.map((cursor) => String(opened(cursor).after ?? '')),
    fc.constantFrom(...odd, 'canary-p2-e', 'canary-rival-e', 'rival', '{"tenantId":{"S":"rival"}}'),
  );
  const withPlace = fc.tuple(one, place).map(([cursor, after]) => sealed({ ...opened(cursor), after }));
  return fc.oneof(
    one,
    { weight: 3, arbitrary: withPlace },
    fc.tuple(one, fc.nat(60)).map(([cursor, at]) => cursor.slice(0, -at)),
    fc.tuple(one, fc.nat(200)).map(([cursor, at]) => `${cursor.slice(0, at)}A${cursor.slice(at + 1)}`),
    fc.tuple(one, fc.jsonValue()).map(([cursor, more]) => sealed({ ...opened(cursor), more })),
  );
};

/** The parameters of a route, and at times any other. */
const askedOf = (
  knowledge: Knowledge,
  { path, asked: own }: Pick<ReadRoute, 'path' | 'asked'>,
): fc.Arbitrary<Readonly<Record<string, string>>> => {
  const value = anyValue(knowledge);
  // API Gateway joins what is asked twice by a comma.
  const twice = fc.tuple(value, value).map(([a, b]) => `${a},${b}`);
  const named = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...[...own, names].map(({ name }) => name)) },
    fc.constantFrom(...parameters),
  );
  const one = named.chain((name) => {
    if (name === 'cursor') return fc.tuple(fc.constant(name), cursorOf(knowledge, path));
    if (name === 'limit') return fc.tuple(fc.constant(name), fc.constantFrom('1', '2', '1000', '0', '1.5', '1,2'));
    const words = [...own, names].find((each) => each.name === name)?.schema.enum;
    const allowed = Array.isArray(words)
      ? words.map(String)
      : name.endsWith('sOf')
        ? ['2026-05-01T00:00:00Z']
        : knowledge.ids;
    const said = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...allowed) }, value, twice);
    return fc.tuple(fc.constant(name), said);
  });
  return fc.array(one, { maxLength: 2 }).map((entries) => Object.fromEntries(entries));
};

/** The routes as they are, with ids that somebody has, so that most requests come as far as the rows; and any other path. */
const placeOf = (knowledge: Knowledge): fc.Arbitrary<Pick<FuzzedRequest, 'path' | 'asked'>> => {
  const value = anyValue(knowledge);
  const trick = fc.constantFrom(...tricks);
  const id = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...knowledge.ids) }, value);
  const ofRoute = fc.constantFrom(...readRoutes).chain((route) =>
    fc.tuple(id, trick, askedOf(knowledge, route)).map(([which, write, parameters]) => ({
      path: route.path.slice('/v1/'.length).replace(/\{\w+\}/, () => write(which)),
      asked: parameters,
    })),
  );
  const part = fc.tuple(fc.oneof(fc.constantFrom(...words), fc.constantFrom(...tables), value), trick);
  const ofParts = fc.record({
    path: fc
      .array(part, { minLength: 1, maxLength: 5 })
      .map((parts) => parts.map(([text, write]) => write(text)).join('/')),
    asked: askedOf(knowledge, { path: '', asked: [] }),
  });
  return fc.oneof({ weight: 5, arbitrary: ofRoute }, ofParts);
};

const methods = ['GET', 'GET', 'GET', 'GET', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH', 'TRACE', 'get', 'BREW'];
const headers = [
  {},
  { 'x-http-method-override': 'DELETE' },
  { 'x-original-url': '/v1/health' },
  { 'x-tenant': 'rival' },
];

const reading = (knowledge: Knowledge): fc.Arbitrary<FuzzedRequest> =>
  fc
    .tuple(placeOf(knowledge), fc.constantFrom(...methods), fc.constantFrom(...headers))
    .map(([place, method, given]) => ({ ...place, method, headers: given }));

const recording = (knowledge: Knowledge): fc.Arbitrary<FuzzedRequest> =>
  fc
    .tuple(
      fc.constantFrom(...Array<string>(9).fill('facts'), 'names'),
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

/** What a text says, however often its letters are encoded. */
export const readAs = (text: string): string => {
  const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, byte: string) => Buffer.from(byte, 'hex').toString('latin1'));
  return decoded === text ? text : `${text} ${readAs(decoded)}`;
};
