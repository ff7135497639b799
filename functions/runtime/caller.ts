// Who is asking, and for which tenant? What a verified token says; never what a body or a query says.
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as z from 'zod';

/** The bearer of a token: one of the tenant's own people, or of a partner's. */
export interface Caller {
  readonly tenantId: string;
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

export type Called =
  | { readonly ok: true; readonly caller: Caller }
  | { readonly ok: false; readonly status: 401 | 403; readonly detail: string };

const Discovery = z.object({ jwks_uri: z.url() });

const discoverKeys = async (issuer: string): Promise<JWTVerifyGetKey> => {
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (!answer.ok) throw new Error(`the issuer ${issuer} answers its discovery with ${answer.status}`);
  return createRemoteJWKSet(new URL(Discovery.parse(await answer.json()).jwks_uri));
};

const TenantId = z.string().regex(/^[^/#\s]{1,128}$/);

/**
 * Verifies RS256 tokens of the issuer. 401 where the token doesn't hold; 403 where it holds and lacks a role, a tenant
 * or, for a partner, the partner.
 */
export const createCallers = (rules: TokenRules): ((authorization: string | undefined) => Promise<Called>) => {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  return async (authorization) => {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return { ok: false, status: 401, detail: 'send a token: `Authorization: Bearer …`' };
    keys ??= discoverKeys(rules.issuer);
    try {
      const { payload } = await jwtVerify(token, await keys, {
        issuer: rules.issuer,
        audience: rules.audience,
        algorithms: ['RS256'],
      });
      const tenant = TenantId.safeParse(payload[rules.claims.tenant]);
      const role = payload[rules.claims.role];
      const partner = payload[rules.claims.partner];
      if (!tenant.success)
        return { ok: false, status: 403, detail: `the token's claim ${rules.claims.tenant} names no tenant` };
      if (payload.sub === undefined || payload.sub === '')
        return { ok: false, status: 403, detail: "the token's claim sub names no subject" };
      if (role === 'vendor')
        return { ok: true, caller: { tenantId: tenant.data, subject: payload.sub, role, partnerId: undefined } };
      if (role !== 'partner')
        return {
          ok: false,
          status: 403,
          detail: `the token's claim ${rules.claims.role} is neither vendor nor partner`,
        };
      return typeof partner === 'string' && partner !== ''
        ? { ok: true, caller: { tenantId: tenant.data, subject: payload.sub, role, partnerId: partner } }
        : {
            ok: false,
            status: 403,
            detail: `a partner's token names its partner in the claim ${rules.claims.partner}`,
          };
    } catch (error) {
      if (error instanceof errors.JOSEError)
        return { ok: false, status: 401, detail: `the token does not hold: ${error.message}` };
      keys = undefined;
      throw new Error('the token could not be verified: its issuer does not answer', { cause: error });
    }
  };
};
