// How severe is what a row tells, where its revenue at risk is compared with that of the partner's other engagements?
import { addMilliseconds, type Instant } from '../../events/instant.ts';
import { worse } from '../patterns/evaluate.ts';
import { type Severity, severities } from '../patterns/pattern.ts';
import { lastBefore } from '../time/sortedSearch.ts';
import type { Cell } from './row.ts';

/** The columns of a table by which a severity is shown. */
export interface SeverityColumns<Column extends string = string> {
  /** What the rules alone say; it is stored. */
  readonly ofRule: Column;
  /** What is shown; computed when the row is read. */
  readonly shown: Column;
  /** The partner among whose engagements the revenue stands, the revenue, and its currency. */
  readonly partner: Column;
  readonly revenue: Column;
  readonly currency: Column;
  /** When what the row tells was over; absent: a row tells what is. */
  readonly over?: Column;
}

type Cells = Readonly<Record<string, Cell>>;

/** The group of `arr_quartiles` for a partner and a currency. Party ids hold no `|`. */
export const quartileGroup = (partnerId: string, currency: string): string => `${partnerId}|${currency}`;

/** A revenue, and with which group it is compared, as of when. */
export interface Compared {
  readonly group: string;
  readonly at: Instant;
  readonly minor: number;
}

const severityIn = (cell: Cell | undefined): Severity | undefined => severities.find((each) => each === cell);

/**
 * With what a row's revenue is compared when it is read at an instant; undefined where nothing could make it more severe.
 * Of what is over it is compared as of just before that. It is given the row as the reader sees it: whoever may not see
 * the revenue is told nothing of where it stands.
 */
export const comparedIn = (columns: SeverityColumns, row: Cells, at: Instant): Compared | undefined => {
  const { [columns.partner]: partner, [columns.currency]: currency, [columns.revenue]: minor } = row;
  const severity = severityIn(row[columns.ofRule]);
  if (severity === undefined || worse(severity) === severity) return undefined;
  if (typeof partner !== 'string' || typeof currency !== 'string' || typeof minor !== 'number') return undefined;
  const over = columns.over === undefined ? null : row[columns.over];
  return {
    group: quartileGroup(partner, currency),
    at: typeof over === 'string' && over <= at ? addMilliseconds(over, -1) : at,
    minor,
  };
};

/**
 * A row with the severity that is shown: the rule's, one step more (critical at most) if its revenue stands in its
 * partner's top quartile, which begins at `threshold` (domain reference C0). Null: nobody stands in it.
 */
export const withSeverity = (
  columns: SeverityColumns,
  row: Cells,
  among: { readonly minor: number | undefined; readonly threshold: number | null },
): Cells => {
  const severity = severityIn(row[columns.ofRule]);
  const { minor, threshold } = among;
  const stands = minor !== undefined && threshold !== null && minor >= threshold;
  return { ...row, [columns.shown]: severity === undefined ? null : stands ? worse(severity) : severity };
};

/** Tells from which revenue on somebody stood in a group's top quartile at an instant; null where nobody did. */
export type ThresholdAt = (at: Instant) => number | null;

/** The threshold by some of a group's rows, in the order of their instants. */
export const thresholdIn =
  (
    stretches: readonly {
      readonly from: Instant | null;
      readonly until: Instant | null;
      readonly arrMinor: number | null;
    }[],
  ): ThresholdAt =>
  (at) => {
    const stretch = lastBefore(stretches, ({ from }) => (from ?? '') > at);
    if (stretch === undefined) return null;
    const isOver = stretch.until !== null && stretch.until <= at;
    return isOver ? null : stretch.arrMinor;
  };
