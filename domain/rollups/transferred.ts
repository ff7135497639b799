// What changed its partner in a window, and what did it bring at the window's start and end? That much counts on neither side.
import type { Place } from './months.ts';
import { add, effectOf, type Holding, isTransfer, type Step } from './steps.ts';

/** Months of a window, both within it. */
export interface Span {
  readonly from: Place;
  readonly to: Place;
}

/** What subscriptions that were transferred in a window brought to this partner, just before it and at its end. */
export interface Transferred {
  readonly start: Holding;
  readonly end: Holding;
}

const holdingBy = (steps: readonly Step[]): Map<string, number> => {
  const holding = new Map<string, number>();
  for (const step of steps) for (const [measure, amount] of effectOf(step)) add(holding, measure, amount);
  return holding;
};

/** The steps of each subscription by itself. */
const bySubscription = (steps: readonly Step[]): readonly (readonly Step[])[] => [
  ...Map.groupBy(
    steps.filter((step) => !isTransfer(step)),
    (step) => step.subscriptionId,
  ).values(),
];

/** From none, or to none: to change the currency is neither. */
const begins = ({ kind, from }: Step): boolean => kind === 'change' && from === 0;
const ends = ({ kind, to }: Step): boolean => kind === 'change' && to === 0;

/**
 * Of one engagement's steps that go with the lead, in the order of occurrence and as one partner has them; undefined where
 * nothing was transferred in the window. What is there at the window's start, and doesn't end under the partner, goes with the
 * first transfer; what is there at its end, and did not begin under the partner, came with the last.
 */
export const transferredIn = (steps: readonly Step[], { from, to }: Span): Transferred | undefined => {
  const inWindow = steps.filter(({ place }) => place >= from && place <= to);
  const transfers = inWindow.filter(isTransfer);
  const [first, last] = [transfers[0], transfers.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const start = holdingBy(steps.filter(({ place }) => place < from));
  for (const own of bySubscription(inWindow.filter(({ at }) => at <= first.at))) {
    const [next] = own;
    if (next === undefined || !own.some(ends)) continue;
    const wasThere = { ...next, from: 0, to: next.from };
    for (const [measure, amount] of effectOf(wasThere)) add(start, measure, -amount);
  }
  const end = holdingBy(steps.filter(({ place }) => place <= to));
  for (const own of bySubscription(inWindow.filter(({ at }) => at >= last.at))) {
    const latest = own.at(-1);
    if (latest === undefined || !own.some(begins)) continue;
    const isThere = { ...latest, from: 0 };
    for (const [measure, amount] of effectOf(isThere)) add(end, measure, -amount);
  }
  return { start, end };
};
