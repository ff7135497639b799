// Which stories does the sample channel tell? Healthy ones at every stage of the journey, and every failure at least twice.
import { promoted } from './innocents.ts';
import type { Plot } from './plot.ts';

/** Each of two partners configures one offer anew each time. */
const anew = { partner: 'brightforge', offer: 'observability-essentials', custom: 'anew' } as const;
const anewToo = { partner: 'pinehill', offer: 'managed-observability', custom: 'anew' } as const;
/** An offer that a partner has delivered twice before one of its deliveries loses money. */
const known = { partner: 'kestrel-it', offer: 'managed-observability' } as const;
/** What is custom, and no failure: a partner that learns an offer, and one whose business it is. */
const learning = { partner: 'oakline', offer: 'security-monitoring', custom: 'learning' } as const;
const ownBusiness = { partner: 'tidewater', offer: 'compliance-insights', custom: 'ownBusiness' } as const;

/** Still selling, or lost. */
const selling: readonly Plot[] = [
  { stories: 5, won: [-26, -4] },
  { stories: 1, won: [-8, -6], routeAgreed: 'never' },
  { stories: 1, won: [-9, -5], routeAgreed: 'wrongMarketplace' },
  { stories: 1, won: [20, 300], end: 'lost' },
  { stories: 1, won: [20, 300], end: 'lostAtProcurement', preference: 'explained' },
  { stories: 1, won: [40, 200], end: 'lostAtProcurement', routeAgreed: 'never' },
];

/** Won, and waiting for the order. Two partners have just won deals without any offer of the catalogue. */
const procuring: readonly Plot[] = [
  { stories: 2, won: [2, 9], partner: 'meridian-cloud' },
  { stories: 4, won: [2, 9], partner: 'kestrel-it', bespoke: true },
  { stories: 4, won: [2, 9], partner: 'stonegate', bespoke: true },
  { stories: 1, won: [12, 14], partner: 'oakline', route: 'co_sell', toDeliver: 'never' },
  { stories: 1, won: [13, 14], partner: 'oakline', route: 'two_tier', toDeliver: 'completedLater' },
  { stories: 1, won: [36, 50], route: 'marketplace', fulfilment: 'never', blocked: true, preference: 'ignored' },
  { stories: 1, won: [36, 50], route: 'marketplace', fulfilment: 'never', order: 'notByExpiry' },
  { stories: 1, won: [95, 110], route: 'two_tier', fulfilment: 'never', order: 'notByExpiry' },
  { stories: 1, won: [95, 110], route: 'two_tier', fulfilment: 'never', routeLate: true },
];

const delivering: readonly Plot[] = [
  { stories: 1, won: [26, 44], innocent: 'clocksDiffer' },
  { stories: 1, won: [26, 44], innocent: 'handoffToOneself' },
  { stories: 1, won: [26, 44], innocent: 'smallDeal', route: 'direct' },
  { stories: 1, won: [26, 44], innocent: 'workBeforeTheSale' },
  { stories: 1, won: [34, 40], route: 'direct', template: 'none', responsible: 'nobodyDelivers' },
  { stories: 1, won: [36, 40], route: 'direct', toDeliver: 'rejected', promise: 'broken' },
  { stories: 1, won: [38, 42], route: 'marketplace', outcome: 'never' },
];

const live: readonly Plot[] = [
  { stories: 3, won: [75, 140], ...anew },
  { stories: 3, won: [75, 140], ...anewToo },
  { stories: 1, won: [230, 275], innocent: 'rollOutInSteps', ...ownBusiness },
  { stories: 1, won: [230, 275], innocent: 'productWithoutUsers', ...ownBusiness },
  { stories: 1, won: [230, 275], innocent: 'licencePool', ...ownBusiness },
  { stories: 1, won: [175, 180], innocent: 'promotedIntoOffer', offer: promoted.offer, customisation: 'much' },
  { stories: 1, won: [120, 275], innocent: 'telemetryMissing', ...ownBusiness },
  { stories: 1, won: [235, 275], innocent: 'liveDashboard', ...ownBusiness },
  { stories: 1, won: [200, 275], innocent: 'yearlyReports', reports: 'none', outcome: 'afterwards' },
  { stories: 2, won: [110, 275], delivery: 'none', outcome: 'never' },
  { stories: 1, won: [90, 140], outcome: 'never', use: 'never', ...anew },
  { stories: 1, won: [120, 200], outcome: 'afterwards', responsible: 'nobodyDelivers' },
  { stories: 1, won: [130, 200], use: 'late', ...anewToo },
  { stories: 1, won: [230, 270], template: 'rebased', measured: 'below' },
  { stories: 1, won: [230, 270], template: 'none', customisation: 'heavy', measured: 'reachedLate' },
  { stories: 1, won: [90, 260], customisation: 'much', promise: 'settled' },
  { stories: 1, won: [100, 260], customisation: 'absorbed', toReport: 'pingPong' },
  { stories: 1, won: [90, 260], toDeliver: 'afterwards', effort: 'overBilled', ...known },
  { stories: 1, won: [90, 260], toDeliver: 'late', effort: 'overBilled', ...learning },
  { stories: 1, won: [110, 260], toReport: 'never', ...learning },
  { stories: 1, won: [100, 260], toReport: 'incomplete', ...learning },
  { stories: 1, won: [190, 260], reports: 'none', ...anew },
  { stories: 1, won: [110, 260], routeAgreed: 'afterwards', toReport: 'pingPong' },
  { stories: 1, won: [110, 260], routeAgreed: 'unsellable' },
  { stories: 1, won: [110, 260], routeAgreed: 'changed', fulfilment: 'late', blocked: true },
  { stories: 1, won: [215, 260], route: 'direct', order: 'unlikeAgreement', use: 'low' },
  { stories: 1, won: [235, 275], route: 'direct', order: 'unlikeAgreement', use: 'recovering' },
  { stories: 1, won: [220, 260], reading: 'never', ...anewToo },
  { stories: 1, won: [240, 270], reading: 'late', routeLate: true },
];

const renewing: readonly Plot[] = [
  { stories: 1, won: [300, 365], innocent: 'reportFromOutside' },
  { stories: 1, won: [300, 365], innocent: 'fiscalYear', route: 'direct' },
  { stories: 1, won: [300, 365], innocent: 'invoiceAfterEntitlement', route: 'marketplace' },
  { stories: 1, won: [325, 345], toRenew: 'never', ...anew },
  { stories: 1, won: [325, 345], toRenew: 'afterwards', ...anewToo },
  { stories: 1, won: [330, 345], reports: 'withoutImpact', ...anew },
  { stories: 1, won: [350, 360], reports: 'impactLate', ...anewToo },
  { stories: 1, won: [330, 345], reports: 'none', use: 'never' },
];

/** A year later: in the second cycle, or the customer has left. */
const grown: readonly Plot[] = [
  { stories: 1, won: [400, 485], ...known },
  { stories: 1, won: [440, 485], innocent: 'season', ...ownBusiness },
  { stories: 1, won: [400, 485], innocent: 'monthToMonth', ...ownBusiness },
  { stories: 1, won: [400, 485], innocent: 'secondStep', route: 'direct' },
  { stories: 1, won: [410, 470], reports: 'gap', toRenew: 'late', ...known },
  { stories: 1, won: [410, 470], route: 'direct', fulfilment: 'late', toReport: 'afterwards' },
  { stories: 1, won: [395, 420], route: 'co_sell', end: 'undecided', ...learning },
  { stories: 1, won: [420, 450], route: 'co_sell', end: 'decidedLate', ...learning },
  { stories: 1, won: [400, 470], end: 'leaves' },
  { stories: 1, won: [400, 470], end: 'leavesUnused', route: 'direct', use: 'never', outcome: 'never' },
  { stories: 1, won: [400, 470], end: 'leavesUnused', route: 'co_sell', use: 'never', ...learning },
];

export const plots: readonly Plot[] = [...selling, ...procuring, ...delivering, ...live, ...renewing, ...grown];
