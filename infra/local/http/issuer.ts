// Which tokens are valid on one machine? Those of the runtime's own OIDC issuer, whose one key is in the data directory.
// The runtime, `npm run token` and the sample call it; it reads and writes the key's file.
import { existsSync } from 'node:fs';
import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';
import type { Clock } from '../core/clock.ts';
import { dataFiles } from '../core/dataDirectory.ts';
import { isObject } from '../core/json.ts';
import { writePrivateFileOnce } from '../core/privateFile.ts';
import { namingFaults, readJsonFile, refuseDamaged } from '../core/storageFault.ts';

export interface Issuer {
  /** Its URL, which is the `iss` claim of its tokens. */
  readonly url: string;
  /** The documents that it publishes, by path. */
  readonly documents: Readonly<Record<string, unknown>>;
  /** A signed token with these claims, for so many seconds. */
  sign(
    claims: Readonly<Record<string, string>>,
    options: { readonly audience: string; readonly seconds: number },
  ): Promise<string>;
  /** The claims of a token that this issuer signed for one of the audiences and that is valid now; else rejects with the reason. */
  verify(token: string, audience: readonly string[]): Promise<JWTPayload>;
}

const keyId = 'local';

const whenDamaged =
  'It holds the key of the tokens. Delete it and start again, then make new tokens: those of before no longer hold.';

async function privateKey(path: string): Promise<JWK> {
  if (!existsSync(path)) {
    const { privateKey: made } = await generateKeyPair('RS256', { extractable: true });
    const jwk = JSON.stringify(await exportJWK(made));
    namingFaults({ path }, () => writePrivateFileOnce(path, jwk));
  }
  const found = readJsonFile({ path, whenDamaged });
  return isObject(found) ? found : refuseDamaged({ path, whenDamaged });
}

/** Opens the issuer of a data directory; its key is made on the first start. */
export async function openIssuer(options: {
  readonly dataDir: string;
  readonly url: string;
  readonly clock: Clock;
}): Promise<Issuer> {
  const { url, clock } = options;
  const path = dataFiles.issuerKey(options.dataDir);
  const jwk = await privateKey(path);
  const key = await importJWK(jwk, 'RS256').catch((error: unknown) => refuseDamaged({ path, whenDamaged }, error));
  const { kty, n, e } = jwk;
  if (kty === undefined || n === undefined || e === undefined) return refuseDamaged({ path, whenDamaged });
  const jwks = { keys: [{ kty, n, e, kid: keyId, alg: 'RS256', use: 'sig' }] };
  const keys = createLocalJWKSet(jwks);
  return {
    url,
    documents: {
      '/.well-known/openid-configuration': {
        issuer: url,
        jwks_uri: `${url}/.well-known/jwks.json`,
        id_token_signing_alg_values_supported: ['RS256'],
        response_types_supported: ['token'],
        subject_types_supported: ['public'],
      },
      '/.well-known/jwks.json': jwks,
    },
    sign(claims, { audience, seconds }) {
      const now = Math.floor(clock.now() / 1000);
      return new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: keyId })
        .setIssuer(url)
        .setAudience(audience)
        .setIssuedAt(now)
        .setExpirationTime(now + seconds)
        .sign(key);
    },
    async verify(token, audience) {
      const verified = await jwtVerify(token, keys, {
        issuer: url,
        audience: [...audience],
        algorithms: ['RS256'],
        requiredClaims: ['exp'],
        currentDate: new Date(clock.now()),
      });
      return verified.payload;
    },
  };
}
