// Where does recurring revenue come from, step by step? One row a change of what a subscription brings a year, or of who carries it.
import * as z from 'zod';
import { forEveryone, forParties } from '../../events/audience.ts';
import { eventTypes } from '../../events/catalog.ts';
import { type ArrChange, arrChangeKinds, arrChangesOf, type Lead } from '../engagement/arrChanges.ts';
import { factsBySubscription } from '../engagement/inEffect.ts';
import { arrTurns } from '../engagement/recurringRevenue.ts';
import { revenueSteps, unknownReasons } from '../engagement/revenueSteps.ts';
import { At, CurrencyCode, carriedByEngagement, Minor, PartyId } from './commonColumns.ts';
import { carried, partyOf, type RowContext } from './rowContext.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

const columns = {
  ...carriedByEngagement,
  ...forEveryone({
    at: At.describe('From when on it counts: when the term began, the change took effect, or the lead changed.'),
    kind: z
      .enum(arrChangeKinds)
      .describe(
        'change: of one subscription. currencyOut, currencyIn: it leaves one currency for another. transferOut, transferIn: ' +
          'another partner leads, and what names no partner of its own goes along.',
      ),
    subscriptionId: z
      .string()
      .nullable()
      .describe('The subscription; null for a transfer, which is of all that go along.'),
    subscriptions: z.int().min(1).describe('How many subscriptions it is of: one, but for a transfer.'),
    customerId: PartyId.nullable().describe('The customer, as a party; null where none is known.'),
    partnerId: PartyId.nullable().describe('The partner that carries it from then on; null where none does.'),
    partnerBy: z
      .enum(['subscription', 'lead'])
      .describe('Whether the subscription names that partner itself, or it is the one that led.'),
  }),
  ...forParties(['partnerId'], {
    currency: CurrencyCode.describe('The currency of the amounts; null where none is known.'),
    fromMinor: Minor.describe('What it brought a year before, minor units; 0: nothing. Null where that is not known.'),
    toMinor: Minor.describe('What it brings a year from then on, minor units; 0: nothing. Null where not known.'),
  }),
  ...forEveryone({
    amountReason: z.enum(unknownReasons).nullable().describe('Why an amount is not known; null where both are.'),
    cause: z.enum(eventTypes).describe('The type of the event that it comes of.'),
    causeEvent: z.string().describe('That event.'),
  }),
};

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
  const cells: Columns<typeof columns> = {
    ...carried(rowContext, change.cause.eventId),
    at: change.at,
    kind: change.kind,
    subscriptionId: change.subscriptionId,
    subscriptions: change.subscriptions,
    customerId: change.customerId,
    partnerId: change.partnerId,
    partnerBy: change.partnerBy,
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

/** The rows of `arr_steps`: the steps that have come. */
const arrStepRows = (rowContext: RowContext) =>
  arrChangesOf(soldOf(rowContext), { leads: leadsOf(rowContext), until: rowContext.now }).map((change) =>
    rowOf(rowContext, change),
  );

export const arrSteps = defineTable({
  name: 'arr_steps',
  describes: 'One step of recurring revenue: what a subscription brings a year changes, or another partner carries it.',
  grain: 'engagement',
  key: ['engagementId', 'at', 'of', 'kind'],
  columns,
  reasonColumn: 'amountReason',
  indexes: [byLeadPartner],
  rows: arrStepRows,
  turns: ({ engagement }) => [...arrTurns(engagement), ...engagement.leads.map(({ at }) => at)],
});
