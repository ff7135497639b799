// What is a story about? Its customer, partner, offer and route, and the ids of its records in the outside systems.
import { derivedEngagementOf, parseStreamId, uuidOf } from '../../events/identifiers.ts';
import { seasonal } from './innocents.ts';
import { campaigns, type Marketplace, type Offer, offers, type Route } from './offers.ts';
import { customerName, type Partner, partners, segments, tenantId } from './participants.ts';
import type { Plot } from './plot.ts';
import { plots } from './plots.ts';
import type { Random } from './random.ts';
import { org, recordId } from './salesforceRecords.ts';

/** A route to buy; with `marketplace`, it also names the marketplace. */
export interface Way {
  readonly route: Route;
  readonly marketplace?: Marketplace;
}

export interface Deal {
  /** What people call the engagement in every system: `ENG-2026-0417`. */
  readonly reference: string;
  readonly engagementId: string;
  readonly opportunityId: string;
  readonly accountId: string;
  readonly orderId: string;
  readonly renewalId: string;
  readonly customer: string;
  readonly segment: string;
  readonly partner: Partner;
  readonly offer: Offer;
  readonly campaign: string | undefined;
  /** The final route. */
  readonly way: Way;
  /** The route that was agreed first, if it changed later. */
  readonly firstWay: Way | undefined;
  readonly quantity: number;
  readonly amountMinor: number;
  readonly outcomeId: string;
}

const waysOf = (offer: Offer): readonly Way[] =>
  offer.routes.flatMap((route): readonly Way[] =>
    route === 'marketplace' ? offer.marketplaces.map((marketplace) => ({ route, marketplace })) : [{ route }],
  );

/** Routes that some offers don't have. */
const unsold = (offer: Offer): readonly Way[] =>
  (['direct', 'two_tier', 'co_sell'] as const)
    .filter((route) => !offer.routes.includes(route))
    .map((route): Way => ({ route }));

interface Sale {
  readonly offer: Offer;
  readonly way: Way;
  readonly firstWay: Way | undefined;
}

/** The offers that partners configure anew each time: no other delivery of theirs is of the same offer. */
const isReserved = ({ custom }: Plot, partner: Partner, offer: Offer): boolean =>
  custom === undefined &&
  plots.some((plot) => plot.custom !== undefined && plot.partner === partner.id && plot.offer === offer.id);

/** The other routes by which the offer is sold. */
export const otherWays = ({ offer, way }: Pick<Deal, 'offer' | 'way'>): readonly Way[] =>
  waysOf(offer).filter(({ route }) => route !== way.route);

const saleOf = (plot: Plot, partner: Partner, random: Random): Sale => {
  const sales = offers
    .filter((offer) => (plot.offer === undefined ? !isReserved(plot, partner, offer) : offer.id === plot.offer))
    .flatMap((offer) => waysOf(offer).map((way): Sale => ({ offer, way, firstWay: undefined })));
  const sold = sales.filter(({ way }) => plot.route === undefined || way.route === plot.route);
  switch (plot.routeAgreed) {
    case 'unsellable':
      return random.pick(
        [...new Set(sales.map(({ offer }) => offer))].flatMap((offer) =>
          unsold(offer).map((way): Sale => ({ offer, way, firstWay: undefined })),
        ),
      );
    case 'changed': {
      const sale = random.pick(sold.filter(({ offer }) => unsold(offer).length > 0));
      return { ...sale, firstWay: random.pick(unsold(sale.offer)) };
    }
    case 'wrongMarketplace': {
      const sale = random.pick(sales.filter(({ way }) => way.marketplace !== undefined));
      return { ...sale, way: { route: 'marketplace', marketplace: 'google' } };
    }
    case 'afterwards':
    case 'never':
    case undefined: {
      if (plot.routeLate === undefined) return random.pick(sold);
      const both = sold.flatMap((sale) => otherWays(sale).map((firstWay): Sale => ({ ...sale, firstWay })));
      return random.pick(both);
    }
    default:
      return plot.routeAgreed satisfies never;
  }
};

/** The deal of the story with this number (from 1) in the sample. */
export const dealOf = (
  plot: Plot,
  { number, openedIn, random }: { readonly number: number; readonly openedIn: string; readonly random: Random },
): Deal => {
  const partner =
    partners.find(({ id }) => id === plot.partner) ?? partners[number % partners.length] ?? random.pick(partners);
  const { offer, way, firstWay } = saleOf(plot, partner, random);
  const opportunityId = recordId('006', number);
  const external = { system: `salesforce:${org}`, kind: 'Opportunity', id: opportunityId };
  const reference = `ENG-${openedIn}-${String(number).padStart(4, '0')}`;
  const quantity = plot.innocent === 'smallDeal' ? 1 : random.whole(4, 60);
  const campaign = campaigns.find(
    ({ offers: promoted, partners: invited }) => promoted.includes(offer.id) && invited.includes(partner.id),
  );
  return {
    reference,
    engagementId: parseStreamId(derivedEngagementOf(tenantId, external)).id,
    opportunityId,
    accountId: recordId('001', number),
    orderId: way.route === 'two_tier' ? `ARROWLINE-PO-${55_000 + number}` : recordId('801', number),
    renewalId: recordId('006', 5_000 + number),
    customer: customerName(number),
    segment: plot.innocent === 'season' ? seasonal.segment : random.pick(segments),
    partner,
    offer,
    campaign: campaign?.id,
    way,
    firstWay,
    quantity,
    amountMinor: quantity * offer.unitPriceMinor,
    outcomeId: `oa-${uuidOf('outcome', reference)}`,
  };
};
