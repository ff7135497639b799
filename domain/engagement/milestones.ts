// When did an engagement reach each of its milestones?
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Engagement } from './engagement.ts';

const firstOf = (engagement: Engagement, is: (event: RecordedEvent) => boolean): Instant | null =>
  engagement.events.find(is)?.occurredAt ?? null;

/** The first instant of each milestone; null if it is not reached. A win that was undone by a reopening is none. */
export const milestonesOf = (engagement: Engagement) => ({
  openedAt: engagement.opened?.occurredAt ?? null,
  wonAt:
    engagement.closings.find(({ event, undoneBy }) => event.data.result === 'won' && undoneBy === undefined)?.event
      .occurredAt ?? null,
  fulfilledAt: firstOf(engagement, (event) => event.type === 'OrderFulfilled'),
  deliveryStartedAt: firstOf(engagement, (event) => event.type === 'DeliveryStarted'),
  liveAt: firstOf(engagement, (event) => event.type === 'MilestoneReached' && event.data.milestone === 'go_live'),
  firstValueAt: firstOf(
    engagement,
    (event) =>
      (event.type === 'MilestoneReached' && event.data.milestone === 'first_value') ||
      (event.type === 'OutcomeMeasured' && event.data.met === true),
  ),
  firstReportAt: firstOf(engagement, (event) => event.type === 'ValueReported'),
});
