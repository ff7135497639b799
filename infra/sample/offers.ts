// What does the sample channel sell, by which routes, and which campaigns promote it?
import { channelParty } from './participants.ts';

export type Route = 'direct' | 'two_tier' | 'marketplace' | 'co_sell';
export type Marketplace = 'aws' | 'azure' | 'google';

export interface Offer {
  readonly id: string;
  readonly owner: string;
  readonly routes: readonly Route[];
  readonly marketplaces: readonly Marketplace[];
  /** The price of one unit for a year, in minor units of the deal's currency. */
  readonly unitPriceMinor: number;
  readonly plannedMinutes: number;
  readonly metric: string;
  readonly unit: string;
}

export const offers: readonly Offer[] = [
  {
    id: 'observability-essentials',
    owner: 'brightforge',
    routes: ['direct', 'two_tier', 'marketplace', 'co_sell'],
    marketplaces: ['aws', 'azure'],
    unitPriceMinor: 48_000,
    plannedMinutes: 1_500,
    metric: 'time_to_restore',
    unit: 'minutes',
  },
  {
    id: 'managed-observability',
    owner: 'pinehill',
    routes: ['direct', 'two_tier', 'co_sell'],
    marketplaces: [],
    unitPriceMinor: 72_000,
    plannedMinutes: 1_800,
    metric: 'incidents_per_month',
    unit: 'incidents',
  },
  {
    id: 'cloud-cost-control',
    owner: 'meridian-cloud',
    routes: ['direct', 'marketplace'],
    marketplaces: ['aws'],
    unitPriceMinor: 30_000,
    plannedMinutes: 1_200,
    metric: 'cloud_spend',
    unit: 'percent',
  },
  {
    id: 'security-monitoring',
    owner: 'oakline',
    routes: ['two_tier', 'co_sell'],
    marketplaces: [],
    unitPriceMinor: 60_000,
    plannedMinutes: 2_000,
    metric: 'time_to_detect',
    unit: 'hours',
  },
  {
    id: 'compliance-insights',
    owner: 'tidewater',
    routes: ['marketplace', 'two_tier'],
    marketplaces: ['azure'],
    unitPriceMinor: 54_000,
    plannedMinutes: 1_400,
    metric: 'controls_met',
    unit: 'percent',
  },
];

export interface Campaign {
  readonly id: string;
  readonly kind: 'joint_marketing' | 'enablement' | 'sales_play';
  readonly offers: readonly string[];
  readonly partners: readonly string[];
  readonly assets: readonly { readonly kind: 'play' | 'price_calculator' | 'roi_tool'; readonly ref: string }[];
}

export const campaigns: readonly Campaign[] = [
  {
    id: 'restore-faster',
    kind: 'sales_play',
    offers: ['observability-essentials', 'managed-observability'],
    partners: ['brightforge', 'pinehill', 'kestrel-it'],
    assets: [{ kind: 'play', ref: 'hub:campaigns/restore-faster/play' }],
  },
  {
    id: 'spend-clearly',
    kind: 'joint_marketing',
    offers: ['cloud-cost-control'],
    partners: ['meridian-cloud', 'lumen-bay', 'stonegate'],
    assets: [{ kind: 'price_calculator', ref: 'hub:campaigns/spend-clearly/prices' }],
  },
  {
    id: 'audit-ready',
    kind: 'enablement',
    offers: ['security-monitoring', 'compliance-insights'],
    partners: ['oakline', 'tidewater'],
    assets: [{ kind: 'roi_tool', ref: 'hub:campaigns/audit-ready/return' }],
  },
];

/** The location of an offer's template, and the reference that deliveries use for it. */
export const templateOf = (offer: Offer): string => `template:${offer.id}`;

/** The data of an offer's publication, in the catalog's form. */
export const publication = (offer: Offer) => ({
  offerId: offer.id,
  version: 1,
  ownerPartner: channelParty(offer.owner),
  outcomeTemplates: [{ metric: offer.metric, unit: offer.unit }],
  components: [
    {
      componentId: `${offer.id}-licence`,
      kind: 'base_licence',
      listPrice: { amountMinor: offer.unitPriceMinor, currency: 'EUR' },
      billingPeriod: 'P1Y',
      minTerm: 'P1Y',
    },
    { componentId: `${offer.id}-setup`, kind: 'implementation', provider: channelParty(offer.owner) },
  ],
  capabilities: [offer.metric],
  templateRef: templateOf(offer),
  plannedMinutes: offer.plannedMinutes,
  routes: offer.routes,
  marketplaces: offer.marketplaces,
});
