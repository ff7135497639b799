// Which tokens count here? The issuer, audience and claim names that the environment gives.

import { readConfig, required } from '../aws/config.ts';
import type { TokenRules } from './caller.ts';

/** The rules of the environment; throws, naming them, where variables are missing. */
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
