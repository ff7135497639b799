// What follows when an event describes a customer?
// The sweep handler calls it; it sends the customer's engagements to project's queue, and a later second round to sweep's queue.
import * as z from 'zod';
import type { CustomerWord } from './contextChange.ts';
import type { CustomerEngagements } from './customerEngagements.ts';
import type { SweepQueues } from './sweepQueues.ts';
import { type Tick, tick } from './tick.ts';

export interface CustomerTickSettings {
  readonly customerEngagements: CustomerEngagements;
  readonly queues: SweepQueues;
}

const Said = z.object({ sweep: z.literal('customer'), tenantId: z.string(), partyId: z.string() });

/** By then every projection that was under way has been written. */
export const againSeconds = 15 * 60;

export const createCustomerTick = ({ customerEngagements, queues }: CustomerTickSettings): Tick =>
  tick(Said, async ({ tenantId, partyId }) => queues.project(await customerEngagements(tenantId, partyId)));

/** Has the engagements of a customer projected, and once more later, for projections that were under way meanwhile. */
export const followCustomer = async (
  { tenantId, partyId }: CustomerWord,
  { customerEngagements, queues }: CustomerTickSettings,
): Promise<void> => {
  await queues.project(await customerEngagements(tenantId, partyId));
  await queues.sweep({ sweep: 'customer', tenantId, partyId } satisfies z.infer<typeof Said>, againSeconds);
};
