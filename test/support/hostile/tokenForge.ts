// With what does a forger make tokens? Segments of any text, signed by any key and algorithm, the issuer's own key too.
import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** What a forger knows and holds. The issuer's key is here too: a token may be odd in what the issuer itself says. */
export interface Forge {
  readonly issuer: string;
  readonly audience: string;
  readonly keyId: string;
  /** The issuer's private key. */
  readonly own: KeyObject;
  /** A server of the forger's, which gives the forger's keys to whoever asks. */
  readonly strangerUrl: string;
}

/** The forger's own keys. */
export const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const edwards = generateKeyPairSync('ed25519');

export type Claims = Readonly<Record<string, unknown>>;

/** A vendor's claims, as the issuer says them. */
export const vendorClaims = ({ issuer, audience }: Forge): Claims => {
  const now = Math.floor(Date.now() / 1000);
  return { iss: issuer, aud: audience, iat: now, exp: now + 3600, sub: 'vera', role: 'vendor', tenant: 'acme' };
};

export const segment = (content: unknown): string =>
  Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)).toString('base64url');

export type Sign = (input: Buffer) => Buffer;

export const rsa =
  (key: KeyObject, digest = 'sha256'): Sign =>
  (input) =>
    sign(digest, input, key);
export const pss =
  (key: KeyObject): Sign =>
  (input) =>
    sign('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
export const hmac =
  (secret: string | Buffer): Sign =>
  (input) =>
    createHmac('sha256', secret).update(input).digest();
export const ecdsa: Sign = (input) => sign('sha256', input, { key: curve.privateKey, dsaEncoding: 'ieee-p1363' });
export const eddsa: Sign = (input) => sign(null, input, edwards.privateKey);
export const unsigned: Sign = () => Buffer.alloc(0);

/** A token of these two segments; a text stands there as it is. */
export const token = (header: unknown, payload: unknown, by: Sign): string => {
  const input = `${segment(header)}.${segment(payload)}`;
  return `${input}.${by(Buffer.from(input)).toString('base64url')}`;
};

export const headerOf = ({ keyId }: Forge): Claims => ({ alg: 'RS256', kid: keyId });

/** A token that the issuer itself would sign, of any claims. */
export const issued = (forge: Forge, payload: unknown, header: Claims = {}): string =>
  token({ ...headerOf(forge), ...header }, payload, rsa(forge.own));

/** What a request with the token must get: 401, 403, or what the honest vendor gets. */
export type Due = 401 | 403 | 'honest';

/** A kind of token. */
export interface TokenKind {
  readonly name: string;
  /** The Authorization header. */
  readonly header: (forge: Forge) => string;
  /** More than one where readers of the standard differ, and each answer is safe. */
  readonly due: readonly Due[];
}

export const kind = (name: string, header: (forge: Forge) => string, ...due: readonly Due[]): TokenKind => ({
  name,
  header,
  due: due.length === 0 ? [401] : due,
});
