// Where is the API, and with which token is it called?
import type { Properties } from '../local/core/json.ts';
import { mintToken, tokenRequest } from '../local/http/tokens.ts';
import type { Runtime } from '../local/runtime.ts';

/** Where the API is, and with which token to call it. */
export interface Access {
  readonly url: string;
  readonly token: string;
}

/** Access to a local runtime: as the tenant's own people, or as people of the named partner. */
export async function accessTo(runtime: Pick<Runtime, 'url' | 'issuer' | 'plan'>, given: Properties): Promise<Access> {
  const { url, issuer, plan } = runtime;
  return { url, token: await mintToken({ issuer, functions: plan.functions }, tokenRequest(given)) };
}
