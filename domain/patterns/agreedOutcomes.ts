// Is an agreed outcome measured when it is due, and is it reached?
import * as z from 'zod';
import type { RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import { type Outcome, outcomesOf, reaches } from '../engagement/value/outcomes.ts';
import { inFoldOrder } from '../history.ts';
import { awaited, cites, clearedBy, measured, silence, tolerated } from './awaited.ts';
import { listenedFrom, type Need } from './observed.ts';
import type { Evidence, Rule, Verdict, View } from './pattern.ts';

const noThresholds = z.object({});

const subjectOf = ({ agreed }: Outcome): string => `outcome:${agreed.data.outcomeId}`;

const wordsOf = (event: RecordedOf<'OutcomeMeasured'>): string =>
  `${event.data.value}${event.data.unit === undefined ? '' : ` ${event.data.unit}`}`;

/**
 * The measurement that misses an outcome: the last one by its due day, or the first one after it, if that does not reach it.
 * Measurements that nobody can compare with the target count for nothing.
 */
const missedBy = ({ agreed, measured: all }: Outcome, dueAt: Instant): RecordedOf<'OutcomeMeasured'> | undefined => {
  const known = all.filter((event) => reaches(event, agreed) !== undefined);
  const deciding = known.findLast(({ occurredAt }) => occurredAt <= tolerated(dueAt)) ?? known[0];
  return deciding === undefined || reaches(deciding, agreed) === true ? undefined : deciding;
};

const missedVerdicts = (outcome: Outcome, view: View): readonly Verdict[] => {
  const { agreed, due, replacedBy } = outcome;
  if (due === undefined) return [];
  const missed = missedBy(outcome, due.endsAt);
  if (missed === undefined) return [];
  const reached = outcome.measured.find((event) => reaches(event, agreed) === true && inFoldOrder(missed, event) < 0);
  const answer = [reached, replacedBy].filter((event) => event !== undefined).sort(inFoldOrder)[0];
  const value: readonly Evidence[] =
    agreed.data.target === undefined ? [] : [measured('measured value', missed.data.value, agreed.data.target)];
  return awaited(view, {
    subject: subjectOf(outcome),
    openedBy: agreed,
    awaits: [],
    dueAt: due.endsAt > missed.occurredAt ? due.endsAt : missed.occurredAt,
    answer,
    waitsFor: `a measurement that reaches outcome ${agreed.data.outcomeId}`,
    severity: 'medium',
    evidence: [
      cites(agreed, `the outcome was agreed, to be reached by ${due.day}`),
      cites(missed, `it was measured as ${wordsOf(missed)}, which does not reach the target`),
      ...value,
    ],
    clearsWhen: 'The outcome is measured as reached, or is agreed anew.',
    nextStep:
      'Find with the customer what keeps the outcome from its target, and agree what changes or what is realistic.',
    reason: answer?.type === 'OutcomeAgreed' ? 'outcomeAgreedAnew' : 'outcomeReached',
  });
};

/** P1.5: an agreed outcome is due, and was measured below its target. An outcome without a due day, or without a measurement, is not judged. */
export const outcomeMissed: Rule<typeof noThresholds> = {
  id: 'P1.5',
  title: 'Agreed outcome missed',
  opens: ['OutcomeAgreed'],
  thresholds: noThresholds,
  verdicts: (view) => outcomesOf(view.engagement).flatMap((outcome) => missedVerdicts(outcome, view)),
};

const unmeasuredVerdicts = (outcome: Outcome, view: View): readonly Verdict[] => {
  const { agreed, due, replacedBy } = outcome;
  if (due === undefined) return [];
  // Whoever agrees on a day that is past can't have measured by then.
  const at = due.endsAt > agreed.occurredAt ? due.endsAt : agreed.occurredAt;
  const need: Need = { awaits: ['OutcomeMeasured'], at, by: agreed };
  const dueAt = listenedFrom(view, need);
  return awaited(view, {
    subject: subjectOf(outcome),
    openedBy: agreed,
    awaits: need.awaits,
    armed: { at: dueAt, by: agreed },
    dueAt,
    answer: outcome.measured[0],
    waitsFor: `a measurement of outcome ${agreed.data.outcomeId}`,
    severity: 'medium',
    evidence: [
      cites(agreed, `the outcome was agreed, to be reached by ${due.day}`),
      silence('OutcomeMeasured', {
        from: agreed.occurredAt,
        until: dueAt,
        armedBy: agreed,
        says: 'the outcome was not measured',
      }),
    ],
    clearsWhen: 'The outcome is measured, or is agreed anew.',
    nextStep: 'Measure the outcome with the customer, and show the result in the next report.',
    reason: 'measuredLate',
    over: replacedBy === undefined ? undefined : clearedBy(replacedBy, 'outcomeAgreedAnew'),
  });
};

/** P4.3: an agreed outcome was not measured by its due day, reached or not. If nobody listened yet, it is due once somebody does. */
export const outcomeNeverMeasured: Rule<typeof noThresholds> = {
  id: 'P4.3',
  title: 'Agreed outcome not measured',
  opens: ['OutcomeAgreed'],
  thresholds: noThresholds,
  verdicts: (view) => outcomesOf(view.engagement).flatMap((outcome) => unmeasuredVerdicts(outcome, view)),
};
