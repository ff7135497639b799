// Where does an engagement fail, since when, on what evidence, and what would clear the flag?
import * as z from 'zod';
import { forEveryone, forSeers, forVendor } from '../../events/audience.ts';
import { addMilliseconds, epochOf, type Instant } from '../../events/instant.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { arrTurns } from '../engagement/recurringRevenue.ts';
import { patternNames } from '../patterns/catalog.ts';
import { renewalTurns, turnsOfVerdicts } from '../patterns/evaluate.ts';
import type { Evidence } from '../patterns/pattern.ts';
import { firstWhere } from '../time/sortedSearch.ts';
import { At, CurrencyCode, CustomerName, carriedByEngagement, ledBy, Minor, PartyId } from './commonColumns.ts';
import { dismissalCells, dismissalColumns, evidenceColumn, severityCells, statusColumn } from './flagColumns.ts';
import {
  type Dismissal,
  dismissalsOf,
  dismissalTurns,
  flagIdIn,
  type RaisedVerdict,
  raisedOf,
  statusOf,
} from './raisedFlags.ts';
import { amountCells, carried, ledByAt, type RowContext, renewalDueOf } from './rowContext.ts';
import { seenByColumn } from './seenBy.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    ledBy,
    flagId: z.string().describe('The id of the episode. Every computation of the episode gives the same id.'),
    rule: z.string().describe('The rule that found it, such as P3.1.'),
    pattern: z.enum(patternNames).describe('The failure pattern that the rule belongs to.'),
    title: z.string().describe('What the rule finds, in words.'),
    subject: z
      .string()
      .describe('The part of the engagement that it is about: a cycle and pair, a subscription and term.'),
    ...severityCells(),
    status: statusColumn(),
    openPattern: z
      .enum(patternNames)
      .nullable()
      .describe('The pattern while the flag is open; null while it is dismissed, and once it is cleared.'),
    openedByEvent: z.string().describe('The event that armed or opened the episode.'),
    dueAt: At.nullable().describe('When what did not happen was due; null where the rule waits for nothing.'),
    raisedAt: At.describe('When the flag was raised; for a silence, five minutes after it was due.'),
    clearedAt: At.nullable().describe('When it was cleared; null while open.'),
    clearReason: z
      .string()
      .nullable()
      .describe('Why it was cleared; null while open. lateClaim: only what a partner said later unmakes it.'),
    claim: z
      .enum(['unconfirmed'])
      .nullable()
      .describe(
        'unconfirmed: the flag is cleared by a claim of a partner (`clearedByEvent`), made after the flag was raised, which the vendor has neither confirmed nor rejected; else null.',
      ),
    clearedByEvent: z
      .string()
      .nullable()
      .describe("The event that cleared it; null while open, or if the engagement's end cleared it."),
    evidence: evidenceColumn(),
    clearsWhen: z.string().describe('What would clear it, in words.'),
    nextStep: z.string().describe('What to do next, in words.'),
    customerId: PartyId.nullable().describe('The customer of the engagement, as a party.'),
    customer: CustomerName,
  }),
  ...dismissalColumns(),
  ...forEveryone({
    atRiskLedBy: PartyId.nullable().describe(
      'The lead partner to which `arrAtRiskMinor` belongs: now, or just before the flag was cleared; null if there was none.',
    ),
  }),
  ...forVendor({ arrAtRiskSeenBy: seenByColumn('the revenue at risk') }),
  ...forSeers(
    { seenBy: 'arrAtRiskSeenBy', reason: 'arrAtRiskReason' },
    {
      arrAtRiskMinor: Minor.describe(
        'Annual recurring revenue at risk, minor units: now, or just before the flag was cleared.',
      ),
      arrAtRiskCurrency: CurrencyCode.describe('The currency of `arrAtRiskMinor`.'),
      arrAtRiskReason: z
        .string()
        .nullable()
        .describe('Why there is no amount: the reasons are those of `engagements.arrReason`.'),
    },
  ),
  ...forEveryone({
    renewalDue: At.nullable().describe(
      'The earliest end of a term of the engagement that is not decided yet; may be in the past.',
    ),
    leadDaysToRenewal: z
      .int()
      .nullable()
      .describe(
        'Whole days from now, or from the date asked for, to `renewalDue`: negative once it has passed, null without one. Computed when the row is read, so it is null in the stored item.',
      ),
    leadDaysAtRaising: z
      .int()
      .nullable()
      .describe('Whole days from `raisedAt` to the first end of a term after it; null if no term ends after it.'),
  }),
});

const dayLength = 86_400_000;

/** Whole days, rounded down: negative if `to` is before `from`. */
const daysBetween = (from: Instant, to: Instant): number => Math.floor((epochOf(to) - epochOf(from)) / dayLength);

/** Tells the whole days from an instant to the next end of a term; null if no term ends after it. */
const daysToRenewal = ({ subscriptions }: Engagement): ((at: Instant) => number | null) => {
  const ends = subscriptions.flatMap(({ terms }) => terms.flatMap(({ end }) => end ?? [])).sort();
  return (at) => {
    const end = firstWhere(ends, (instant) => instant > at);
    return end === undefined ? null : daysBetween(at, end);
  };
};

const lastCited = (proofs: readonly Evidence[]): string | undefined =>
  proofs.flatMap((proof) => (proof.kind === 'event' ? [proof.eventId] : [])).at(-1);

/** The last event that the row depends on. */
const lastEventOf = ({ cleared, evidence, openedBy }: RaisedVerdict, dismissal: Dismissal | undefined): string =>
  cleared?.eventId ?? dismissal?.eventId ?? lastCited(evidence) ?? openedBy.eventId;

/** The rows of `flags`: every episode, open, dismissed or cleared. */
const flagRows = (rowContext: RowContext) => {
  const { engagement, now } = rowContext;
  const daysFrom = daysToRenewal(engagement);
  const renewalDue = renewalDueOf(engagement) ?? null;
  const dismissals = dismissalsOf(engagement);
  return raisedOf(rowContext.verdicts).map((verdict) => {
    const { cleared } = verdict;
    const flagId = flagIdIn(verdict);
    const dismissal = dismissals.get(flagId);
    const status = statusOf(verdict, dismissal, now);
    const atRiskAt = cleared === undefined ? now : addMilliseconds(cleared.at, -1);
    const worth = amountCells(rowContext.arrAt(atRiskAt));
    const cells: Columns<typeof columns> = {
      ...carried(rowContext, lastEventOf(verdict, dismissal)),
      policyVersion: verdict.policy.version,
      ledBy: ledByAt(rowContext, verdict.raisedAt),
      flagId,
      rule: verdict.rule,
      pattern: verdict.pattern,
      title: verdict.title,
      subject: verdict.subject,
      ruleSeverity: verdict.severity,
      severity: null,
      status,
      openPattern: status === 'open' ? verdict.pattern : null,
      openedByEvent: verdict.openedBy.eventId,
      dueAt: verdict.dueAt ?? null,
      raisedAt: verdict.raisedAt,
      clearedAt: cleared?.at ?? null,
      clearReason: cleared?.reason ?? null,
      claim: cleared?.reason === 'lateClaim' ? 'unconfirmed' : null,
      clearedByEvent: cleared?.eventId ?? null,
      evidence: [...verdict.evidence],
      clearsWhen: verdict.clearsWhen,
      nextStep: verdict.nextStep,
      customerId: rowContext.customerId,
      customer: rowContext.nameOfParty(rowContext.customerId),
      ...dismissalCells(dismissal),
      atRiskLedBy: ledByAt(rowContext, atRiskAt),
      arrAtRiskSeenBy: rowContext.arrSeenBy(atRiskAt),
      arrAtRiskMinor: worth.minor,
      arrAtRiskCurrency: worth.currency,
      arrAtRiskReason: worth.reason,
      renewalDue,
      leadDaysToRenewal: null,
      leadDaysAtRaising: daysFrom(verdict.raisedAt),
    };
    return { key: { engagementId: cells.engagementId, flagId }, columns: cells };
  });
};

export const flags = defineTable({
  name: 'flags',
  describes: 'One episode of a failure pattern in an engagement, with its evidence.',
  grain: 'engagement',
  key: ['engagementId', 'flagId'],
  columns,
  indexes: [
    byLeadPartner,
    { name: 'openByPattern', columns: ['openPattern'] },
    { name: 'byClaim', columns: ['claim'] },
    // Readers ask for a flag by its id alone, but the row's key begins with the engagement's id.
    { name: 'byFlag', columns: ['flagId'] },
    // An outage that is learnt of later concerns what was raised in it. This index finds it.
    { name: 'byRaising', columns: [], sort: 'raisedAt', readBy: 'pipeline' },
  ],
  rows: flagRows,
  whenRead: ({ renewalDue }, at) => ({
    leadDaysToRenewal: typeof renewalDue === 'string' ? daysBetween(at, renewalDue) : null,
  }),
  severity: {
    ofRule: 'ruleSeverity',
    shown: 'severity',
    partner: 'atRiskLedBy',
    revenue: 'arrAtRiskMinor',
    currency: 'arrAtRiskCurrency',
    over: 'clearedAt',
  },
  turns: ({ engagement, verdicts }) => [
    ...turnsOfVerdicts(verdicts),
    ...dismissalTurns(engagement),
    ...renewalTurns(engagement.subscriptions),
    ...arrTurns(engagement),
  ],
});
