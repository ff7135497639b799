// Which stories does the sample channel tell? Healthy ones at every stage of the journey, and every failure at least twice.
import type { Plot } from './plot.ts';

/** Still selling, or lost. */
const selling: readonly Plot[] = [
  { stories: 7, won: [-26, -4] },
  { stories: 1, won: [-8, -6], routeAgreed: 'never' },
  { stories: 1, won: [-9, -5], routeAgreed: 'wrongMarketplace' },
  { stories: 2, won: [20, 300], end: 'lost' },
  { stories: 1, won: [40, 200], end: 'lost', routeAgreed: 'never' },
];

/** Won, and waiting for the order. */
const procuring: readonly Plot[] = [
  { stories: 5, won: [2, 9] },
  { stories: 1, won: [12, 14], route: 'co_sell', toDeliver: 'never' },
  { stories: 1, won: [13, 14], route: 'two_tier', toDeliver: 'completedLater' },
  { stories: 1, won: [36, 50], route: 'marketplace', fulfilment: 'never' },
  { stories: 1, won: [95, 110], route: 'two_tier', fulfilment: 'never' },
];

const delivering: readonly Plot[] = [
  { stories: 6, won: [26, 44] },
  { stories: 1, won: [34, 40], route: 'direct', template: 'none' },
  { stories: 1, won: [36, 40], route: 'direct', toDeliver: 'rejected' },
  { stories: 1, won: [38, 42], route: 'marketplace', outcome: 'never' },
];

const live: readonly Plot[] = [
  { stories: 10, won: [75, 275] },
  { stories: 1, won: [90, 140], outcome: 'never', use: 'never' },
  { stories: 1, won: [120, 200], outcome: 'afterwards' },
  { stories: 1, won: [130, 200], use: 'late' },
  { stories: 1, won: [90, 260], template: 'rebased' },
  { stories: 1, won: [90, 260], template: 'none', customisation: 'heavy' },
  { stories: 1, won: [90, 260], customisation: 'much' },
  { stories: 1, won: [100, 260], customisation: 'absorbed' },
  { stories: 1, won: [90, 260], toDeliver: 'afterwards' },
  { stories: 1, won: [90, 260], toDeliver: 'late' },
  { stories: 1, won: [110, 260], toReport: 'never' },
  { stories: 1, won: [100, 260], toReport: 'incomplete' },
  { stories: 1, won: [190, 260], reports: 'none' },
  { stories: 1, won: [110, 260], routeAgreed: 'afterwards' },
  { stories: 1, won: [110, 260], routeAgreed: 'unsellable' },
  { stories: 1, won: [110, 260], routeAgreed: 'changed', fulfilment: 'late' },
];

const renewing: readonly Plot[] = [
  { stories: 5, won: [300, 365] },
  { stories: 1, won: [325, 345], toRenew: 'never' },
  { stories: 1, won: [325, 345], toRenew: 'afterwards' },
  { stories: 1, won: [330, 345], reports: 'withoutImpact' },
  { stories: 1, won: [350, 360], reports: 'impactLate' },
  { stories: 1, won: [330, 345], reports: 'none', use: 'never' },
];

/** A year later: in the second cycle, or the customer has left. */
const grown: readonly Plot[] = [
  { stories: 6, won: [400, 485] },
  { stories: 1, won: [410, 470], reports: 'gap', toRenew: 'late' },
  { stories: 1, won: [410, 470], route: 'direct', fulfilment: 'late', toReport: 'afterwards' },
  { stories: 2, won: [400, 470], end: 'leaves' },
  { stories: 1, won: [400, 470], end: 'leavesUnused', route: 'direct', use: 'never', outcome: 'never' },
];

export const plots: readonly Plot[] = [...selling, ...procuring, ...delivering, ...live, ...renewing, ...grown];
