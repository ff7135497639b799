// What moved in each month? A customer's steps, classed at each instant: new, expansion, contraction, churn, reactivation, transfers.
import { logos, unknown } from './measures.ts';
import { type Moves, noMoves, sumOf } from './monthSeries.ts';
import type { Place } from './months.ts';
import { activityOf, add, effectOf, type Holding, isTransfer, type Step } from './steps.ts';

/** A month that has steps: what moved, by measure, and what is there at its end. */
export interface MonthOfSteps {
  readonly place: Place;
  readonly moves: ReadonlyMap<string, Moves>;
  readonly closing: Holding;
  /** Whether at some instant an amount was not known, or whether anything was brought at all. */
  readonly unsure: { readonly amounts: boolean; readonly activity: boolean };
  /** The event of its last step. */
  readonly lastEventId: string;
}

/** A measure before an instant, after what was transferred at it, and after all that happened at it. */
type Stages = readonly [before: number, between: number, after: number];

/** Transfers come first: what changes beside them changes what is left, or what has come. */
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

/** What is there so far, and which measures ever were. */
interface Sweep {
  readonly holding: Map<string, number>;
  readonly ever: Set<string>;
}

interface Month {
  readonly moves: Map<string, Moves>;
  readonly unsure: { amounts: boolean; activity: boolean };
}

/** Takes the steps of one instant, and adds what they moved to its month. */
const takeInstant = ({ holding, ever }: Sweep, { moves, unsure }: Month, steps: readonly Step[]): void => {
  const touched = new Set<string>();
  const take = (step: Step): void => {
    for (const [measure, amount] of effectOf(step)) {
      add(holding, measure, amount);
      touched.add(measure);
    }
  };
  const move = (measure: string, stages: Stages): void => {
    // What may have been there before is not new.
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
 * The months of steps in the order of occurrence. Each instant is classed by itself, within each currency and for the customer
 * over all of them: what ends and begins at one instant is one movement, what ends and begins again later is two.
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
