// Which issuer, audience and claims must the tokens of this deployment have?
// The record and query entry files call it when their process starts; it reads the process's environment.

import { readConfig, required } from '../aws/config.ts';
import type { TokenRules } from './caller.ts';

/** The rules from the environment; throws with the names of missing variables. */
export const tokenRules = (): TokenRules => {
  const config = readConfig({
    ISSUER: required,
    AUDIENCE: required,
    ROLE_CLAIM: required,
    TENANT_CLAIM: required,
    PARTNER_CLAIM: required,
  });
  return {
    issuer: config.ISSUER,
    audience: config.AUDIENCE,
    claims: { role: config.ROLE_CLAIM, tenant: config.TENANT_CLAIM, partner: config.PARTNER_CLAIM },
  };
};
