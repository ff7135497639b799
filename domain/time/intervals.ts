// Is any of many stretches of time under way at an instant? Counted by their sorted beginnings and ends.
import type { Instant } from '../../events/instant.ts';
import { turningPoint } from './sortedSearch.ts';

/** From an instant on, up to another that is no part of it; without one it never ends. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant | undefined;
}

/** Tells of any instant whether one of the spans holds it. A span that ends before it begins holds none. */
export const anyOf = (spans: readonly Span[]): ((at: Instant) => boolean) => {
  const real = spans.filter(({ from, to }) => to === undefined || from < to);
  const begins = real.map(({ from }) => from).sort();
  const ends = real.flatMap(({ to }) => (to === undefined ? [] : [to])).sort();
  const by = (instants: readonly Instant[], at: Instant): number => turningPoint(instants, (instant) => instant > at);
  return (at) => by(begins, at) > by(ends, at);
};
