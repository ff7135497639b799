// Who may use the read and record API, and what does everyone else get?
// The record and query handlers call it; verifying a token may fetch the issuer's keys.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Called, Caller } from './caller.ts';
import { type HttpAnswer, problemAnswer } from './problem.ts';

export interface Authenticated {
  readonly caller: Caller;
  readonly event: APIGatewayProxyEventV2;
}

/** The body as text; decoded where API Gateway passes it as base64. */
export const bodyOf = (event: APIGatewayProxyEventV2): string =>
  event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString('utf8') : (event.body ?? '');

/** Answers requests of verified callers. 401 and 403 name what the token lacks; 503 means that a service of ours failed. */
export const authenticated =
  (
    callers: (authorization: string | undefined) => Promise<Called>,
    answer: (authenticated: Authenticated) => Promise<HttpAnswer>,
    report: (error: unknown) => void,
  ) =>
  async (event: APIGatewayProxyEventV2): Promise<HttpAnswer> => {
    try {
      const called = await callers(event.headers.authorization);
      if (!called.ok) {
        return problemAnswer({
          status: called.status,
          reason: called.status === 401 ? 'tokenInvalid' : 'tokenLacksScope',
          detail: called.detail,
          ...(called.status === 401 && { headers: { 'www-authenticate': 'Bearer' } }),
        });
      }
      return await answer({ caller: called.caller, event });
    } catch (error) {
      report(error);
      return problemAnswer({
        status: 503,
        reason: 'unavailable',
        detail: 'the request could not be answered now; nothing was lost: send it again',
        headers: { 'retry-after': '1' },
      });
    }
  };
