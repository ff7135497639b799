// How does an engagement's recurring revenue change, step by step?
import * as z from 'zod';
import { forEveryone, forSeers, forVendor } from '../../events/audience.ts';
import { eventTypes } from '../../events/catalog.ts';
import { type ArrChange, arrChangeKinds, arrChangesOf, type Lead } from '../engagement/arrChanges.ts';
import { factsBySubscription } from '../engagement/inEffect.ts';
import { arrTurns } from '../engagement/recurringRevenue.ts';
import { revenueSteps, unknownReasons } from '../engagement/revenueSteps.ts';
import { At, CurrencyCode, CustomerName, carriedByEngagement, Minor, PartnerName, PartyId } from './commonColumns.ts';
import { carried, partyOf, type RowContext } from './rowContext.ts';
import { seenByColumn } from './seenBy.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

/** The kinds of step, in the order in which those of one instant count. */
export const stepKinds = arrChangeKinds;

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    at: At.describe(
      'When the step takes effect: when the term began, a change took effect, or the lead partner changed.',
    ),
    kind: z
      .enum(stepKinds)
      .describe(
        'change: the revenue of one subscription changes. currencyOut, currencyIn: its currency changes. ' +
          'transferOut, transferIn: the lead partner changes, and with it the partner of subscriptions that name none.',
      ),
    subscriptionId: z.string().nullable().describe('The subscription; null for a transfer, which may cover several.'),
    subscriptions: z.int().min(1).describe('How many subscriptions it covers: one, except for a transfer.'),
    customerId: PartyId.nullable().describe('The customer, as a party; null if none is known.'),
    customer: CustomerName,
    partnerId: PartyId.nullable().describe('The partner whose revenue changes; null if there is none.'),
    partner: PartnerName,
    partnerBy: z
      .enum(['subscription', 'lead'])
      .describe('subscription: the subscription itself names the partner. lead: it is the lead partner.'),
  }),
  ...forVendor({
    amountsSeenBy: seenByColumn('both amounts'),
    closedBefore: z
      .int()
      .min(0)
      .describe('How many prices before the step its partner may not see. For the vendor alone.'),
    closedAfter: z
      .int()
      .min(0)
      .describe('How many prices from the step on its partner may not see. For the vendor alone.'),
  }),
  ...forSeers(
    { seenBy: 'amountsSeenBy' },
    {
      currency: CurrencyCode.describe('The currency of the amounts; null if none is known.'),
      fromMinor: Minor.describe('The revenue a year before the step, minor units. 0 means none; null means not known.'),
      toMinor: Minor.describe('The revenue a year from the step on, minor units. 0 means none; null means not known.'),
    },
  ),
  ...forEveryone({
    amountReason: z.enum(unknownReasons).nullable().describe('Why an amount is not known; null if both are known.'),
    cause: z.enum(eventTypes).describe('The type of the event that caused the step.'),
    causeEvent: z.string().describe('The event that caused the step.'),
  }),
});

const soldOf = ({ engagement, context, customerId }: RowContext) => {
  const bySubscription = factsBySubscription(engagement);
  return engagement.subscriptions.map((subscription) => {
    const { subscriptionId, started } = subscription;
    return {
      subscriptionId,
      customerId: partyOf(context, started?.data.customer) ?? customerId,
      ownPartnerId: partyOf(context, started?.data.partner) ?? undefined,
      steps: revenueSteps(subscription, bySubscription.get(subscriptionId) ?? []),
    };
  });
};

const leadsOf = ({ engagement, context }: RowContext): readonly Lead[] => {
  const causes = new Map(
    [...engagement.of('EngagementOpened'), ...engagement.of('PartnerAssigned')].map((event) => [event.eventId, event]),
  );
  return engagement.leads.flatMap(({ at, partner, eventId }) => {
    const cause = causes.get(eventId);
    return cause === undefined ? [] : [{ at, partnerId: partyOf(context, partner), cause }];
  });
};

const rowOf = (rowContext: RowContext, change: ArrChange) => {
  const { seenBy, closedBefore, closedAfter } = change.prices;
  const cells: Columns<typeof columns> = {
    ...carried(rowContext, change.cause.eventId),
    at: change.at,
    kind: change.kind,
    subscriptionId: change.subscriptionId,
    subscriptions: change.subscriptions,
    customerId: change.customerId,
    customer: rowContext.nameOfParty(change.customerId),
    partnerId: change.partnerId,
    partner: rowContext.nameOfParty(change.partnerId),
    partnerBy: change.partnerBy,
    amountsSeenBy: [...seenBy],
    closedBefore,
    closedAfter,
    currency: change.currency,
    fromMinor: change.from,
    toMinor: change.to,
    amountReason: change.reason,
    cause: change.cause.type,
    causeEvent: change.cause.eventId,
  };
  const of = change.subscriptionId ?? `${change.currency ?? change.reason} ${change.customerId}`;
  return { key: { engagementId: cells.engagementId, at: change.at, of, kind: change.kind }, columns: cells };
};

/** The rows of `arr_steps`: the steps that have taken effect by now. */
const arrStepRows = (rowContext: RowContext) =>
  arrChangesOf(soldOf(rowContext), {
    leads: leadsOf(rowContext),
    until: rowContext.now,
    seersOf: (price) => rowContext.seersOf(price, 'price'),
  }).map((change) => rowOf(rowContext, change));

export const arrSteps = defineTable({
  name: 'arr_steps',
  describes: 'One step of annual recurring revenue: the revenue of a subscription changes, or its partner does.',
  grain: 'engagement',
  key: ['engagementId', 'at', 'of', 'kind'],
  columns,
  reasonColumn: 'amountReason',
  indexes: [byLeadPartner],
  rows: arrStepRows,
  turns: ({ engagement }) => [...arrTurns(engagement), ...engagement.leads.map(({ at }) => at)],
});
