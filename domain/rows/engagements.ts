// Where is an engagement now, what has it reached, what is it worth, and where does it fail?
import * as z from 'zod';
import { forEveryone, forSeers, forVendor } from '../../events/audience.ts';
import { Route } from '../../events/fields.ts';
import type { Instant } from '../../events/instant.ts';
import { Stage } from '../../events/stage.ts';
import { versionAt } from '../context/offer.ts';
import { customerWords } from '../engagement/customer.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { milestonesOf } from '../engagement/milestones.ts';
import { namingsOf } from '../engagement/offerAsSold.ts';
import { arrTurns } from '../engagement/recurringRevenue.ts';
import { renewalTurns, turnsOfVerdicts } from '../patterns/evaluate.ts';
import { severities } from '../patterns/pattern.ts';
import { At, CurrencyCode, CustomerName, carriedByEngagement, Minor, PartyId } from './commonColumns.ts';
import { constraintTurns } from './conformance.ts';
import { conformanceCells, conformanceColumns } from './conformanceColumns.ts';
import { dismissalTurns, openFlags } from './raisedFlags.ts';
import { shardOf } from './row.ts';
import { amountCells, carried, type RowContext, renewalDueOf } from './rowContext.ts';
import { seenByColumn } from './seenBy.ts';
import { byLeadPartner, type Columns, defineTable, due } from './table.ts';
import { valueCells, valueColumns } from './valueColumns.ts';

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    customerId: PartyId.nullable().describe('The customer, as a party.'),
    customer: CustomerName,
    segment: z.string().nullable().describe("The customer's segment."),
    country: z.string().nullable().describe("The customer's country, ISO 3166-1 alpha-2."),
    offerId: z.string().nullable().describe('The offer that is sold; null if none is named.'),
    offerVersion: z
      .int()
      .nullable()
      .describe('The version of the offer: the named one, else the newest one when the deal was won.'),
    campaignId: z.string().nullable().describe('The campaign that led to it; null if none is named.'),
    bespoke: z.boolean().describe('Whether it names no offer, and so did not pass Create.'),
    unsourced: z.boolean().describe('Whether it names no campaign, and so did not pass Mobilize.'),
    route: Route.nullable().describe('The route agreed last; else the one that its order or subscription names.'),
    cycle: z.int().nullable().describe('The cycle: 1 until the anchor subscription renews; null before any stage.'),
    stage: Stage.nullable().describe('The current stage; if the engagement has ended, the stage in which it ended.'),
    stageReason: z.enum(['notOpened']).nullable().describe('Why there is no stage: no fact has opened one.'),
    stageSince: At.nullable().describe('Since when it has been in that stage.'),
    openedAt: At.nullable().describe('When it was opened.'),
    wonAt: At.nullable().describe('When its deal was first won.'),
    fulfilledAt: At.nullable().describe('When its first order was fulfilled.'),
    deliveryStartedAt: At.nullable().describe('When delivery first started.'),
    liveAt: At.nullable().describe('When it first went live.'),
    firstValueAt: At.nullable().describe(
      'When value was first reached: at the milestone first_value, or when an outcome was first met.',
    ),
    firstReportAt: At.nullable().describe('When value was first reported to the customer.'),
    renewalDue: At.nullable().describe('The earliest end of a term that is not decided yet; may be in the past.'),
    result: z.enum(['won', 'lost']).nullable().describe('How its deal ended; null while it is open.'),
    endedAt: At.nullable().describe('When it ended; null while it lasts.'),
    endReason: z
      .enum(['lost', 'withdrawn', 'closed', 'subscriptionsEnded'])
      .nullable()
      .describe('Why it ended; null while it lasts.'),
  }),
  ...forVendor({
    mergedInto: z
      .string()
      .nullable()
      .describe(
        'The engagement into which it was merged: its facts count there, and this row only leads there; null otherwise.',
      ),
  }),
  ...valueColumns(),
  ...forVendor({ arrSeenBy: seenByColumn('the recurring revenue') }),
  ...forSeers(
    { seenBy: 'arrSeenBy', reason: 'arrReason' },
    {
      arrMinor: Minor.describe('Annual recurring revenue of the active subscriptions, minor units.'),
      arrCurrency: CurrencyCode.describe('The currency of `arrMinor`.'),
      arrReason: z
        .string()
        .nullable()
        .describe(
          'Why there is no amount: none, trial, suspended, mixedCurrencies, priceUnknown, billingPeriodUnknown, amountTooLarge, or why an adapter could not read a price, such as metered.',
        ),
    },
  ),
  ...forEveryone({
    openFlags: z.int().min(0).describe('How many flags are open; dismissed ones are not.'),
    openRules: z.array(z.string()).describe('The rules with an open flag, such as P3.1, each once, sorted.'),
    worstSeverity: z
      .enum(severities)
      .nullable()
      .describe(
        'The highest severity of the open flags, as `flags` shows it: one step above what the rules say if the revenue stands in the top quartile of the lead partner. The stored item holds what the rules say.',
      ),
  }),
  ...conformanceColumns(),
  ...forEveryone({
    nextDueAt: At.nullable().describe(
      'The next instant at which any row of the engagement changes without a new fact.',
    ),
    dueShard: z
      .string()
      .nullable()
      .describe('The shard of the index that finds the row at that instant; null if there is no such instant.'),
  }),
});

type Cells = Columns<typeof columns>;

const soldOf = ({ engagement, context, now }: RowContext, wonAt: Instant | null) => {
  const naming = namingsOf(engagement).at(-1);
  const offerId = naming?.data.offerId ?? null;
  const offer = offerId === null ? undefined : context.offers.get(offerId);
  const newest = offer === undefined ? undefined : versionAt(offer, wonAt ?? now)?.data.version;
  const campaignId = engagement.opened?.data.campaignId ?? null;
  return {
    offerId,
    offerVersion: naming?.data.offerVersion ?? newest ?? null,
    campaignId,
    bespoke: offerId === null,
    unsourced: campaignId === null,
  };
};

const customerCells = ({ engagement, context, customerId, nameOfParty }: RowContext) => {
  const party = customerId === null ? undefined : context.parties.get(customerId);
  return {
    customerId,
    customer: nameOfParty(customerId),
    segment: customerWords(engagement, 'segment').at(-1)?.said ?? party?.identified?.data.segment ?? null,
    country:
      customerWords(engagement, 'country').at(-1)?.said ??
      party?.identified?.data.country ??
      party?.registered?.data.country ??
      null,
  };
};

const routeOf = (engagement: Engagement): Route | null =>
  engagement.of('RouteAgreed').at(-1)?.data.route ??
  engagement.orders.find(({ said }) => said.route !== undefined)?.said.route ??
  engagement.subscriptions.find(({ started }) => started?.data.route !== undefined)?.started?.data.route ??
  null;

const resultOf = (engagement: Engagement, wonAt: Instant | null): Cells['result'] => {
  if (engagement.journey.ending?.reason === 'lost') return 'lost';
  if (wonAt !== null) return 'won';
  return engagement.closings.some(({ undoneBy }) => undoneBy === undefined) ? 'lost' : null;
};

/** The head row of `engagements`. Its `nextDueAt` is that of all the engagement's rows. */
const engagementRow = (rowContext: RowContext) => {
  const { engagement, now, nextDueAt } = rowContext;
  const { journey } = engagement;
  const visit = journey.visits.at(-1);
  const milestones = milestonesOf(engagement);
  const arr = amountCells(rowContext.arrAt(now));
  const open = openFlags(engagement, rowContext.verdicts, now);
  const worst = open.reduce((most, { severity }) => Math.max(most, severities.indexOf(severity)), -1);
  const common = carried(rowContext);
  const cells: Cells = {
    ...common,
    ...customerCells(rowContext),
    ...soldOf(rowContext, milestones.wonAt),
    route: routeOf(engagement),
    cycle: journey.cycles.at(-1)?.cycle ?? null,
    stage: visit?.stage ?? null,
    stageReason: visit === undefined ? 'notOpened' : null,
    stageSince: visit?.enteredAt ?? null,
    ...milestones,
    renewalDue: renewalDueOf(engagement) ?? null,
    result: resultOf(engagement, milestones.wonAt),
    endedAt: journey.ending?.at ?? null,
    endReason: journey.ending?.reason ?? null,
    mergedInto: engagement.mergedInto ?? null,
    ...valueCells(rowContext),
    arrSeenBy: rowContext.arrSeenBy(now),
    arrMinor: arr.minor,
    arrCurrency: arr.currency,
    arrReason: arr.reason,
    openFlags: open.length,
    openRules: [...new Set(open.map(({ rule }) => rule))].sort(),
    worstSeverity: severities[worst] ?? null,
    ...conformanceCells(rowContext),
    nextDueAt: nextDueAt ?? null,
    dueShard: nextDueAt === undefined ? null : shardOf(engagement.engagementId),
  };
  return { key: { engagementId: engagement.engagementId }, columns: cells };
};

export const engagements = defineTable({
  name: 'engagements',
  describes: 'One engagement as it is now: its head row.',
  grain: 'engagement',
  key: ['engagementId'],
  columns,
  indexes: [
    byLeadPartner,
    { name: 'byStage', columns: ['stage'] },
    // A fact about a customer concerns only that customer's engagements. This index finds them.
    { name: 'byCustomer', columns: ['customerId'], readBy: 'pipeline' },
    due,
  ],
  severity: {
    ofRule: 'worstSeverity',
    shown: 'worstSeverity',
    partner: 'leadPartnerId',
    revenue: 'arrMinor',
    currency: 'arrCurrency',
  },
  rows: (rowContext) => [engagementRow(rowContext)],
  turns: (rowContext) => [
    ...rowContext.engagement.journey.turns,
    ...turnsOfVerdicts(rowContext.verdicts),
    ...dismissalTurns(rowContext.engagement),
    ...renewalTurns(rowContext.engagement.subscriptions),
    ...arrTurns(rowContext.engagement),
    ...constraintTurns(rowContext),
  ],
});
