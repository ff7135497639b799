// How did a customer's revenue move in each month: new, expansion, contraction, churn, reactivation or transfer?
import { logos, unknown } from './measures.ts';
import { type Moves, noMoves, sumOf } from './monthSeries.ts';
import type { Place } from './months.ts';
import { activityOf, add, effectOf, type Holding, isTransfer, type Step } from './steps.ts';

/** A month that has steps: the movements of each measure, and the revenue at its end. */
export interface MonthOfSteps {
  readonly place: Place;
  readonly moves: ReadonlyMap<string, Moves>;
  readonly closing: Holding;
  /** Whether at some instant an amount was not known, and whether it was not known if there was any revenue at all. */
  readonly unsure: { readonly amounts: boolean; readonly activity: boolean };
  /** The event of its last step. */
  readonly lastEventId: string;
}

/** A measure before an instant, after the transfers of that instant, and after all its steps. */
type Stages = readonly [before: number, between: number, after: number];

/** Splits a change into movements. Transfers come first; other steps then change what is left, or what has come. */
const classed = ([before, between, after]: Stages, ever: boolean): Moves => {
  const more = Math.max(after - between, 0);
  const less = Math.max(between - after, 0);
  const begins = between === 0;
  const ends = after === 0;
  return [
    begins && !ever ? more : 0,
    begins ? 0 : more,
    begins && ever ? more : 0,
    Math.max(between - before, 0),
    ends ? 0 : less,
    ends ? less : 0,
    Math.max(before - between, 0),
  ];
};

/** The revenue so far, and the measures that ever had any. */
interface Sweep {
  readonly holding: Map<string, number>;
  readonly ever: Set<string>;
}

interface Month {
  readonly moves: Map<string, Moves>;
  readonly unsure: { amounts: boolean; activity: boolean };
}

/** Applies the steps of one instant, and adds their movements to its month. */
const takeInstant = ({ holding, ever }: Sweep, { moves, unsure }: Month, steps: readonly Step[]): void => {
  const touched = new Set<string>();
  const take = (step: Step): void => {
    for (const [measure, amount] of effectOf(step)) {
      add(holding, measure, amount);
      touched.add(measure);
    }
  };
  const move = (measure: string, stages: Stages): void => {
    // Revenue that may have been there before, as an unknown amount, is not new.
    const known = ever.has(measure) || ever.has(unknown);
    moves.set(measure, sumOf(moves.get(measure) ?? noMoves, classed(stages, known)));
    if (stages.some((there) => there > 0)) ever.add(measure);
  };
  const before = new Map(holding);
  for (const step of steps) if (isTransfer(step)) take(step);
  const between = new Map(holding);
  for (const step of steps) if (!isTransfer(step)) take(step);
  const stages = [before, between, holding] as const;

  touched.delete(unknown);
  for (const measure of touched) {
    const [was, came, is] = stages.map((there) => there.get(measure) ?? 0);
    move(measure, [was ?? 0, came ?? 0, is ?? 0]);
  }
  const [was, came, is] = [activityOf(before), activityOf(between), activityOf(holding)];
  if (was !== null && came !== null && is !== null) move(logos, [was, came, is]);
  else unsure.activity = true;
  if (stages.some((there) => there.has(unknown))) {
    unsure.amounts = true;
    ever.add(unknown);
  }
};

/**
 * The months of steps, which are given in order of occurrence. Each instant gives movements of its own, for each
 * currency and for the customer as a whole. An end and a start at one instant are one movement; at two instants they
 * are two.
 */
export const movementsOf = (steps: readonly Step[]): readonly MonthOfSteps[] => {
  const sweep: Sweep = { holding: new Map(), ever: new Set() };
  return [...Map.groupBy(steps, ({ place }) => place)].map(([place, inMonth]) => {
    const unsure = { amounts: sweep.holding.has(unknown), activity: activityOf(sweep.holding) === null };
    const month: Month = { moves: new Map(), unsure };
    for (const atOnce of Map.groupBy(inMonth, ({ at }) => at).values()) takeInstant(sweep, month, atOnce);
    return { place, ...month, closing: new Map(sweep.holding), lastEventId: inMonth.at(-1)?.causeEvent ?? '' };
  });
};
