// Who vouches for people in tests? An OIDC issuer of its own: discovery and keys over HTTP, and tokens signed as asked.
import { KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';

export const audience = 'throughline';

export interface TokenOptions {
  /** Null: the token names none. */
  readonly audience?: string | null;
  readonly issuer?: string;
  /** Seconds from now; negative: it has expired. */
  readonly seconds?: number;
  /** With the issuer's key, or against it. */
  readonly signed?: 'RS256' | 'foreignKey' | 'HS256WithPublicKey' | 'none' | 'withoutExpiry';
}

export interface TestIssuer {
  readonly url: string;
  /** The id of its key, and the private key: for tokens that it would not sign. */
  readonly keyId: string;
  readonly own: KeyObject;
  token(claims: JWTPayload, options?: TokenOptions): Promise<string>;
  /** What it answers for which path while it fails. */
  fail(path: 'discovery' | 'keys' | undefined): void;
  stop(): Promise<void>;
}

const keyId = 'test';

const listening = (server: ReturnType<typeof createServer>): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address: AddressInfo | string | null = server.address();
      if (address === null || typeof address === 'string') reject(new Error('the issuer has no port'));
      else resolve(address.port);
    });
  });

/** Starts an issuer on a port of its own. */
export const startIssuer = async (): Promise<TestIssuer> => {
  const [own, foreign] = await Promise.all([generateKeyPair('RS256', { extractable: true }), generateKeyPair('RS256')]);
  const jwk = { ...(await exportJWK(own.publicKey)), kid: keyId, alg: 'RS256', use: 'sig' };
  let failing: 'discovery' | 'keys' | undefined;
  let url = '';
  const server = createServer((request, response) => {
    const asked = request.url === '/keys' ? 'keys' : 'discovery';
    const document = asked === 'keys' ? { keys: [jwk] } : { issuer: url, jwks_uri: `${url}/keys` };
    response.writeHead(asked === failing ? 500 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document));
  });
  url = `http://127.0.0.1:${await listening(server)}`;

  const token: TestIssuer['token'] = async (claims, options = {}) => {
    const { signed = 'RS256', seconds = 600 } = options;
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      iss: options.issuer ?? url,
      ...(options.audience === null ? {} : { aud: options.audience ?? audience }),
      iat: now,
      ...(signed === 'withoutExpiry' ? {} : { exp: now + seconds }),
      ...claims,
    };
    const jwt = (alg: string) => new SignJWT(payload).setProtectedHeader({ alg, kid: keyId });
    switch (signed) {
      case 'none':
        return new UnsecuredJWT(payload).encode();
      case 'HS256WithPublicKey':
        return await jwt('HS256').sign(new TextEncoder().encode(await exportSPKI(own.publicKey)));
      case 'foreignKey':
        return await jwt('RS256').sign(foreign.privateKey);
      case 'RS256':
      case 'withoutExpiry':
        return await jwt('RS256').sign(own.privateKey);
      default:
        return signed satisfies never;
    }
  };

  return {
    url,
    keyId,
    own: KeyObject.from(own.privateKey),
    token,
    fail: (path) => {
      failing = path;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
