// What odd things might an issuer itself sign, by a wrong setting, for an attacker, or for a confused system?
import { type Claims, type Due, type Forge, issued, kind, type TokenKind, vendorClaims } from './tokenForge.ts';

const said = (name: string, claims: (forge: Forge) => unknown, ...due: readonly Due[]): TokenKind =>
  kind(name, (forge) => `Bearer ${issued(forge, claims(forge))}`, ...due);
const differing = (name: string, more: Claims | ((forge: Forge) => Claims), ...due: readonly Due[]): TokenKind =>
  said(name, (forge) => ({ ...vendorClaims(forge), ...(typeof more === 'function' ? more(forge) : more) }), ...due);

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > 40 ? `${text.slice(0, 10)}… of ${text.length} characters` : text;
};

/** A claim that holds each of these values in turn. */
const each = (claim: string, values: readonly unknown[], ...due: readonly Due[]): readonly TokenKind[] =>
  values.map((value) => {
    return differing(`${claim} ${shown(value)}`, { [claim]: value }, ...due);
  });

const now = (): number => Math.floor(Date.now() / 1000);
const noTexts: readonly unknown[] = [undefined, null, 7, true, {}, []];
const noNumbers: readonly unknown[] = ['9999999999', 'never', null, true, [9_999_999_999], {}];

const validity: readonly TokenKind[] = [
  ...each('exp', [undefined, ...noNumbers], 401),
  differing('exp a second ago', () => ({ exp: now() - 1 })),
  differing('exp a year ago', () => ({ exp: now() - 31_536_000 })),
  ...each('exp', [0, -1, -1e308], 401),
  ...each('exp', [1e15, 1e308, Number.MAX_SAFE_INTEGER, 9_999_999_999.5], 'honest'),
  said(
    'exp beyond all numbers',
    (forge) => JSON.stringify(vendorClaims(forge)).replace(/"exp":\d+/, '"exp":1e999'),
    'honest',
    401,
  ),
  differing('exp in milliseconds, long ago', { exp: 1_000_000_000 }),
  differing('nbf in an hour', () => ({ nbf: now() + 3600 })),
  ...each('nbf', noNumbers, 401),
  ...each('iat', noNumbers, 401),
  ...each('iss', [...noTexts, '', 'https://elsewhere.example', 'http://issuer.throughline.local/x'], 401),
  differing('iss in a list', ({ issuer }) => ({ iss: [issuer] })),
  differing('iss with a slash more', ({ issuer }) => ({ iss: `${issuer}/` })),
  differing('iss in upper case', ({ issuer }) => ({ iss: issuer.toUpperCase() })),
  differing('iss of the stranger', ({ strangerUrl }) => ({ iss: strangerUrl })),
  ...each('aud', [...noTexts, '', 'elsewhere', 'Throughline', 'throughline ', 'through', ['elsewhere']], 401),
  differing('aud in a list', { aud: ['elsewhere', 'throughline'] }, 'honest'),
  differing('aud in a list in a list', { aud: [['throughline']] }),
];

const tenants: readonly TokenKind[] = [
  ...each('tenant', [...noTexts, '', '/', 'acme/', '/acme', 'acme/engagement', 'acme#x', 'acme#rollup'], 403),
  ...each('tenant', [' ', 'acme ', ' acme', 'acme\n', 'ac\tme', 'acme\u00a0', 'acme\u2028', '\ufeffacme'], 403),
  ...each('tenant', ['acme\u0000', 'acme\u001b[2J', 'acme\u007f', '\ud800', 'acme\udc00'], 403),
  ...each('tenant', ['t'.repeat(129), '漢'.repeat(129), 't'.repeat(5000)], 403),
  ...each('tenant', [['acme'], { id: 'acme' }, ['acme', 'rival']], 403),
];

const people: readonly TokenKind[] = [
  ...each('role', [...noTexts, '', 'admin', 'Vendor', 'VENDOR ', 'vendor ', ' vendor', 'vendor,partner'], 403),
  ...each('role', [['vendor'], { vendor: true }, 'vendоr', 'vendor\u0000', '__proto__'], 403),
  ...each('sub', [undefined, '', null, 7, true, {}, [], ['vera'], { toString: 'x' }], 401, 403),
  ...each('sub', ['vera@acme.example', 'Vera Lind', '漢字', 'v'.repeat(255), 'v/e#r a', 'a\u0000b'], 'honest'),
  ...each('sub', ['\ud800', 'vera\udc00', 'v'.repeat(4000)], 403),
  ...each('partner', ['somebody', '', null, ['x'], {}], 'honest'),
  differing('of a partner, which names none', { role: 'partner' }, 403),
  ...[...noTexts, '', ['p'], { id: 'p' }, 'p'.repeat(1001), '漢'.repeat(334), '\ud800'].map((partner) =>
    differing(`of the partner ${shown(partner)}`, { role: 'partner', partner }, 403),
  ),
];

const shapes: readonly TokenKind[] = [
  ...['[]', 'null', '7', '"vendor"', '{', '', '\ufeff{}', 'true'].map((text) =>
    said(`the payload ${text}`, () => text),
  ),
  said('a token inside a token', (forge) => issued(forge, vendorClaims(forge))),
  said('a token inside a token, as a text', (forge) => JSON.stringify(issued(forge, vendorClaims(forge)))),
  said('nothing', () => ({}), 401),
  said(
    '10,000 levels of lists',
    (forge) => `{"a":${'['.repeat(3000)}${']'.repeat(3000)},${JSON.stringify(vendorClaims(forge)).slice(1)}`,
    'honest',
    401,
  ),
  differing('a claim of the prototype', () => JSON.parse('{"__proto__":{"role":"vendor"}}'), 'honest'),
  said(
    'the role only in the prototype',
    (forge) => {
      const { role: _, ...rest } = vendorClaims(forge);
      return `{"__proto__":{"role":"vendor"},${JSON.stringify(rest).slice(1)}`;
    },
    403,
  ),
  said(
    'the tenant twice, the last a list',
    (forge) => `${JSON.stringify(vendorClaims(forge)).slice(0, -1)},"tenant":["acme"]}`,
    403,
  ),
  said('exp twice, the last one past', (forge) => `${JSON.stringify(vendorClaims(forge)).slice(0, -1)},"exp":1}`),
  said(
    'the role twice, the last one unknown',
    (forge) => `${JSON.stringify(vendorClaims(forge)).slice(0, -1)},"role":"admin"}`,
    403,
  ),
  differing('6,000 letters more', { more: 'x'.repeat(6000) }, 'honest'),
];

/** All of them. */
export const oddClaims: readonly TokenKind[] = [...validity, ...tenants, ...people, ...shapes];

/** Claims of others who are allowed in, and must see nothing of the tenant `acme`: names that look like it, and keys that programs trip over. */
export const otherTenants: readonly string[] = [
  ...['rival', 'ACME', 'Acme', 'аcme', 'acme\u200b', 'acme.', 'acm', 'acmee', '%61cme', 'acme%2fengagement', '*', '..'],
  ...['__proto__', 'constructor', 'toString', 'null', 'undefined', 't'.repeat(128), '漢'.repeat(128), '💶'.repeat(64)],
];

/** Ids of partners that lead nothing. */
export const otherPartners: readonly string[] = [
  ...['nobody', 'p/q', 'a/b/c', '#', ' ', 'p q', '*', '..', '__proto__', 'constructor', '\u0000', 'p\n', 'northwind'],
  ...['p'.repeat(1000), '漢'.repeat(333), `a/b/${'c'.repeat(900)}`, '/'.repeat(300)],
];
