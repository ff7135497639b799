// Does any of many time spans hold an instant?
import type { Instant } from '../../events/instant.ts';
import { turningPoint } from './sortedSearch.ts';

/** The time from one instant up to another, exclusive. Without `to` it never ends. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant | undefined;
}

/**
 * Tells whether any of the spans holds an instant. A span that ends before it begins holds none. Starts and ends are
 * sorted once, so that a long list is searched fast.
 */
export const anyOf = (spans: readonly Span[]): ((at: Instant) => boolean) => {
  const real = spans.filter(({ from, to }) => to === undefined || from < to);
  const begins = real.map(({ from }) => from).sort();
  const ends = real.flatMap(({ to }) => (to === undefined ? [] : [to])).sort();
  const by = (instants: readonly Instant[], at: Instant): number => turningPoint(instants, (instant) => instant > at);
  return (at) => by(begins, at) > by(ends, at);
};
