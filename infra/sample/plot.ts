// How does a story go? Where it stands today, by which route, and what goes wrong in it; whatever is absent goes well.
import type { Route } from './offers.ts';

/** How a handoff goes wrong. */
export type HandoffCourse =
  /** Offered after the business days that it had. */
  | 'late'
  | 'never'
  /** Accepted only after the work had begun. */
  | 'afterwards'
  /** Rejected, and the work begun all the same. */
  | 'rejected'
  | 'incomplete'
  /** Incomplete at first, then offered again with all its parts. */
  | 'completedLater';

export interface Plot {
  /** How many stories go this way. */
  readonly stories: number;
  /** How many days ago the deal was won, within these bounds; negative where it is still to be won. */
  readonly won: readonly [from: number, to: number];
  readonly route?: Route;
  /** How it ends; absent: the customer renews when the time comes. */
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
