// Did a request come through CloudFront and its WAF, where the deployment has them?
// The entry files of the functions behind HTTP wrap their handlers in it.
import { createHash, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { type HttpAnswer, problemAnswer } from './problem.ts';

/** The header that CloudFront adds. */
export const originHeader = 'x-origin-verify';

const Requested = z.object({
  requestContext: z.object({ http: z.unknown() }),
  headers: z.record(z.string(), z.unknown()).default({}),
});

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Refuses requests that went around CloudFront: an HTTP API can't refuse them itself. Events of queues pass. Without a secret
 * nothing stands before the API, and everything passes.
 */
export const behindOrigin = <Event, Context, Answer>(
  secret: string | undefined,
  handle: (event: Event, context: Context) => Promise<Answer | HttpAnswer>,
) => {
  if (secret === undefined || secret === '') return handle;
  const expected = digest(secret);
  return async (event: Event, context: Context): Promise<Answer | HttpAnswer> => {
    const request = Requested.safeParse(event);
    if (!request.success) return await handle(event, context);
    const given = request.data.headers[originHeader];
    if (typeof given === 'string' && timingSafeEqual(digest(given), expected)) return await handle(event, context);
    return problemAnswer({
      status: 403,
      reason: 'notThroughCloudFront',
      detail: 'this address takes requests only through CloudFront; use the URL of the distribution',
    });
  };
};
