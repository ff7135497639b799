// Which token does a person get on one machine? A token of the runtime's own issuer, with the claims that the functions read.

import type { Properties } from '../core/json.ts';
import type { FunctionPlan } from '../core/plan.ts';
import { refuse } from '../core/refusal.ts';
import { localAudience } from '../template/synthesize.ts';
import type { Issuer } from './issuer.ts';

export interface TokenRequest {
  readonly role: 'vendor' | 'partner';
  readonly tenant: string;
  /** The partner, for a token of role partner. */
  readonly partner?: string;
  /** Who it is: the token's subject. */
  readonly subject: string;
  readonly seconds: number;
}

/** Reads a request, or refuses it with the reason. */
export function tokenRequest(given: Properties): TokenRequest {
  const role = given.text('role', '');
  const tenant = given.text('tenant', '');
  const partner = given.text('partner', '');
  if (role !== 'vendor' && role !== 'partner') return refuse('A token needs a role: --role vendor or --role partner.');
  // The functions make the same check on every token.
  if (!/^[^/#\s]{1,128}$/.test(tenant)) refuse('A token needs a tenant: --tenant ID, without /, # or white space.');
  if (role === 'partner' && partner === '') refuse('A token of role partner needs its partner: --partner ID.');
  if (role === 'vendor' && partner !== '')
    refuse("--partner goes only with --role partner: a vendor's token sees all partners.");
  return {
    role,
    tenant,
    ...(partner === '' ? {} : { partner }),
    subject: given.text('subject', `${role}@${partner === '' ? tenant : partner}`),
    seconds: given.number('seconds', 12 * 3_600),
  };
}

/** Signs a token. The names of its claims come from the functions' environment, or are the default names. */
export function mintToken(
  by: { readonly issuer: Issuer; readonly functions: readonly FunctionPlan[] },
  request: TokenRequest,
): Promise<string> {
  const told = by.functions.find((each) => each.environment.ROLE_CLAIM !== undefined)?.environment ?? {};
  const { ROLE_CLAIM = 'role', TENANT_CLAIM = 'tenant', PARTNER_CLAIM = 'partner', AUDIENCE = localAudience } = told;
  const claims = {
    sub: request.subject,
    [ROLE_CLAIM]: request.role,
    [TENANT_CLAIM]: request.tenant,
    ...(request.partner === undefined ? {} : { [PARTNER_CLAIM]: request.partner }),
  };
  return by.issuer.sign(claims, { audience: AUDIENCE, seconds: request.seconds });
}
