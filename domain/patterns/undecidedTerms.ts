// Is a case for the renewal made before a term ends, and is it decided in time what follows?
import * as z from 'zod';
import type { RecordedOf } from '../../events/catalog.ts';
import { addDays, addMilliseconds, type Instant } from '../../events/instant.ts';
import { renewalDays } from '../context/policy.ts';
import { daysOf, opensRenewAt } from '../engagement/subscriptions.ts';
import {
  type EndingTerm,
  endingTermsOf,
  type TermDecision,
  type Undecided,
} from '../engagement/value/termDecisions.ts';
import { firstWhere } from '../time/sortedSearch.ts';
import { tolerance } from '../time/tolerance.ts';
import { type Awaited, awaited, cites, clearedBy, measured, silence } from './awaited.ts';
import type { Clearing, Evidence, Rule, Verdict } from './pattern.ts';

const subjectOf = ({ subscriptionId }: EndingTerm): string => `subscription:${subscriptionId}`;

/** Why a decision closes what it left open: a subscription that leaves proves the flag right. */
const closesAs = (decision: TermDecision): string => {
  switch (decision.type) {
    case 'SubscriptionRenewed':
    case 'SubscriptionChanged':
      return 'closedMoot';
    case 'CancellationAnnounced':
      return 'closedRealised';
    case 'SubscriptionEnded':
      return decision.data.reason === 'merged' ? 'closedMoot' : 'closedRealised';
    default:
      return decision satisfies never;
  }
};

const closing = (decision: TermDecision | undefined): Clearing | undefined =>
  decision === undefined ? undefined : clearedBy(decision, closesAs(decision));

const laterOf = (a: Instant, b: Instant): Instant => (a > b ? a : b);

/** The undecided terms of a view, each from when it is due on. Terms that no date makes due are left out. */
const dueTerms = (
  terms: readonly EndingTerm[],
  dueOf: (term: EndingTerm) => Instant | undefined,
): readonly { readonly ending: EndingTerm; readonly undecided: Undecided }[] =>
  terms.flatMap((ending) => {
    const due = dueOf(ending);
    const undecided =
      due === undefined ? undefined : ending.undecidedFrom(laterOf(due, ending.term.begunBy.occurredAt));
    return undecided === undefined ? [] : [{ ending, undecided }];
  });

const noThresholds = z.object({});

const evidenceOf = ({ term, subscriptionId }: EndingTerm): readonly Evidence[] => [
  cites(term.begunBy, `the term of subscription ${subscriptionId} ends at ${term.end}`),
];

const noCaseVerdict = (
  now: Instant,
  { ending, undecided }: { readonly ending: EndingTerm; readonly undecided: Undecided },
  reports: readonly RecordedOf<'ValueReported'>[],
): readonly Verdict[] => {
  const { term } = ending;
  const since = addMilliseconds(term.start, -tolerance);
  const from = since < undecided.from ? since : undecided.from;
  return awaited(now, {
    subject: subjectOf(ending),
    openedBy: term.begunBy,
    dueAt: undecided.from,
    answer: firstWhere(reports, ({ occurredAt }) => occurredAt >= since),
    waitsFor: 'a report of business impact in the current term',
    severity: 'high',
    evidence: [
      ...evidenceOf(ending),
      silence('ValueReported', {
        ...{ from, until: undecided.from, armedBy: term.begunBy },
        says: 'no report of the term showed the impact on the business',
      }),
    ],
    clearsWhen: 'The customer gets a report of business impact.',
    nextStep: 'Build the case for the renewal now: show the customer the impact on their business in this term.',
    reason: 'evidenceDeliveredLate',
    over: closing(undecided.decision),
  });
};

/**
 * P4.5: as the renewal of a term comes near, `renewalDays` before its end or a quarter of the term if that is less, no report of
 * business impact has come in the term. Terms under `renewalDays` are not judged: they renew month by month.
 */
export const noCaseForRenewal: Rule<typeof noThresholds> = {
  id: 'P4.5',
  title: 'Renewal near, and no case for it',
  thresholds: noThresholds,
  verdicts: ({ engagement, now }) => {
    const reports = engagement.of('ValueReported').filter(({ data }) => data.sections.includes('business_impact'));
    return dueTerms(endingTermsOf(engagement, engagement.subscriptions), ({ term }) => opensRenewAt(term)).flatMap(
      (due) => noCaseVerdict(now, due, reports),
    );
  },
};

const undecidedThresholds = z.object({
  /** The days after the end of a term that renews by itself, in which its system may say so. */
  graceDays: z.number().min(0).max(365).default(3),
});

const undecidedVerdict = (
  now: Instant,
  { ending, undecided }: { readonly ending: EndingTerm; readonly undecided: Undecided },
  graceDays: number,
): readonly Verdict[] => {
  const { term, renewsItself } = ending;
  const { from: dueAt, decision } = undecided;
  const flag: Awaited = {
    subject: subjectOf(ending),
    openedBy: term.begunBy,
    dueAt,
    answer: decision,
    waitsFor: 'the renewal or the end of the subscription',
    severity: 'high',
    evidence: [
      ...evidenceOf(ending),
      silence('SubscriptionRenewed', {
        ...{ from: term.end < dueAt ? term.end : dueAt, until: dueAt, armedBy: term.begunBy },
        says: 'the term was neither renewed nor ended',
      }),
      measured('days of grace after the end of the term', renewsItself ? graceDays : 0, graceDays),
    ],
    clearsWhen: 'The subscription is renewed, or ends.',
    nextStep: 'Ask the customer today whether they renew, and record the decision.',
    reason: decision === undefined ? 'decided' : closesAs(decision),
  };
  return awaited(now, flag);
};

/**
 * P4.7: a term has ended, and nobody said what follows. A term that renews by itself has `graceDays` days more. Terms under
 * `renewalDays` are not judged.
 */
export const renewalUndecided: Rule<typeof undecidedThresholds> = {
  id: 'P4.7',
  title: 'Renewal undecided',
  thresholds: undecidedThresholds,
  verdicts: ({ engagement, now }, { graceDays }) =>
    dueTerms(endingTermsOf(engagement, engagement.subscriptions), ({ term, renewsItself }) =>
      (daysOf(term) ?? 0) < renewalDays ? undefined : addDays(term.end, renewsItself ? graceDays : 0),
    ).flatMap((due) => undecidedVerdict(now, due, graceDays)),
};
