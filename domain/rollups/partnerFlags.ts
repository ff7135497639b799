// Where does a partner fail, looked at across the wins and deliveries of all the engagements that it led?
import * as z from 'zod';
import { builtOnce } from '../../events/builtOnce.ts';
import { Instant } from '../../events/instant.ts';
import { partnerPattern, partnerRules } from '../patterns/partner/catalog.ts';
import { byInstant, FedUse, type OfferUse } from '../patterns/partner/offerUse.ts';
import type { BoundPartnerRule, PartnerVerdict } from '../patterns/partner/partnerRule.ts';
import { dismissalCells } from '../rows/flagColumns.ts';
import { offerUses } from '../rows/offerUses.ts';
import { parties } from '../rows/parties.ts';
import { partnerFlags as table } from '../rows/partnerFlags.ts';
import { type Dismissal, flagIdOf, statusOf } from '../rows/raisedFlags.ts';
import type { Row } from '../rows/row.ts';
import type { ColumnsOf } from '../rows/table.ts';
import { type Contribution, defineRollup, type Fed } from './rollup.ts';

const FedDismissal = builtOnce(() =>
  z.strictObject({
    ...{ flagId: z.string(), eventId: z.string(), at: Instant, until: Instant.nullable() },
    ...{ reason: z.string(), by: z.string().nullable() },
  }),
);

/** What people read of the partner, and the uses of one engagement that it led; or the dismissals of its flags. */
const FedUses = builtOnce(() =>
  z.strictObject({
    partner: z.string().nullable(),
    uses: z.array(FedUse()),
    dismissals: z.array(FedDismissal()),
  }),
);
type FedUses = z.output<ReturnType<typeof FedUses>>;

/** A contribution holds at most this many uses. */
const mostUses = 200;

type UseRow = Row<ColumnsOf<typeof offerUses>>;

const usesIn = ({ columns }: UseRow): readonly FedUse[] => {
  const { kind, countsAt, countsEvent, countsFact, earnedMinor, earnedFrom, hourMinor } = columns;
  // A delivery that is under way is not compared yet.
  if (countsAt === null || countsEvent === null || countsFact === null) return [];
  const isEarned = earnedMinor !== null && earnedFrom !== null && hourMinor !== null;
  return [
    {
      ...{ kind, at: countsAt, eventId: countsEvent, factId: countsFact },
      type: kind === 'win' ? 'DealClosed' : 'MilestoneReached',
      offerId: columns.offerId,
      published: columns.published,
      minutes: columns.minutes,
      plannedMinutes: columns.plannedMinutes,
      fingerprint: columns.configFingerprint,
      customisations: columns.customisations,
      promoted: columns.promoted.map(({ from, byEvent, minutes }): FedUse['promoted'][number] => [
        from,
        byEvent,
        minutes,
      ]),
      earned: isEarned ? { minor: earnedMinor, hourMinor, from: earnedFrom } : null,
      roles: columns.ledByRoles,
      policyVersion: columns.policyVersion ?? 0,
      thresholds: columns.thresholds,
    },
  ];
};

/** Uses belong to who led at their time, whoever leads now. */
const contribute = (rows: readonly UseRow[]): readonly Contribution<FedUses>[] => {
  const ordered = rows.toSorted((a, b) => (a.rowKey < b.rowKey ? -1 : 1));
  return [...Map.groupBy(ordered, ({ columns }) => columns.ledBy)].flatMap(([partnerId, own]) => {
    const [first] = own;
    const uses = own.flatMap(usesIn);
    if (partnerId === null || first === undefined) return [];
    return Array.from({ length: Math.ceil(uses.length / mostUses) }, (_, part) => ({
      group: partnerId,
      part: String(part),
      spreadBy: first.columns.engagementId,
      data: {
        partner: first.columns.ledByName,
        uses: uses.slice(part * mostUses, (part + 1) * mostUses),
        dismissals: [],
      },
    }));
  });
};

/** The dismissals of a partner's flags stand on the partner's own stream. */
const contributeDismissals = (rows: readonly Row<ColumnsOf<typeof parties>>[]): readonly Contribution<FedUses>[] =>
  rows.flatMap(({ columns: { partyId, dismissals } }) =>
    dismissals.length === 0
      ? []
      : [{ group: partyId, part: 'dismissals', spreadBy: partyId, data: { partner: null, uses: [], dismissals } }],
  );

/** The last dismissal of each flag that has occurred, and when any next begins or ends. */
const dismissalsAt = (fed: readonly Fed<FedUses>[], now: Instant) => {
  const all = fed.flatMap(({ data }) => data.dismissals);
  const turns = all.flatMap(({ at, until }) => [at, ...(until === null ? [] : [until])]).filter((turn) => turn > now);
  return {
    // They are in order of occurrence, and of one owner.
    last: new Map(all.filter(({ at }) => at <= now).map((each) => [each.flagId, each])),
    nextDueAt: turns.sort()[0],
  };
};

/** The uses of all engagements, in the order in which they count. A contribution that was read twice counts once. */
const usesOf = (fed: readonly Fed<FedUses>[]): readonly OfferUse[] =>
  [...new Map(fed.map((each) => [`${each.owner}#${each.part}`, each])).values()]
    .flatMap(({ owner, data }) => data.uses.map((use): OfferUse => ({ ...use, engagementId: owner })))
    .sort(byInstant);

interface Shown {
  readonly partner: { readonly id: string; readonly name: string | null };
  readonly dismissals: ReadonlyMap<string, Dismissal>;
  readonly now: Instant;
}

const rowOf = ({ partner, dismissals, now }: Shown, rule: BoundPartnerRule, verdict: PartnerVerdict): Row => {
  const { openedBy, cleared, severity } = verdict;
  const flagId = flagIdOf(partner.id, { rule: rule.id, subject: verdict.subject, openedBy });
  const dismissal = dismissals.get(flagId);
  const status = statusOf(verdict, dismissal, now);
  return table.row({
    key: { partnerId: partner.id, flagId },
    columns: {
      ...{ partnerId: partner.id, partner: partner.name, leadPartnerId: partner.id, leadPartner: partner.name },
      lastEventId: cleared?.eventId ?? dismissal?.eventId ?? openedBy.eventId,
      policyVersion: openedBy.policyVersion,
      ledBy: partner.id,
      flagId,
      ...{ rule: rule.id, pattern: partnerPattern, title: rule.title, subject: verdict.subject },
      ...{ ruleSeverity: severity, severity },
      status,
      openPattern: status === 'open' ? partnerPattern : null,
      ...dismissalCells(dismissal),
      openedByEvent: openedBy.eventId,
      ...{ dueAt: null, claim: null },
      raisedAt: verdict.raisedAt,
      clearedAt: cleared?.at ?? null,
      clearReason: cleared?.reason ?? null,
      clearedByEvent: cleared?.eventId ?? null,
      clearedByEngagement: cleared?.engagementId ?? null,
      evidence: [...verdict.evidence],
      clearsWhen: verdict.clearsWhen,
      nextStep: verdict.nextStep,
    },
  });
};

/** The flags of one partner by the rules P2.4, P2.5 and P2.6. Each use brings the policy of its own time. */
export const partnerFlags = defineRollup({
  name: 'partner_flags',
  describes:
    'A partner: where it fails across its wins and deliveries, whatever their engagement, since when and on what evidence.',
  over: offerUses,
  writes: table,
  buckets: 4,
  data: FedUses,
  contribute,
  also: { over: parties, contribute: contributeDismissals },
  rowsOf: ({ group, fed, now }) => {
    const uses = usesOf(fed);
    // Of several texts the first by itself holds, whatever came first.
    const partner = { id: group, name: fed.flatMap(({ data }) => data.partner ?? []).sort()[0] ?? null };
    const { last: dismissals, nextDueAt } = dismissalsAt(fed, now);
    const shown = { partner, dismissals, now };
    return {
      rows: partnerRules.flatMap((rule) => rule.verdicts(uses).map((verdict) => rowOf(shown, rule, verdict))),
      nextDueAt,
    };
  },
});
