// Which function makes the rows of groups from their contributions?
// Lambda calls it with the contributions table's stream and rollup's queue; it reads contributions, and writes heads and rows of groups.
import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { writtenTables } from '../domain/rows/catalog.ts';
import { contributions } from '../domain/rows/ownTables.ts';
import { createDynamoClient, createQueueClient } from './aws/clients.ts';
import { now } from './aws/clock.ts';
import { readConfig, required } from './aws/config.ts';
import { createKeepFailure } from './aws/failureLog.ts';
import { createLogger, withMiddleware } from './aws/middleware.ts';
import { createSqsSender } from './aws/sqs.ts';
import { createProjectionStore } from './project/projectionStore.ts';
import { readProjectionTables } from './project/projectionTables.ts';
import { wakeGroups } from './project/wakeGroups.ts';
import { createProjectGroup } from './rollup/projectGroup.ts';
import { createRollupHandler, tenantOfKeys } from './rollup/rollupHandler.ts';
import { createRollupStore } from './rollup/rollupStore.ts';

const config = readConfig({
  FAILURES_TABLE: required,
  ROLLUP_QUEUE_URL: required,
  RELEASE: z.coerce.number().int(),
  COMPUTED_BY: required,
});
const client = createDynamoClient();
const logger = createLogger('rollup');
const send = createSqsSender({ client: createQueueClient(), random: Math.random });
const tableOf = readProjectionTables(writtenTables('groups'));
const wake = wakeGroups(send, config.ROLLUP_QUEUE_URL);

export const handler = withMiddleware<unknown, SQSBatchResponse>(
  logger,
  createRollupHandler({
    project: createProjectGroup({
      groups: createRollupStore({ client, table: tableOf(contributions.name) }),
      rows: createProjectionStore({ client, tableOf, random: Math.random }),
      wake,
      now,
      random: Math.random,
      release: config.RELEASE,
      computedBy: config.COMPUTED_BY,
    }),
    wake,
    setAside: (keys) =>
      send(
        config.ROLLUP_QUEUE_URL,
        keys.map((changed) => ({ tenantId: tenantOfKeys(changed), body: { changed } })),
      ),
    keepFailure: createKeepFailure({ client, table: config.FAILURES_TABLE, functionName: 'rollup', now }),
    logger,
  }),
);
