// Which outcomes were agreed, until when does each hold, and what was measured of it?
import type { RecordedOf } from '../../../events/catalog.ts';
import { addDays, addMilliseconds, type Instant } from '../../../events/instant.ts';
import { turningPoint } from '../../time/sortedSearch.ts';
import { tolerance } from '../../time/tolerance.ts';
import type { Facts } from '../facts.ts';

type Agreed = RecordedOf<'OutcomeAgreed'>;
type Measured = RecordedOf<'OutcomeMeasured'>;

/** An outcome as it was agreed, up to the next agreement on it. */
export interface Outcome {
  readonly agreed: Agreed;
  /** The day by which it is to be reached, and its end, UTC; undefined if none was agreed. */
  readonly due: { readonly day: string; readonly endsAt: Instant } | undefined;
  /** The agreement that replaced it: another target, or another day. */
  readonly replacedBy: Agreed | undefined;
  /** What was measured of it from its agreement on, in fold order. */
  readonly measured: readonly Measured[];
}

/** Whether two agreements on one outcome say the same: they have one target and one day. */
export const isSameAgreement = (a: Pick<Agreed, 'data'>, b: Pick<Agreed, 'data'>): boolean =>
  a.data.target === b.data.target && a.data.due === b.data.due;

/** The agreements on one outcome without repetitions: two systems may say the same. */
const distinct = (agreements: readonly Agreed[]): readonly Agreed[] => {
  const kept: Agreed[] = [];
  for (const agreed of agreements) {
    const last = kept.at(-1);
    if (last === undefined || !isSameAgreement(last, agreed)) kept.push(agreed);
  }
  return kept;
};

const byOutcome = <E extends Agreed | Measured>(events: readonly E[]): ReadonlyMap<string, readonly E[]> =>
  Map.groupBy(events, ({ data }) => data.outcomeId);

/** Every agreement on an outcome, each with its measurements. A measurement just before it counts as made after it. */
export const outcomesOf = (facts: Facts): readonly Outcome[] => {
  const measurements = byOutcome(facts.of('OutcomeMeasured'));
  return [...byOutcome(facts.of('OutcomeAgreed'))].flatMap(([outcomeId, agreements]) => {
    const own = measurements.get(outcomeId) ?? [];
    const inOrder = distinct(agreements);
    return inOrder.map((agreed, index): Outcome => {
      const replacedBy = inOrder[index + 1];
      const from = addMilliseconds(agreed.occurredAt, -tolerance);
      const until = replacedBy?.occurredAt;
      const { due: day } = agreed.data;
      return {
        agreed,
        due: day === undefined ? undefined : { day, endsAt: addDays(`${day}T00:00:00.000Z`, 1) },
        replacedBy,
        measured: own.slice(
          turningPoint(own, ({ occurredAt }) => occurredAt >= from),
          turningPoint(own, ({ occurredAt }) => until !== undefined && occurredAt > until),
        ),
      };
    });
  });
};

/**
 * Whether a measurement reaches what was agreed: as it says itself, else by its value. The target is a floor where it lies
 * above the baseline, and a ceiling where it lies below. Undefined if nobody can tell.
 */
export const reaches = ({ data }: Measured, { data: { baseline, target } }: Agreed): boolean | undefined => {
  if (data.met !== undefined) return data.met;
  if (baseline === undefined || target === undefined || baseline === target) return undefined;
  return baseline < target ? data.value >= target : data.value <= target;
};
