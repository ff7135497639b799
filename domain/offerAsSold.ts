// Which version of which offer was sold, and does it sell by the route agreed?
import type { RecordedOf } from '../events/catalog.ts';
import type { Instant } from '../events/instant.ts';
import type { Context } from './context.ts';
import type { Facts } from './engagement.ts';
import { type Offer, versionAt } from './offer.ts';

type Published = RecordedOf<'OfferPublished'>;

/** A fact that names the offer: the opening of the engagement, or a proposal. */
export type Naming = RecordedOf<'EngagementOpened'> | RecordedOf<'SolutionProposed'>;

/** Every fact that names an offer: what opened the engagement first, then its proposals in fold order. */
export const namingsOf = (facts: Facts): readonly Naming[] =>
  [...facts.of('EngagementOpened'), ...facts.of('SolutionProposed')].filter(
    (event) => event.data.offerId !== undefined,
  );

/** What is agreed at an instant: the route in force, and the last fact to name the offer; undefined until both are known. */
export interface Agreed {
  readonly route: RecordedOf<'RouteAgreed'>;
  readonly naming: Naming;
}

/** The route in force at an instant and the offer named by then: by the latest proposal, else by the opening. */
export const agreedAt = (facts: Facts, at: Instant): Agreed | undefined => {
  const route = routeAt(facts, at);
  const naming = namingsOf(facts)
    .filter((event) => event.occurredAt <= at)
    .at(-1);
  return route === undefined || naming === undefined ? undefined : { route, naming };
};

/** The route in force at an instant: the one agreed last by then; undefined while none is. */
export const routeAt = (facts: Facts, at: Instant): RecordedOf<'RouteAgreed'> | undefined =>
  facts
    .of('RouteAgreed')
    .filter((event) => event.occurredAt <= at)
    .at(-1);

/** Whether a route can be sold: `unknown` where the offer, its version or its routes are. */
export type Sellability =
  | { readonly state: 'sellable' | 'unknown' }
  | {
      readonly state: 'unsellable';
      readonly route: RecordedOf<'RouteAgreed'>;
      readonly version: Published;
      readonly fault: 'route' | 'marketplace';
    };

const faultOf = (
  { data }: RecordedOf<'RouteAgreed'>,
  { data: offered }: Published,
): 'route' | 'marketplace' | undefined => {
  if (offered.routes.length === 0) return undefined;
  if (!offered.routes.includes(data.route)) return 'route';
  const { marketplace } = data;
  if (data.route !== 'marketplace' || marketplace === undefined || offered.marketplaces.length === 0) return undefined;
  return offered.marketplaces.includes(marketplace) ? undefined : 'marketplace';
};

/** The version as sold: the one named, else the newest that was published when route and offer were both agreed. */
const versionSold = (offer: Offer, { naming }: Agreed, { agreed, at }: { agreed: Instant; at: Instant }) => {
  const { offerVersion } = naming.data;
  return offerVersion === undefined ? versionAt(offer, agreed) : versionAt(offer, at, offerVersion);
};

/**
 * Whether, at an instant, the route agreed can be sold with the offer as sold (rule P5.3). A newer version published
 * since the agreement that sells the route mends it; one that drops the route changes nothing for what is sold.
 */
export const sellabilityAt = (facts: Facts, context: Pick<Context, 'offers'>, at: Instant): Sellability => {
  const both = agreedAt(facts, at);
  const offer = both === undefined ? undefined : context.offers.get(both.naming.data.offerId ?? '');
  if (both === undefined || offer === undefined) return { state: 'unknown' };
  const { route, naming } = both;
  const agreed = route.occurredAt > naming.occurredAt ? route.occurredAt : naming.occurredAt;
  const version = versionSold(offer, both, { agreed, at });
  if (version === undefined || version.data.routes.length === 0) return { state: 'unknown' };
  const fault = faultOf(route, version);
  const mended = offer.versions.some(
    (later) =>
      later.data.version > version.data.version &&
      later.occurredAt > agreed &&
      later.occurredAt <= at &&
      faultOf(route, later) === undefined,
  );
  return fault === undefined || mended ? { state: 'sellable' } : { state: 'unsellable', route, version, fault };
};
