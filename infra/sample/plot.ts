// What happens in a story? A plot says how far it has come today, its route, and what goes wrong; an absent field means no failure.
import type { Route } from './offers.ts';

/** How a handoff goes wrong. */
export type HandoffCourse =
  /** Offered after the allowed business days. */
  | 'late'
  | 'never'
  /** Accepted only after the work had begun. */
  | 'afterwards'
  /** Rejected, but the work begins anyway. */
  | 'rejected'
  | 'incomplete'
  /** Incomplete at first, then offered again with all its parts. */
  | 'completedLater';

export interface Plot {
  /** How many stories have this plot. */
  readonly stories: number;
  /** The bounds for how many days ago the deal was won; negative where it is not won yet. */
  readonly won: readonly [from: number, to: number];
  readonly route?: Route;
  /** How the story ends; absent: the customer renews at the end of the term. */
  readonly end?: 'lost' | 'leaves' | 'leavesUnused';
  readonly outcome?: 'afterwards' | 'never';
  readonly routeAgreed?: 'afterwards' | 'never' | 'unsellable' | 'changed' | 'wrongMarketplace';
  readonly fulfilment?: 'late' | 'never';
  readonly template?: 'none' | 'rebased';
  readonly customisation?: 'much' | 'heavy' | 'absorbed';
  readonly use?: 'never' | 'late';
  readonly reports?: 'none' | 'gap' | 'withoutImpact' | 'impactLate';
  readonly toDeliver?: HandoffCourse;
  readonly toReport?: HandoffCourse;
  readonly toRenew?: HandoffCourse;
}
