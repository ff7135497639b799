// What follows when something is said of a customer? Its engagements are projected: at once, and once more for what was under way.
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

/** What was under way has been written by then. */
export const againSeconds = 15 * 60;

export const createCustomerTick = ({ customerEngagements, queues }: CustomerTickSettings): Tick =>
  tick(Said, async ({ tenantId, partyId }) => queues.project(await customerEngagements(tenantId, partyId)));

/** Does so for a customer that was just described, and asks for the second time. */
export const followCustomer = async (
  { tenantId, partyId }: CustomerWord,
  { customerEngagements, queues }: CustomerTickSettings,
): Promise<void> => {
  await queues.project(await customerEngagements(tenantId, partyId));
  await queues.sweep({ sweep: 'customer', tenantId, partyId } satisfies z.infer<typeof Said>, againSeconds);
};
