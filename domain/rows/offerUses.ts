// Which offers did an engagement win and deliver, and how did each delivery compare with its plan?
import * as z from 'zod';
import { forEveryone, forSeers, forVendor } from '../../events/audience.ts';
import type { RecordedOf } from '../../events/catalog.ts';
import { PartyRole } from '../../events/fields.ts';
import type { Instant } from '../../events/instant.ts';
import { versionAt } from '../context/offer.ts';
import { rolesAt } from '../context/party.ts';
import { winsOf } from '../engagement/closings.ts';
import { type Delivery, deliveriesOf } from '../patterns/deliveries.ts';
import { partnerRules } from '../patterns/partner/catalog.ts';
import { namingAt, type Promotions, promotionsOf } from '../patterns/promotedDeviations.ts';
import { At, CurrencyCode, carriedByEngagement, ledBy, Minor, partyName } from './commonColumns.ts';
import { type Earned, earnedBy } from './implementationRevenue.ts';
import { policyInForce } from './policyInForce.ts';
import { carried, ledByAt, type RowContext } from './rowContext.ts';
import { seenBy, seenByColumn } from './seenBy.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    ledBy,
    ledByName: partyName('The partner that led then'),
    ledByRoles: z.array(PartyRole).nullable().describe('The roles that it played then; null if it is not registered.'),
    kind: z.enum(['win', 'delivery']).describe('Whether the deal was won, or the offer was delivered.'),
    startedAt: At.nullable().describe('When the delivery started; null for a win.'),
    startEvent: z.string().nullable().describe('The event that started it; null for a win.'),
    countsAt: At.nullable().describe('When the deal was won, or the delivery went live; null while it is under way.'),
    countsEvent: z.string().nullable().describe('The event that says so; null while the delivery is under way.'),
    countsFact: z.string().nullable().describe('The fact of that event, which its restatements share.'),
    offerId: z.string().nullable().describe('The offer that was named by then; null if none was.'),
    published: z.boolean().describe('Whether the named version of it, else any, was published by then.'),
    minutes: z.number().min(0).describe('The implementation minutes that were logged; 0 for a win.'),
    plannedMinutes: z.number().nullable().describe('The minutes that were planned last; null if none were.'),
    customisations: z.int().min(0).describe('How many customisations were recorded in the delivery.'),
    promoted: z
      .array(
        z.strictObject(
          forEveryone({
            from: At.describe('When the version was published.'),
            byEvent: z.string().describe('The event that published it.'),
            minutes: z.number().describe('The minutes of the customisation.'),
          }),
        ),
      )
      .describe('The customisations that a later version of the offer took in.'),
  }),
  ...forVendor({ fingerprintSeenBy: seenByColumn('the configuration') }),
  ...forSeers(
    { seenBy: 'fingerprintSeenBy', from: 'startEvent' },
    {
      configFingerprint: z
        .string()
        .nullable()
        .describe('The digest of the configuration that was named last; null if none was.'),
    },
  ),
  ...forVendor({
    earnedMinor: Minor.describe(
      'What the books say was earned by the implementation, less credits, minor units; null if nothing was, or in several currencies.',
    ),
    earnedCurrency: CurrencyCode.describe('The currency of the amounts.'),
    earnedFrom: At.nullable().describe('Since when the delivery is live, and something was earned by it.'),
    hourMinor: Minor.describe(
      'What an hour of work cost by the policy of that time, minor units; null if it says none.',
    ),
    thresholds: z
      .record(z.string(), z.record(z.string(), z.union([z.number(), z.boolean()])))
      .describe('What the policy of that time says of the rules on partners.'),
  }),
});

type Cells = Columns<typeof columns>;

/** The rows' context, with what is found once for all uses. */
interface Uses {
  readonly rowContext: RowContext;
  readonly named: ReturnType<typeof namingAt>;
  readonly promotions: Promotions;
}

/** What both kinds say of an instant: who led, under which policy, and which offer was named. */
const atInstant = ({ rowContext, named }: Uses, at: Instant) => {
  const { context } = rowContext;
  const lead = ledByAt(rowContext, at);
  const policy = policyInForce(context, at);
  const naming = named(at);
  const offer = context.offers.get(naming?.data.offerId ?? '');
  const said = partnerRules.flatMap(({ id }) => {
    const own = policy.thresholds[id];
    return own === undefined ? [] : [[id, own] as const];
  });
  const roles = rolesAt(context.parties.get(lead ?? ''), at);
  return {
    policy,
    cells: {
      policyVersion: policy.version,
      ledBy: lead,
      ledByName: rowContext.nameOfParty(lead),
      ledByRoles: roles === undefined ? null : [...roles],
      offerId: naming?.data.offerId ?? null,
      published: offer !== undefined && versionAt(offer, at, naming?.data.offerVersion) !== undefined,
      thresholds: Object.fromEntries(said),
    },
  };
};

const nothingEarned = { earnedMinor: null, earnedCurrency: null, earnedFrom: null, hourMinor: null };

const winRow = (uses: Uses, won: RecordedOf<'DealClosed'>): Cells => ({
  ...carried(uses.rowContext, won.eventId),
  ...atInstant(uses, won.occurredAt).cells,
  kind: 'win',
  ...{ startedAt: null, startEvent: null },
  ...{ countsAt: won.occurredAt, countsEvent: won.eventId, countsFact: won.factId },
  ...{ minutes: 0, plannedMinutes: null, customisations: 0, promoted: [] },
  ...{ fingerprintSeenBy: [], configFingerprint: null },
  ...nothingEarned,
});

const isOf =
  <T extends Delivery['efforts'][number]['type']>(type: T) =>
  (event: Delivery['efforts'][number]): event is Extract<Delivery['efforts'][number], { readonly type: T }> =>
    event.type === type;

const deliveryRow = (uses: Uses, { started, efforts, live }: Delivery, booked: Earned | undefined): Cells => {
  const { rowContext, promotions } = uses;
  const starts = efforts.filter(isOf('DeliveryStarted'));
  const customised = efforts.filter(isOf('DeviationRecorded'));
  const last = starts.findLast(({ data }) => data.configFingerprint !== undefined);
  const { cells, policy } = atInstant(uses, started.occurredAt);
  const earned = live === undefined ? undefined : booked;
  const hour = policy.labourRates.find(({ currency }) => currency === earned?.currency);
  const since = earned === undefined || live === undefined ? null : [earned.from, live.occurredAt].sort().at(-1);
  return {
    ...carried(rowContext, live?.eventId ?? efforts.at(-1)?.eventId ?? started.eventId),
    ...cells,
    kind: 'delivery',
    ...{ startedAt: started.occurredAt, startEvent: started.eventId },
    countsAt: live?.occurredAt ?? null,
    countsEvent: live?.eventId ?? null,
    countsFact: live?.factId ?? null,
    minutes: efforts.filter(isOf('WorkLogged')).reduce((sum, { data }) => sum + data.minutes, 0),
    plannedMinutes: starts.findLast(({ data }) => data.plannedMinutes !== undefined)?.data.plannedMinutes ?? null,
    customisations: customised.length,
    promoted: customised.flatMap((event) => {
      const version = promotions.get(event);
      if (version === undefined) return [];
      const from = version.occurredAt < event.occurredAt ? event.occurredAt : version.occurredAt;
      return [{ from, byEvent: version.eventId, minutes: event.data.minutes ?? 0 }];
    }),
    fingerprintSeenBy: seenBy([rowContext.seersOf(last ?? started, 'configFingerprint')]),
    configFingerprint: last?.data.configFingerprint ?? null,
    earnedMinor: earned?.minor ?? null,
    earnedCurrency: earned?.currency ?? null,
    earnedFrom: since ?? null,
    hourMinor: hour?.amountMinor ?? null,
  };
};

const useRows = (rowContext: RowContext) => {
  const { engagement, context, now } = rowContext;
  const { engagementId } = engagement;
  const deliveries = deliveriesOf(engagement);
  const wins = winsOf(engagement).filter(({ undoneBy }) => undoneBy === undefined);
  if (wins.length + deliveries.length === 0) return [];
  const booked = earnedBy(
    engagement,
    deliveries.map(({ started }) => started.occurredAt),
  );
  const uses: Uses = {
    rowContext,
    named: namingAt(engagement),
    promotions: promotionsOf(engagement, context, now),
  };
  return [
    ...wins.map(({ event }) => ({
      key: { engagementId, kind: 'win', use: event.factId },
      columns: winRow(uses, event),
    })),
    ...deliveries.map((delivery, index) => ({
      key: { engagementId, kind: 'delivery', use: delivery.started.factId },
      columns: deliveryRow(uses, delivery, booked.get(index)),
    })),
  ];
};

export const offerUses = defineTable({
  name: 'offer_uses',
  describes:
    'One win of an engagement, or one of its deliveries: of which offer, under whose lead, and with which effort.',
  grain: 'engagement',
  key: ['engagementId', 'kind', 'use'],
  columns,
  indexes: [byLeadPartner],
  rows: useRows,
  turns: () => [],
});
