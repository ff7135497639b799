// How much revenue changed its partner in a window, so that retention must leave it out?
import type { Place } from './months.ts';
import { add, effectOf, type Holding, isTransfer, type Step } from './steps.ts';

/** The first and the last month of a window; both belong to it. */
export interface Span {
  readonly from: Place;
  readonly to: Place;
}

/**
 * The revenue, with one partner, of the subscriptions that were transferred in a window: just before the window, and at
 * its end.
 */
export interface Transferred {
  readonly start: Holding;
  readonly end: Holding;
}

const holdingBy = (steps: readonly Step[]): Map<string, number> => {
  const holding = new Map<string, number>();
  for (const step of steps) for (const [measure, amount] of effectOf(step)) add(holding, measure, amount);
  return holding;
};

/** The steps of each subscription, without transfers. */
const bySubscription = (steps: readonly Step[]): readonly (readonly Step[])[] => [
  ...Map.groupBy(
    steps.filter((step) => !isTransfer(step)),
    (step) => step.subscriptionId,
  ).values(),
];

/** From none, or to none. A change of currency is neither. */
const begins = ({ kind, from }: Step): boolean => kind === 'change' && from === 0;
const ends = ({ kind, to }: Step): boolean => kind === 'change' && to === 0;

/**
 * The transferred revenue of one engagement in a window; undefined if nothing was transferred in it. `steps` are one
 * partner's steps of subscriptions that have the lead partner, in order of occurrence.
 *
 * Revenue at the window's start leaves with the first transfer, unless it ends while this partner has it. Revenue at
 * the window's end came with the last transfer, unless it began while this partner had it.
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
