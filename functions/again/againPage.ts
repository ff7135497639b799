// What does a message of translate's queue say that has a page of receipts translated again?
import * as z from 'zod';
import { Instant } from '../../events/instant.ts';

/** The statuses that a person can choose receipts by. One that is pending is about to be translated anyway. */
export const againStatuses = ['translated', 'ignored', 'refused', 'waiting', 'expired'] as const;

/**
 * A run takes three steps, page by page. `read` has the connection's receipts read by today's code and mapping. `others`
 * looks through the receipts of all connections of the account for who still says what those no longer say. `retract` takes
 * back the rest.
 */
const againSteps = ['read', 'others', 'retract'] as const;

/** One page of a run. */
export const AgainPage = z.object({
  run: z.string().regex(/^[\w-]{1,64}$/),
  /** When the run began: retractions occur then, however often a page is repeated. */
  at: Instant,
  tenantId: z.string().min(1),
  connectionId: z.string().min(1),
  /** All connections of the connection's account, itself included. */
  account: z.array(z.string().min(1)).min(1),
  status: z.enum(againStatuses).optional(),
  /** Only what was received at this instant or later, and before that one. */
  from: Instant.optional(),
  to: Instant.optional(),
  /** False: a dry run, which changes nothing. */
  apply: z.boolean(),
  step: z.enum(againSteps).default('read'),
  /** The number of the page in its run. */
  page: z.int().min(0).default(0),
  /** For `others`: the place of the connection in `account`. */
  place: z.int().min(0).default(0),
  /** The sort key after which the page begins; absent: from the beginning. */
  after: z.string().optional(),
});
export type AgainPage = Readonly<z.infer<typeof AgainPage>>;

export const AgainMessage = z.object({ again: AgainPage });

/** Where a step goes on; undefined where it is done. */
export type StepGoesOn = Partial<Pick<AgainPage, 'place' | 'after'>> | undefined;
