// What surrounds every handler? A structured log with the request's context; what a handler throws is logged and thrown on.
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';

export const createLogger = (functionName: string): Logger => new Logger({ serviceName: functionName });

/** A Lambda handler with the stack that all of ours share. */
export const withMiddleware = <Event, Answer>(
  logger: Logger,
  handle: (event: Event, context: Context) => Promise<Answer>,
) =>
  middy<Event, Answer>()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .onError(({ error }) => {
      logger.error('the invocation failed', { error });
    })
    .handler(handle);
