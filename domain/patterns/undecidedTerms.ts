// Is a case for the renewal made before a term ends, and is it decided in time what follows?
import * as z from 'zod';
import type { RecordedOf } from '../../events/catalog.ts';
import { addDays, addMilliseconds, type Instant } from '../../events/instant.ts';
import { renewalDays } from '../context/policy.ts';
import { daysOf, opensRenewAt } from '../engagement/subscriptions.ts';
import { impactReportsOf } from '../engagement/value/impactReports.ts';
import {
  type EndingTerm,
  endingTermsOf,
  type TermDecision,
  type Undecided,
} from '../engagement/value/termDecisions.ts';
import { firstWhere } from '../time/sortedSearch.ts';
import { tolerance } from '../time/tolerance.ts';
import { type Awaited, awaited, cites, clearedBy, measured, silence } from './awaited.ts';
import { listenedFrom, type Need } from './observed.ts';
import type { Clearing, Evidence, Rule, Verdict, View } from './pattern.ts';

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

/** What would show the case for a renewal. */
const reporting: Need['awaits'] = ['ValueReported'];
/** What would decide a term. */
const deciding: Need['awaits'] = ['SubscriptionRenewed', 'SubscriptionEnded'];

const evidenceOf = ({ term, subscriptionId }: EndingTerm): readonly Evidence[] => [
  cites(term.begunBy, `the term of subscription ${subscriptionId} ends at ${term.end}`),
];

const noCaseVerdict = (
  view: View,
  { ending, undecided }: { readonly ending: EndingTerm; readonly undecided: Undecided },
  reports: readonly RecordedOf<'ValueReported'>[],
): readonly Verdict[] => {
  const { term } = ending;
  const since = addMilliseconds(term.start, -tolerance);
  const from = since < undecided.from ? since : undecided.from;
  return awaited(view, {
    subject: subjectOf(ending),
    openedBy: term.begunBy,
    awaits: reporting,
    armed: { at: undecided.from, by: term.begunBy },
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

/** When a renewal comes near, or later, once somebody listens, if that is in time for it. */
const nearFrom = (view: View, { term }: EndingTerm): Instant | undefined => {
  const at = opensRenewAt(term);
  const from = at === undefined ? undefined : listenedFrom(view, { awaits: reporting, at, by: term.begunBy });
  return from === undefined || from < term.end ? from : at;
};

/** The terms with an end of which an episode may be asked for: a fact of the subscription began or moved each. */
const termsAskedFor = ({ engagement, openedFrom }: View): readonly EndingTerm[] =>
  endingTermsOf(engagement, engagement.subscriptions, { from: openedFrom });

/**
 * P4.5: as the renewal of a term comes near, `renewalDays` before its end or a quarter of the term if that is less, no report of
 * business impact has come in the term; a look at a live dashboard is none. Terms under `renewalDays` are not judged: they renew month by month. If nobody listened yet, it
 * is due once somebody does; a term that had ended by then is not judged.
 */
export const noCaseForRenewal: Rule<typeof noThresholds> = {
  id: 'P4.5',
  title: 'Renewal near, and no case for it',
  thresholds: noThresholds,
  verdicts: (view) => {
    const { engagement } = view;
    const reports = impactReportsOf(engagement);
    return dueTerms(termsAskedFor(view), (ending) => nearFrom(view, ending)).flatMap((due) =>
      noCaseVerdict(view, due, reports),
    );
  },
};

const undecidedThresholds = z.object({
  /** The days after the end of a term that renews by itself, in which its system may say so. */
  graceDays: z.number().min(0).max(365).default(3),
});

const undecidedVerdict = (
  view: View,
  { ending, undecided }: { readonly ending: EndingTerm; readonly undecided: Undecided },
  graceDays: number,
): readonly Verdict[] => {
  const { term, renewsItself } = ending;
  const { from: dueAt, decision } = undecided;
  const flag: Awaited = {
    subject: subjectOf(ending),
    openedBy: term.begunBy,
    awaits: deciding,
    armed: { at: dueAt, by: term.begunBy },
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
  return awaited(view, flag);
};

/**
 * When it must be decided what follows a term. Whoever only begins to listen gets the days of grace for any term that has ended, so that
 * the rest of an import can say what followed.
 */
const decisionDue = (view: View, { term, renewsItself }: EndingTerm, graceDays: number): Instant | undefined => {
  if ((daysOf(term) ?? 0) < renewalDays) return undefined;
  const at = addDays(term.end, renewsItself ? graceDays : 0);
  const from = listenedFrom(view, { awaits: deciding, at, by: term.begunBy });
  return from === at ? at : addDays(from, graceDays);
};

/**
 * P4.7: a term has ended, and nobody said what follows. A term that renews by itself has `graceDays` days more, and so has one that had
 * ended before anybody listened. Terms under `renewalDays` are not judged.
 */
export const renewalUndecided: Rule<typeof undecidedThresholds> = {
  id: 'P4.7',
  title: 'Renewal undecided',
  thresholds: undecidedThresholds,
  verdicts: (view, { graceDays }) =>
    dueTerms(termsAskedFor(view), (ending) => decisionDue(view, ending, graceDays)).flatMap((due) =>
      undecidedVerdict(view, due, graceDays),
    ),
};
