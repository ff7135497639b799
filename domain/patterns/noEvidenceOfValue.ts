// Does the customer get reports of value, regularly and before a renewal?
import * as z from 'zod';
import type { RecordedEvent } from '../../events/catalog.ts';
import { addDays, addMilliseconds, type Instant } from '../../events/instant.ts';
import { renewalDecisionsOf } from '../engagement/renewalDecisions.ts';
import { impactReportsOf } from '../engagement/value/impactReports.ts';
import { firstWhere } from '../time/sortedSearch.ts';
import { tolerance } from '../time/tolerance.ts';
import { outcomeNeverMeasured } from './agreedOutcomes.ts';
import { awaited, cites, closedBy, measured, silence } from './awaited.ts';
import { cadenceBroken } from './cadenceBroken.ts';
import { bind, definePattern, type Rule, type Verdict } from './pattern.ts';
import { thinReports } from './thinReports.ts';
import { noCaseForRenewal, renewalUndecided } from './undecidedTerms.ts';
import { unreadReports } from './unreadReports.ts';

const evidenceThresholds = z.object({ days: z.number().positive().max(3650).default(120) });

/** Whether an episode lasts at an instant. One that nobody could judge keeps no later one from being judged. */
const standsAt = (verdict: Verdict, at: Instant): boolean =>
  verdict.state === 'armed' ||
  (verdict.state === 'raised' && (verdict.cleared === undefined || verdict.cleared.at > at));

/** The verdict with a further proposal among its evidence. */
const withProposal = (verdict: Verdict, proposed: RecordedEvent): Verdict =>
  verdict.state === 'raised'
    ? { ...verdict, evidence: [...verdict.evidence, cites(proposed, 'the renewal was proposed again')] }
    : verdict;

/**
 * P4.4: a renewal was proposed, and no report of business impact came in the `days` days before it; a look at a live dashboard is none. While such a flag
 * is open, another proposal opens no second one and stands among its evidence. The flag closes once the renewal is decided.
 */
const renewalWithoutEvidence: Rule<typeof evidenceThresholds> = {
  id: 'P4.4',
  title: 'Renewal without evidence',
  opens: ['RenewalProposed'],
  thresholds: evidenceThresholds,
  verdicts: (view, { days }) => {
    const { engagement } = view;
    const reports = impactReportsOf(engagement);
    const decisions = renewalDecisionsOf(engagement, engagement.subscriptions);
    const verdicts: Verdict[] = [];
    for (const proposed of engagement.of('RenewalProposed')) {
      // Each episode opened only after the earlier ones had cleared, so the last one decides.
      const last = verdicts.at(-1);
      if (last !== undefined && standsAt(last, proposed.occurredAt)) {
        verdicts[verdicts.length - 1] = withProposal(last, proposed);
        continue;
      }
      const decided = decisions.ofProposal(proposed);
      const since = addMilliseconds(addDays(proposed.occurredAt, -days), -tolerance);
      const dueAt = proposed.occurredAt;
      const found = awaited(view, {
        subject: 'engagement',
        openedBy: proposed,
        awaits: ['ValueReported'],
        dueAt,
        answer: firstWhere(reports, (event) => event.occurredAt >= since),
        waitsFor: 'a report of business impact',
        severity: 'high',
        evidence: [
          cites(proposed, 'the renewal was proposed'),
          silence('ValueReported', {
            from: since,
            until: dueAt,
            armedBy: proposed,
            says: 'no report showed the impact on the business',
          }),
          measured('days before the proposal without evidence', days, days),
        ],
        clearsWhen: 'The customer gets a report of business impact.',
        nextStep: 'Deliver a report of business impact before the customer decides on the renewal.',
        reason: 'evidenceDeliveredLate',
        // A proposal without evidence is a breach, however soon it was decided.
        over: decided === undefined ? undefined : (raisedAt) => closedBy(decided, raisedAt),
      });
      verdicts.push(...found);
    }
    return verdicts;
  },
};

export const noEvidenceOfValue = definePattern({
  name: 'noEvidenceOfValue',
  title: 'No evidence of value',
  rules: [
    bind(cadenceBroken),
    bind(thinReports),
    bind(outcomeNeverMeasured),
    bind(renewalWithoutEvidence),
    bind(noCaseForRenewal),
    bind(unreadReports),
    bind(renewalUndecided),
  ],
});
