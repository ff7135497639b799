// Does the customer get value, as far as evidence shows it: uncertain, improving or continuous?
import type { RecordedEvent } from '../../events/catalog.ts';
import { winsOf } from '../engagement/closings.ts';
import { impactReportsOf } from '../engagement/value/impactReports.ts';
import { type Outcome, outcomesOf, reaches } from '../engagement/value/outcomes.ts';
import type { View } from '../patterns/pattern.ts';
import { type ReportGap, reportGaps } from './reportRhythm.ts';

/** From the least to the most. */
export const valueStates = ['uncertain', 'improving', 'continuous'] as const;
export type ValueState = (typeof valueStates)[number];

/** Why there is no state: nothing was bought yet, or the engagement has ended. */
export const valueReasons = ['nothingBought', 'ended'] as const;

/** An event that decides the state, and what it shows. */
export interface ValueEvidence {
  readonly event: RecordedEvent;
  readonly says: string;
}

export type CustomerValue =
  | { readonly state: ValueState; readonly reason?: undefined; readonly evidence: readonly ValueEvidence[] }
  | { readonly state?: undefined; readonly reason: (typeof valueReasons)[number]; readonly evidence: readonly [] };

const lastMeasured = ({ measured }: Outcome): RecordedEvent | undefined => measured.at(-1);

const isMet = ({ measured, agreed }: Outcome): boolean => {
  const last = measured.at(-1);
  return last !== undefined && reaches(last, agreed) === true;
};

/** Of several events the one that occurred last. */
const latest = (events: readonly (RecordedEvent | undefined)[]): RecordedEvent | undefined =>
  events.reduce(
    (last, event) => (event !== undefined && (last?.occurredAt ?? '') <= event.occurredAt ? event : last),
    undefined,
  );

const piece = (event: RecordedEvent | undefined, says: string): readonly ValueEvidence[] =>
  event === undefined ? [] : [{ event, says }];

/** What keeps the evidence from being full: an outcome that is not met, reports without impact, or none in time. */
const lacking = (
  open: readonly Outcome[],
  { impact, gap }: { readonly impact: RecordedEvent | undefined; readonly gap: ReportGap | undefined },
): readonly ValueEvidence[] => [
  ...piece(
    latest(open.map((outcome) => lastMeasured(outcome) ?? outcome.agreed)),
    'an agreed outcome is not met, or not measured yet',
  ),
  ...(impact !== undefined && gap?.onTime === false ? piece(gap.after, 'no report followed it in time') : []),
];

/**
 * The customer's value state (domain reference A055), from evidence of outcomes. Uncertain: something was bought, and nothing shows
 * its value. Improving: some evidence, which is a met outcome or a report with business impact. Continuous: full evidence, which is
 * that every agreed outcome is met by its last measurement, a report showed business impact, and since go-live no report is overdue.
 * It changes by time where a report becomes overdue (`gapTurns`).
 */
export const customerValueOf = (view: View): CustomerValue => {
  const { engagement } = view;
  if (engagement.journey.ending !== undefined) return { reason: 'ended', evidence: [] };
  const won = winsOf(engagement).find(({ undoneBy }) => undoneBy === undefined)?.event;
  const bought = won ?? engagement.subscriptions.find(({ started }) => started !== undefined)?.started;
  if (bought === undefined) return { reason: 'nothingBought', evidence: [] };
  const current = outcomesOf(engagement).filter(({ replacedBy }) => replacedBy === undefined);
  const met = current.filter(isMet);
  const open = current.filter((outcome) => !isMet(outcome));
  const impact = impactReportsOf(engagement).at(-1);
  const shown = [
    ...piece(latest(met.map(lastMeasured)), `${met.length} of ${current.length} agreed outcomes are met`),
    ...piece(impact, 'the last report that shows business impact'),
  ];
  if (shown.length === 0) {
    return {
      state: 'uncertain',
      evidence: piece(bought, 'since then, no outcome was met and no report showed business impact'),
    };
  }
  const gap = reportGaps(view).at(-1);
  const isFull =
    met.length > 0 && open.length === 0 && impact !== undefined && gap?.onTime === undefined && gap !== undefined;
  return isFull
    ? { state: 'continuous', evidence: shown }
    : { state: 'improving', evidence: [...shown, ...lacking(open, { impact, gap })] };
};
