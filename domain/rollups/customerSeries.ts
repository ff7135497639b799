// Which monthly series do a customer's steps give, measure by measure?
import { lastBefore } from '../time/sortedSearch.ts';
import { logos, type Measures, unknown } from './measures.ts';
import { type Entry, entriesOf, type Moves, noMoves, type WindowEntry } from './monthSeries.ts';
import { type Place, windowMonths } from './months.ts';
import type { MonthOfSteps } from './movements.ts';
import { activityOf, add, type Holding, isTransfer, type Step } from './steps.ts';
import { type Transferred, transferredIn } from './transferred.ts';

/** The amount of a measure; null if it is not known. */
const amountIn = (holding: Holding, measure: string): number | null => {
  if (measure === logos) return activityOf(holding);
  if (holding.has(unknown)) return null;
  return holding.get(measure) ?? 0;
};

const movesIn = ({ moves, unsure }: MonthOfSteps, measure: string): Moves | null =>
  (measure === logos ? unsure.activity : unsure.amounts) ? null : (moves.get(measure) ?? noMoves);

/**
 * The months of a measure. A currency begins with its first amount. Before that, the measure `unknown` says whether an
 * amount is unknown.
 */
const monthsWith = (months: readonly MonthOfSteps[], measure: string): readonly MonthOfSteps[] =>
  measure === logos || measure === unknown ? months : months.slice(months.findIndex(({ moves }) => moves.has(measure)));

const changesOf = (months: readonly MonthOfSteps[], measure: string): readonly Entry[] =>
  entriesOf(
    monthsWith(months, measure).map((month) => ({
      place: month.place,
      end: amountIn(month.closing, measure),
      moves: movesIn(month, measure),
    })),
  );

const none: Holding = new Map();

const closingAt = (months: readonly MonthOfSteps[], place: Place): Holding =>
  lastBefore(months, (month) => month.place > place)?.closing ?? none;

const without = (holding: Holding, others: readonly Holding[]): Holding => {
  const rest = new Map(holding);
  for (const other of others) for (const [measure, amount] of other) add(rest, measure, -amount);
  return rest;
};

const amountOf = (holdings: readonly Holding[], measure: string): number =>
  measure === logos || measure === unknown
    ? 0
    : holdings.reduce((sum, holding) => sum + (holding.get(measure) ?? 0), 0);

/** The months up to `until` whose window holds a transfer. */
const placesWithTransfers = (steps: readonly Step[], until: Place): readonly Place[] => {
  const places = new Set(
    steps
      .filter(isTransfer)
      .flatMap(({ place }) => Array.from({ length: windowMonths }, (_, after) => place + after))
      .filter((place) => place <= until),
  );
  return [...places].sort((a, b) => a - b);
};

/** A customer's steps: those with one partner, or those over all partners without the transfers. */
export interface CustomerSteps {
  /** The months of all engagements, in order of occurrence. */
  readonly months: readonly MonthOfSteps[];
  /** For each engagement, the steps of subscriptions that have the lead partner, in order of occurrence. */
  readonly withLead: readonly (readonly Step[])[];
}

/** The measures of a customer up to a month. */
export const measuresOf = ({ months, withLead }: CustomerSteps, until: Place): Measures => {
  const moving = withLead.filter((steps) => steps.some(isTransfer));
  const windows = placesWithTransfers(moving.flat(), until).map((place) => {
    const span = { from: place - windowMonths + 1, to: place };
    const transferred: readonly Transferred[] = moving.flatMap((steps) => transferredIn(steps, span) ?? []);
    const [left, came] = [transferred.map(({ start }) => start), transferred.map(({ end }) => end)];
    const start = without(closingAt(months, place - windowMonths), left);
    const end = without(closingAt(months, place), came);
    return (measure: string): WindowEntry => [
      place,
      amountIn(start, measure),
      amountIn(end, measure),
      amountOf(left, measure),
      amountOf(came, measure),
    ];
  });
  const measures = [...new Set([logos, unknown, ...months.flatMap(({ moves }) => [...moves.keys()])])].sort();
  return new Map(
    measures.flatMap((measure) => {
      const entries = changesOf(months, measure);
      return entries.length === 0
        ? []
        : [[measure, { entries, windows: windows.map((windowOf) => windowOf(measure)) }]];
    }),
  );
};
