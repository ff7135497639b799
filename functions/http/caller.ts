// Which caller, of which tenant, does a verified token name?
// The record and query handlers call it; it fetches the issuer's discovery document and keys over HTTPS.
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as z from 'zod';
import { personReferenceOf } from '../../events/freeText.ts';

/** The holder of a token: a person of the tenant, or of one of its partners. */
export interface Caller {
  readonly tenantId: string;
  /** The token's subject; where that is an address or a name, a reference that stands for it. */
  readonly subject: string;
  readonly role: 'vendor' | 'partner';
  /** The party id of the partner; present for partners only. */
  readonly partnerId: string | undefined;
}

export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
  readonly claims: { readonly role: string; readonly tenant: string; readonly partner: string };
}

interface Refused {
  readonly ok: false;
  readonly status: 401 | 403;
  readonly detail: string;
}

export type Called = { readonly ok: true; readonly caller: Caller } | Refused;

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });

const discoveryMs = 5000;

const discoverKeys = async (issuer: string): Promise<JWTVerifyGetKey> => {
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(discoveryMs),
  });
  if (!answer.ok) throw new Error(`the issuer ${issuer} answers its discovery with ${answer.status}`);
  const discovered = Discovery.parse(await answer.json());
  if (discovered.issuer !== issuer)
    throw new Error(`the discovery document of ${issuer} names another issuer: ${discovered.issuer}`);
  return createRemoteJWKSet(new URL(discovered.jwks_uri));
};

/** Errors of the issuer's keys, not of the token: the holder of a valid token must not get a 401 for them. */
const issuersFault: ReadonlySet<string> = new Set([
  'ERR_JWKS_TIMEOUT',
  'ERR_JWKS_INVALID',
  'ERR_JWK_INVALID',
  'ERR_JOSE_GENERIC',
]);

const isTokensFault = (error: unknown): error is errors.JOSEError =>
  error instanceof errors.JOSEError && !issuersFault.has(error.code);

const longestPartner = 1000;
/** OpenID Connect allows no longer subject (Core 1.0, section 2). It becomes part of the source of what the caller records. */
const longestSubject = 255;

/** Half of a surrogate pair has no UTF-8: as a key it would become another text, and so perhaps another's. */
const Text = z
  .string()
  .min(1)
  .refine((text) => text.isWellFormed());
const TenantId = Text.regex(/^[^/#\s\p{Cc}]{1,128}$/u);
// A longer text can be no part of a key.
const PartnerId = Text.refine((text) => Buffer.byteLength(text) <= longestPartner);

const callerOf = (payload: JWTPayload, { claims }: TokenRules): Called => {
  const lacks = (detail: string): Called => ({ ok: false, status: 403, detail });
  const tenant = TenantId.safeParse(payload[claims.tenant]);
  const role = payload[claims.role];
  // An issuer may say anything, whatever its type declares.
  const subject = Text.safeParse(payload.sub);
  if (!tenant.success) return lacks(`the token's claim ${claims.tenant} names no tenant`);
  if (!subject.success) return lacks("the token's claim sub names no subject");
  const caller = { tenantId: tenant.data, subject: personReferenceOf(tenant.data, subject.data) };
  if (caller.subject.length > longestSubject)
    return lacks(`the token's claim sub has over ${longestSubject} characters, which OpenID Connect does not allow`);
  if (role === 'vendor') return { ok: true, caller: { ...caller, role, partnerId: undefined } };
  if (role !== 'partner') return lacks(`the token's claim ${claims.role} is neither vendor nor partner`);
  const partner = PartnerId.safeParse(payload[claims.partner]);
  return partner.success
    ? { ok: true, caller: { ...caller, role, partnerId: partner.data } }
    : lacks(`a partner's token names its partner in the claim ${claims.partner}`);
};

/**
 * Verifies RS256 tokens of the issuer. Only the token names the tenant, never a body or a query. 401 where the token is not
 * valid; 403 where it is valid but lacks a role, a tenant or, for a partner, the partner. Throws where the issuer can't be
 * reached; the next call tries again.
 */
export const createCallers = (rules: TokenRules): ((authorization: string | undefined) => Promise<Called>) => {
  let keys: Promise<JWTVerifyGetKey> | undefined;

  const payloadOf = async (token: string): Promise<{ readonly payload: JWTPayload } | Refused> => {
    keys ??= discoverKeys(rules.issuer);
    try {
      const { payload } = await jwtVerify(token, await keys, {
        issuer: rules.issuer,
        audience: rules.audience,
        algorithms: ['RS256'],
        requiredClaims: ['exp'],
      });
      return { payload };
    } catch (error) {
      if (isTokensFault(error)) return { ok: false, status: 401, detail: `the token is not valid: ${error.message}` };
      keys = undefined;
      throw new Error('the token could not be verified: its issuer did not give its keys', { cause: error });
    }
  };

  return async (authorization) => {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return { ok: false, status: 401, detail: 'send a token: `Authorization: Bearer …`' };
    const verified = await payloadOf(token);
    return 'payload' in verified ? callerOf(verified.payload, rules) : verified;
  };
};
