// Which tokens would a forger try? Every kind that differs in form, signature, algorithm or header from what the issuer signs.
import { createPublicKey, type KeyObject } from 'node:crypto';
import {
  type Claims,
  ecdsa,
  eddsa,
  type Forge,
  foreign,
  headerOf,
  hmac,
  issued,
  kind,
  pss,
  rsa,
  type Sign,
  segment,
  type TokenKind,
  token,
  unsigned,
  vendorClaims,
} from './tokenForge.ts';

const bearer = (text: string): string => `Bearer ${text}`;
const honest = (forge: Forge): string => issued(forge, vendorClaims(forge));
const publicText = (key: KeyObject, format: 'pem' | 'der'): string | Buffer => {
  const made = createPublicKey(key);
  return format === 'pem' ? made.export({ format, type: 'spki' }) : made.export({ format, type: 'spki' });
};

/** What stands around an honest token. */
const around: readonly TokenKind[] = [
  kind('the honest one', (forge) => bearer(honest(forge)), 'honest'),
  kind('the scheme in lower case', (forge) => `bearer ${honest(forge)}`, 'honest'),
  kind('the scheme in upper case', (forge) => `BEARER ${honest(forge)}`, 'honest'),
  kind('two spaces after the scheme', (forge) => `Bearer  ${honest(forge)}`, 'honest'),
  kind('a tab after the scheme', (forge) => `Bearer\t${honest(forge)}`),
  kind('no scheme', honest),
  kind('an empty header', () => ''),
  kind('the scheme alone', () => 'Bearer'),
  kind('the scheme and a space', () => 'Bearer '),
  kind('Basic with a password', () => `Basic ${Buffer.from('vera:secret').toString('base64')}`),
  kind('Basic with the token as its password', (forge) => {
    return `Basic ${Buffer.from(`vera:${honest(forge)}`).toString('base64')}`;
  }),
  kind('another scheme', (forge) => `DPoP ${honest(forge)}`),
  kind('a scheme of full-width letters', (forge) => Buffer.from(`Ｂearer ${honest(forge)}`).toString('latin1')),
  kind('two tokens', (forge) => `Bearer ${honest(forge)} ${honest(forge)}`),
  kind('two headers as one', (forge) => `Bearer ${honest(forge)}, Bearer ${honest(forge)}`),
  kind('a forged and an honest header as one', (forge) => `Bearer a.b.c, Bearer ${honest(forge)}`),
  kind('quotes around it', (forge) => `Bearer "${honest(forge)}"`),
  kind('a parameter behind it', (forge) => `Bearer ${honest(forge)};tenant=rival`),
  kind('a letter outside ASCII behind it', (forge) => `Bearer ${honest(forge)}é`),
];

/** An honest token that was changed afterwards. */
const changed = (name: string, change: (parts: readonly [string, string, string], forge: Forge) => string): TokenKind =>
  kind(name, (forge) => {
    const [header = '', payload = '', signature = ''] = honest(forge).split('.');
    return bearer(change([header, payload, signature], forge));
  });

const broken: readonly TokenKind[] = [
  changed('one segment', ([header]) => header),
  changed('two segments', ([header, payload]) => `${header}.${payload}`),
  changed('four segments', (parts) => `${parts.join('.')}.x`),
  changed('five segments, as an encrypted token has', (parts) => `${parts.join('.')}.x.y`),
  changed('only dots', () => '..'),
  changed('no header', ([, payload, signature]) => `.${payload}.${signature}`),
  changed('no payload', ([header, , signature]) => `${header}..${signature}`),
  changed('no signature', ([header, payload]) => `${header}.${payload}.`),
  changed('half of the signature', ([header, payload, signature]) => `${header}.${payload}.${signature.slice(0, 170)}`),
  changed('another first letter of the signature', ([header, payload, signature]) => {
    return `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
  }),
  changed('a longer signature', ([header, payload, signature]) => `${header}.${payload}.${signature}AAAA`),
  changed('the signature twice', ([header, payload, signature]) => `${header}.${payload}.${signature}${signature}`),
  changed('the signature of another token', ([header, payload], forge) => {
    return `${header}.${payload}.${issued(forge, { ...vendorClaims(forge), tenant: 'rival' }).split('.')[2]}`;
  }),
  changed('another tenant in the payload', ([header, , signature], forge) => {
    return `${header}.${segment({ ...vendorClaims(forge), tenant: 'rival' })}.${signature}`;
  }),
  changed('another header', ([, payload, signature], forge) => {
    return `${segment({ ...headerOf(forge), typ: 'JWT' })}.${payload}.${signature}`;
  }),
  changed('a header that is no base64', ([, payload, signature]) => `{}.${payload}.${signature}`),
  changed('a null in it', ([header, payload, signature]) => `${header}.${payload}%00.${signature}`),
  changed('12,000 letters', () => 'a'.repeat(12_000)),
  changed('12,000 dots', () => '.'.repeat(12_000)),
];

/** A header, signed; the payload is the honest one. */
const headed = (name: string, header: (forge: Forge) => unknown, by: (forge: Forge) => Sign): TokenKind =>
  kind(name, (forge) => bearer(token(header(forge), vendorClaims(forge), by(forge))));
const ofForger = (name: string, more: (forge: Forge) => Claims): TokenKind =>
  headed(
    name,
    (forge) => ({ ...headerOf(forge), ...more(forge) }),
    () => rsa(foreign.privateKey),
  );
const byOwn = (name: string, more: (forge: Forge) => unknown): TokenKind => headed(name, more, ({ own }) => rsa(own));
const alg = (name: unknown) => (forge: Forge) => ({ ...headerOf(forge), alg: name });

const algorithms: readonly TokenKind[] = [
  ...['none', 'None', 'NONE', 'nOnE', ''].map((name) =>
    headed(`alg ${JSON.stringify(name)} without a signature`, alg(name), () => unsigned),
  ),
  byOwn('alg none with a signature', alg('none')),
  headed('HS256 with our public key as PEM', alg('HS256'), ({ own }) => hmac(publicText(own, 'pem'))),
  headed('HS256 with our public key as DER', alg('HS256'), ({ own }) => hmac(publicText(own, 'der'))),
  headed('HS256 with an empty secret', alg('HS256'), () => hmac('')),
  headed('HS256 with the secret of examples', alg('HS256'), () => hmac('your-256-bit-secret')),
  headed('HS256 under the name RS256', alg('RS256'), ({ own }) => hmac(publicText(own, 'pem'))),
  headed('RS384 of our key', alg('RS384'), ({ own }) => rsa(own, 'sha384')),
  headed('RS512 of our key', alg('RS512'), ({ own }) => rsa(own, 'sha512')),
  headed('PS256 of our key', alg('PS256'), ({ own }) => pss(own)),
  headed('PS256 under the name RS256', alg('RS256'), ({ own }) => pss(own)),
  headed('SHA-1 under the name RS256', alg('RS256'), ({ own }) => rsa(own, 'sha1')),
  headed('ES256 of a foreign key', alg('ES256'), () => ecdsa),
  headed('ES256 of zeros', alg('ES256'), () => () => Buffer.alloc(64)),
  headed('EdDSA of a foreign key', alg('EdDSA'), () => eddsa),
  byOwn('alg in lower case', alg('rs256')),
  byOwn('alg with a space', alg('RS256 ')),
  byOwn('alg as a list', alg(['RS256'])),
  byOwn('alg as an object', alg({ alg: 'RS256' })),
  byOwn('alg null', alg(null)),
  byOwn('no alg', ({ keyId }) => ({ kid: keyId })),
];

const forgersKey = (): Claims => ({ ...foreign.publicKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' });

const headers: readonly TokenKind[] = [
  ofForger('a foreign key under our key id', () => ({})),
  ofForger('a foreign key in the header (jwk)', () => ({ jwk: forgersKey() })),
  ofForger('an address of foreign keys (jku)', ({ strangerUrl }) => ({ jku: `${strangerUrl}/keys`, kid: 'stranger' })),
  ofForger('an address of a foreign certificate (x5u)', ({ strangerUrl }) => ({ x5u: `${strangerUrl}/cert` })),
  ofForger('a foreign certificate (x5c)', () => ({
    x5c: [foreign.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')],
  })),
  ofForger('a key id that is a path', () => ({ kid: '../../../../../dev/null' })),
  ofForger('a key id that is an address', ({ strangerUrl }) => ({ kid: strangerUrl })),
  ofForger('a key id that is a query', () => ({ kid: "x' UNION SELECT 'key" })),
  ofForger('a key id that is a command', () => ({ kid: '|sleep 10' })),
  ofForger('a key id that breaks lines', () => ({ kid: 'a\r\nset-cookie: b=c' })),
  ...['__proto__', 'constructor', '', '漢', ['local'], { id: 'local' }, 7, null, true].map((kid) =>
    ofForger(`the key id ${JSON.stringify(kid)}`, () => ({ kid })),
  ),
  byOwn('a key id that we do not have', (forge) => ({ ...headerOf(forge), kid: 'other' })),
  byOwn('an unknown critical header', (forge) => ({ ...headerOf(forge), crit: ['x-own'], 'x-own': 1 })),
  byOwn('a critical header that no header can echo', (forge) => ({
    ...headerOf(forge),
    crit: ['漢\r\n'],
    '漢\r\n': 1,
  })),
  byOwn('a critical header that is not there', (forge) => ({ ...headerOf(forge), crit: ['exp'] })),
  byOwn('an empty list of critical headers', (forge) => ({ ...headerOf(forge), crit: [] })),
  byOwn('critical headers as a text', (forge) => ({ ...headerOf(forge), crit: 'exp' })),
  byOwn('critical headers of the prototype', (forge) => ({ ...headerOf(forge), crit: ['toString', '__proto__'] })),
  byOwn('a payload that is said not to be encoded', (forge) => ({ ...headerOf(forge), crit: ['b64'], b64: false })),
  ...['[]', 'null', '7', '"RS256"', '{', '', '\ufeff{}'].map((text) => byOwn(`the header ${text}`, () => text)),
  kind('no key id', (forge) => bearer(token({ alg: 'RS256' }, vendorClaims(forge), rsa(forge.own))), 'honest', 401),
];

/** All of them. */
export const forgedTokens: readonly TokenKind[] = [...around, ...broken, ...algorithms, ...headers];
