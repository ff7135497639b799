// Which logging and metrics wrap every handler?
// Every entry file calls it; it writes to the log.
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { mapStacks } from './mappedStacks.ts';
import type { Measures } from './metrics.ts';

mapStacks();

export const createLogger = (functionName: string): Logger => new Logger({ serviceName: functionName });

/** A Lambda handler with the middleware that all our functions share. It logs an error, and then throws it again. */
export const withMiddleware = <Event, Answer>(
  logger: Logger,
  handle: (event: Event, context: Context) => Promise<Answer>,
  measures?: Pick<Measures, 'publish'>,
) =>
  middy<Event, Answer>()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .after(() => {
      measures?.publish();
    })
    .onError(({ error }) => {
      measures?.publish();
      logger.error('the invocation failed', { error });
    })
    .handler(handle);
