// What happens in a story? A plot says how far it has come today, its route, and what goes wrong; an absent field means no failure.
import type { Innocent } from './innocents.ts';
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
  | 'completedLater'
  /** Rejected twice before it is accepted. */
  | 'pingPong';

export interface Plot {
  /** How many stories have this plot. */
  readonly stories: number;
  /** The bounds for how many days ago the deal was won; negative where it is not won yet. */
  readonly won: readonly [from: number, to: number];
  readonly route?: Route;
  /** By its id; absent: each partner in turn. */
  readonly partner?: string;
  /** The offer, by its id; absent: any that the route sells. */
  readonly offer?: string;
  /** Each delivery of the offer has a configuration of its own: a failure, or while the partner learns, or as its business. */
  readonly custom?: 'anew' | 'learning' | 'ownBusiness';
  /** It looks like a failure, and is none. */
  readonly innocent?: Innocent;
  /** How the story ends; absent: the customer renews at the end of the term. */
  readonly end?: 'lost' | 'lostAtProcurement' | 'leaves' | 'leavesUnused' | 'undecided' | 'decidedLate';
  readonly outcome?: 'afterwards' | 'never';
  readonly routeAgreed?: 'afterwards' | 'never' | 'unsellable' | 'changed' | 'wrongMarketplace';
  /** The buyer prefers another route than the agreed one; with a reason or without one. */
  readonly preference?: 'ignored' | 'explained';
  /** Another route is agreed after the win. */
  readonly routeLate?: true;
  readonly fulfilment?: 'late' | 'never';
  /** Something of the route stops the order. */
  readonly blocked?: true;
  /** The order comes by another route than agreed, or not at all before the quote expires. */
  readonly order?: 'unlikeAgreement' | 'notByExpiry';
  /** The offers' catalogue holds nothing of it. */
  readonly bespoke?: true;
  /** The customer buys the licence alone: nobody delivers anything. */
  readonly delivery?: 'none';
  /** Delivery takes longer than planned; with 'billed', less is earned by it than planned. */
  readonly effort?: 'over' | 'overBilled';
  /** Sales promised what delivery finds outside the scope. */
  readonly promise?: 'broken' | 'settled';
  /** Nobody was named who delivers. */
  readonly responsible?: 'nobodyDelivers';
  readonly template?: 'none' | 'rebased';
  readonly customisation?: 'much' | 'heavy' | 'absorbed';
  readonly use?: 'never' | 'late' | 'low' | 'recovering';
  readonly reports?: 'none' | 'gap' | 'withoutImpact' | 'impactLate';
  readonly reading?: 'never' | 'late';
  /** The agreed outcome is measured below its target on its day. */
  readonly measured?: 'below' | 'reachedLate';
  readonly toDeliver?: HandoffCourse;
  readonly toReport?: HandoffCourse;
  readonly toRenew?: HandoffCourse;
}
