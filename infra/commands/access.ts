// Where is the API, with which token is it called, and why was it not reached?
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

/** Why a request got no answer. fetch itself says only that it failed; its `cause` says why. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
